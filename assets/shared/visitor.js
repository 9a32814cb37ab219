// Remembers a visitor whose browser sends no cookie, as in a frame of another site.

/**
 * The key of this page, by name: the server may restart while the page is open.
 * @type {Record<string, string>}
 */
const ofThisPage = {}

/**
 * Store the visitor's key, or else the one that this page or another tab has stored already; tell
 * the server which, and where, unless it knows.
 * @param {import("./component.js").Arguments} arguments_ data, in a list: the name of the key, the
 *   key, and the place where the server believes it to be
 */
export default function ({ data: [{ name, key, place }], setTriggerValue }) {
  const known = ofThisPage[name] ?? read(name)
  const kept = /^[0-9a-f]{32}$/.test(known) ? known : key
  ofThisPage[name] = kept
  const found = { key: kept, place: store(name, kept) ? "storage" : "nowhere" }
  if (found.key !== key || found.place !== place) setTriggerValue("found", found)
}

/**
 * @param {string} name
 * @returns {string} empty if nothing is stored, or nothing can be
 */
function read(name) {
  try {
    return localStorage.getItem(name) ?? ""
  } catch {
    return ""
  }
}

/**
 * @param {string} name
 * @param {string} key
 * @returns {boolean} whether it is stored
 */
function store(name, key) {
  try {
    localStorage.setItem(name, key)
    return localStorage.getItem(name) === key
  } catch {
    return false
  }
}
