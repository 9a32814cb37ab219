// Remembers the visitor for a year, in this app only.

const YEAR = 31536000 // seconds

/**
 * Write the visitor's key into a cookie. Another tab may have done so since this one was opened:
 * then the server gets that key.
 * @param {import("./component.js").Arguments} arguments_ data: name and value of the cookie
 */
export default function ({ data, setTriggerValue }) {
  const kept = cookie(data.name)
  if (/^[0-9a-f]{32}$/.test(kept) && kept !== data.value) return setTriggerValue("kept", kept)
  const secure = location.protocol === "https:" ? "; Secure" : ""
  document.cookie = `${data.name}=${data.value}; Max-Age=${YEAR}; Path=/; SameSite=Lax${secure}`
}

/**
 * The value of a cookie, empty if there is no such cookie.
 * @param {string} name
 * @returns {string}
 */
function cookie(name) {
  const pairs = document.cookie.split("; ").map((pair) => pair.split("="))
  return pairs.find(([each]) => each === name)?.[1] ?? ""
}
