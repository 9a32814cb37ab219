// Downloads of what the browser already has.

import { make } from "./dom.js"

/**
 * Download a text as a file.
 *
 * Its address is never revoked: iOS fetches the file only after the visitor has said yes. The
 * browser forgets it with the page.
 * @param {string} name of the file
 * @param {string} text
 */
export function saveText(name, text) {
  make("a", { download: name, href: URL.createObjectURL(new Blob([text])) }).click()
}
