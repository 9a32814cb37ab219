// Remember the visitor for a year, in this app only.
export default function ({ data }) {
  const secure = location.protocol === "https:" ? "; Secure" : ""
  document.cookie = `${data.name}=${data.value}; Max-Age=31536000; Path=/; SameSite=Lax${secure}`
}
