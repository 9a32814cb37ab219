// The order of the classes by probability, what is said of it, and which labels have room.

import { percent } from "../shared/percent.js"

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
 * The guesses of a network in their order: a new one for each change of mind.
 * @param {readonly ArrayLike<number>[]} rows the class probabilities after each row
 * @param {number} least percent: a less probable best guess is none
 * @returns {number[]}
 */
export function guessesOf(rows, least) {
  const guesses = rows
    .map((probabilities) => ({ probabilities, digit: ranked(probabilities)[0] }))
    .filter(({ probabilities, digit }) => percent(probabilities[digit]) >= least)
    .map(({ digit }) => digit)
  return guesses.filter((digit, i) => digit !== guesses[i - 1])
}

/**
 * The labels that have room beside their lines; the others would have to be moved away from them.
 * @param {readonly number[]} places of all labels, the most important first
 * @param {number} distance between two labels
 * @returns {number[]} the positions in `places` of the labels to show
 */
export function withRoom(places, distance) {
  /** @type {number[]} */
  const shown = []
  places.forEach((place, i) => {
    if (shown.every((other) => Math.abs(places[other] - place) >= distance)) shown.push(i)
  })
  return shown
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
