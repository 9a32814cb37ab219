// Numbers as people type them.

/** @typedef {{ value: number } | { problem: "empty" | "not_a_number" | "out_of_range" }} Entry */

/**
 * Read what was typed; a comma is a decimal point.
 * @param {string} typed without blanks around it
 * @param {number} limit the largest absolute value
 * @returns {Entry}
 */
export function readEntry(typed, limit) {
  if (typed === "") return { problem: "empty" }
  const value = Number(typed.replace(",", "."))
  if (!Number.isFinite(value)) return { problem: "not_a_number" }
  return Math.abs(value) > limit ? { problem: "out_of_range" } : { value }
}
