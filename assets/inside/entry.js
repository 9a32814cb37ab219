// A number typed into a cell.

import { readNumber } from "../shared/number.js"

/** @typedef {{ value: number } | { problem: "empty" | "infinite" | "not_a_number" | "out_of_range" }} Entry */

/**
 * Read what was typed.
 * @param {string} typed
 * @param {number} limit the largest absolute value
 * @returns {Entry}
 */
export function readEntry(typed, limit) {
  const read = readNumber(typed)
  return "value" in read && Math.abs(read.value) > limit ? { problem: "out_of_range" } : read
}
