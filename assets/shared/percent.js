// Confidence in whole percent, rounded in one way everywhere.

const MAX_PERCENT = 99 // no network is certain

/**
 * A probability in whole percent, rounded down, at most 99.
 * @param {number} probability from 0 to 1
 * @returns {number}
 */
export function percent(probability) {
  return Math.min(Math.floor(100 * probability), MAX_PERCENT)
}
