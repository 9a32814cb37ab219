// The order of the classes by probability, and the places of their labels.

/**
 * The classes, most probable first; equal ones in their own order.
 * @param {ArrayLike<number>} probabilities
 * @returns {number[]}
 */
export function ranked(probabilities) {
  const classes = Array.from(probabilities, (_, digit) => digit)
  return classes.sort((a, b) => probabilities[b] - probabilities[a])
}

/**
 * Positions pushed apart so that neighbours keep a distance, all above the limit if they fit.
 * @param {readonly number[]} positions in ascending order, from the top
 * @param {number} distance
 * @param {number} limit the last position does not exceed it
 * @returns {number[]}
 */
export function spread(positions, distance, limit) {
  const places = [...positions]
  for (let i = 1; i < places.length; i++) places[i] = Math.max(places[i], places[i - 1] + distance)
  const last = places.length - 1
  if (last >= 0) places[last] = Math.min(places[last], limit)
  for (let i = last - 1; i >= 0; i--) places[i] = Math.min(places[i], places[i + 1] - distance)
  return places
}

/**
 * The cell at a position along an axis; positions beyond the axis belong to its nearest cell.
 * @param {number} fraction of the axis, 0 to 1
 * @param {number} count of cells
 * @returns {number} 0-based
 */
export function cellAt(fraction, count) {
  return Math.min(Math.max(Math.floor(fraction * count), 0), count - 1)
}
