// Remembers the visitor for a year, in this app only.

const MAX_AGE_S = 31536000

/**
 * Store the visitor's key in a cookie. If another tab has stored a key since this page was opened,
 * send that one to the server instead.
 * @param {import("./component.js").Arguments} arguments_ data: name and value of the cookie
 */
export default function ({ data, setTriggerValue }) {
  const existing = cookie(data.name)
  if (/^[0-9a-f]{32}$/.test(existing) && existing !== data.value) {
    return setTriggerValue("existing", existing)
  }
  const secure = location.protocol === "https:" ? "; Secure" : ""
  document.cookie =
    `${data.name}=${data.value}; Max-Age=${MAX_AGE_S}; Path=/; SameSite=Lax${secure}`
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
