// Arrays as `rnn_demo.formats.float32` encodes them.

/**
 * Bytes from base64.
 * @param {string} text
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function bytes(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
}

/**
 * Arrays of numbers, by name.
 * @template {string} Name
 * @param {Record<Name, string>} arrays little-endian float32 in base64, by name
 * @returns {Record<Name, Float32Array>}
 */
export function unpack(arrays) {
  const decoded = Object.entries(arrays).map(([name, text]) => [name, floats(String(text))])
  return Object.fromEntries(decoded)
}

/**
 * Little-endian float32 numbers from base64.
 * @param {string} text
 * @returns {Float32Array}
 */
function floats(text) {
  return new Float32Array(bytes(text).buffer)
}
