// Numbers as people type, copy and paste them; `rnn_demo/formats/numbers.py` reads them alike.
// A point or a comma stands before the decimals; a comma never groups thousands.

/** @typedef {{ value: number } | { problem: "empty" | "infinite" | "not_a_number" }} Read */

const SIGNS = new Map([..."\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d\uff0b\uff0e\uff0c\uff1b\u066b\u060c\u061b"]
  .map((sign, i) => [sign, "-------+.,;.,;"[i]]))
const INVISIBLE = /[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g
const DIGIT = /\p{Nd}/u
const NUMBER = /^[-+]?(\d+([.,]\d*)?|[.,]\d+)(e[-+]?\d+)?$/i
const INFINITY = /^[-+]?(inf|infinity|∞)$/i

/**
 * The text with ASCII signs and digits, and without invisible characters.
 * @param {string} text
 * @returns {string}
 */
export function plain(text) {
  const signs = Array.from(text.replace(INVISIBLE, ""), (each) => SIGNS.get(each) ?? each).join("")
  return signs.replace(/\p{Nd}/gu, digitOf)
}

/**
 * The number that a visitor wrote. One that is too large for a float is infinite.
 * @param {string} text blanks around the number do not count
 * @returns {Read}
 */
export function readNumber(text) {
  const number = plain(text).trim()
  if (!number) return { problem: "empty" }
  if (!NUMBER.test(number)) return { problem: INFINITY.test(number) ? "infinite" : "not_a_number" }
  return { value: Number(number.replace(",", ".")) }
}

/**
 * Whether a key is the first character of a number.
 * @param {string} key as `KeyboardEvent.key` has it
 * @returns {boolean}
 */
export function startsNumber(key) {
  return /^[-+\d.,]$/.test(plain(key))
}

/**
 * The ASCII digit of a decimal digit: every script has its ten side by side, from zero to nine.
 * @param {string} digit
 * @returns {string}
 */
function digitOf(digit) {
  const code = /** @type {number} */ (digit.codePointAt(0))
  let first = code
  while (DIGIT.test(String.fromCodePoint(first - 1))) first -= 1
  return String((code - first) % 10)
}
