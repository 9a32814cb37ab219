// Remember the visitor for a year, in this app only. Another tab may have done so since this one
// was opened: then the server is told who the visitor is.
export default function ({ data, setTriggerValue }) {
  const cookies = new Map(document.cookie.split("; ").map((cookie) => cookie.split("=")))
  const kept = cookies.get(data.name)
  if (/^[0-9a-f]{32}$/.test(kept) && kept !== data.value) return setTriggerValue("kept", kept)
  const secure = location.protocol === "https:" ? "; Secure" : ""
  document.cookie = `${data.name}=${data.value}; Max-Age=31536000; Path=/; SameSite=Lax${secure}`
}
