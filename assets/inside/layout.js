// Where every matrix of the unrolled network stands and how large its cells are.

import { range, written } from "./cells.js"

/** @typedef {import("./cells.js").Payload} Payload */

/** @typedef {{ id: string, t: number, x: number, y: number, rows: number[], cols: number, cell: number }} Place */

/**
 * @typedef {object} Layout in pixels
 * @property {Place[]} places of the matrices; cell: the width of a cell
 * @property {number} cellHeight
 * @property {number} width
 * @property {number} height
 * @property {number} unit size of the page's type, 1 for the usual one
 * @property {number} end room at the right of a step, where its bias comes in
 * @property {number} pinned width of the column of the weights
 * @property {boolean} isPinned whether that column stays in sight while the steps scroll
 */

// Pixels where the page's type has its usual size of 16.
const USUAL_SIZE = 16
const GAP = { across: 44, wide: 110, title: 18, down: 54, weights: 6, end: 44, top: 20, line: 16 }
const CELL = { least: 14, most: 58, input: 28, low: 24, high: 30 }
const CHARACTER = 6.5 // of a number in a cell
const LETTER = 6 // of a title
const PADDING = 8 // of a cell
const PINNED = 152 // wide enough for the titles of the weights
const COMFORTABLE_HEIGHT = 268

export const MANY_NEURONS = 9 // from here on numbers are not shown until they are asked for

/**
 * The layout: cells as wide as there is room for, but wide enough for their numbers. Only a
 * network of many neurons gets smaller cells while its numbers are not shown.
 * @param {Payload} data
 * @param {object} options
 * @param {number[]} options.rows examples to show
 * @param {boolean} options.numbers whether the cells hold their numbers
 * @param {number} options.width pixels
 * @param {number} [options.size] pixels of the page's type
 * @param {number} [options.zoom] of the numbers and titles beyond that
 * @returns {Layout}
 */
export function layoutOf(data, { rows, numbers, width, size = USUAL_SIZE, zoom = 1 }) {
  const { n_steps: steps, n_neurons: neurons, n_inputs: inputs } = data
  const unit = size / USUAL_SIZE
  const gap = scaled(GAP, unit)
  const { cell, input } = cellWidths(data, { numbers, width, unit, zoom })
  const column = Math.max(neurons * cell, inputs * input)
  const pinned = Math.max(PINNED * unit * zoom, neurons * cell + 4)
  const across = clamp(Math.floor((width - pinned - gap.end) / steps - column), gap.across, gap.wide)
  const isLongTitle = data.titles.hx.length * LETTER * unit * zoom > pinned
  const above = gap.top + (isLongTitle ? gap.line * zoom : 0)
  const nRows = rows.length + neurons + 1 + inputs
  const titles = above + 3 * (gap.title + gap.weights)
  const fits = Math.floor((COMFORTABLE_HEIGHT * unit - titles) / nRows)
  const isSmall = cell < CELL.input * unit
  const cellHeight = isSmall ? Math.max(CELL.least, cell * 0.7) : clamp(fits, CELL.low * unit, CELL.high * unit)

  const block = rows.length * cellHeight
  const weights = (neurons + 1 + inputs) * cellHeight + 3 * (gap.title + gap.weights)
  const down = Math.max(gap.down, (weights - block) / 2 - gap.title)
  const [top, middle, bottom] = [0, 1, 2].map((i) => above + i * (block + down))
  /** @param {number} t */
  const left = (t) => pinned + across + t * (column + across)
  /** @type {Place[]} */
  const places = [{ id: "hx", t: -1, x: 2, y: top, rows, cols: neurons, cell }]
  let y = top + block + gap.title + gap.weights
  for (const [id, count] of /** @type {[string, number][]} */ ([["Wy", neurons], ["b", 1], ["Wx", inputs]])) {
    places.push({ id, t: -1, x: 2, y, rows: range(count), cols: neurons, cell })
    y += count * cellHeight + gap.title + gap.weights
  }
  for (const t of range(steps)) {
    const [centre, centreOfInputs] = [neurons * cell, inputs * input].map((it) => left(t) + (column - it) / 2)
    places.push(
      { id: `Y${t}`, t, x: centre, y: top, rows, cols: neurons, cell },
      { id: `z${t}`, t, x: centre, y: middle, rows, cols: neurons, cell },
      { id: `X${t}`, t, x: centreOfInputs, y: bottom, rows, cols: inputs, cell: input },
    )
  }
  return {
    places,
    cellHeight,
    width: left(steps - 1) + column + gap.end,
    height: Math.max(bottom + block, y - gap.title - gap.weights) + 4,
    unit,
    end: gap.end,
    pinned,
    isPinned: left(0) + column <= width,
  }
}

/**
 * The widths of a cell of the states and weights, and of a cell of the inputs.
 * @param {Payload} data
 * @param {{ numbers: boolean, width: number, unit: number, zoom: number }} options
 * @returns {{ cell: number, input: number }}
 */
function cellWidths(data, { numbers, width, unit, zoom }) {
  const { n_steps: steps, n_neurons: neurons, n_inputs: inputs } = data
  const room = width - steps * GAP.across * unit - GAP.end * unit
  const fits = Math.floor(room / ((steps + 1) * neurons))
  const { state, input } = numbers || neurons < MANY_NEURONS ? widthsOfNumbers(data, unit * zoom) : smallest(unit)
  const cell = clamp(fits, state, Math.max(state, CELL.most * unit))
  const pinned = Math.max(PINNED * unit * zoom, neurons * cell)
  const fitsInput = Math.floor((room - pinned) / (steps * inputs))
  return { cell, input: clamp(fitsInput, input, Math.max(cell, input)) }
}

/** @param {number} unit */
function smallest(unit) {
  return { state: CELL.least * unit, input: CELL.least * unit }
}

/**
 * How wide cells have to be for the longest of their numbers.
 * @param {Pick<Payload, "tensors">} data
 * @param {number} unit
 * @returns {{ state: number, input: number }}
 */
function widthsOfNumbers({ tensors }, unit) {
  /** @param {string[]} names */
  const longest = (names) =>
    Math.max(...names.flatMap((name) => [...tensors[name]].map((value) => written(value, name).length)))
  /** @param {number} characters */
  const pixels = (characters) => Math.ceil((characters * CHARACTER + PADDING) * unit)
  return {
    state: pixels(longest(["hx", "Wx", "Wy", "b", "input", "z", "Y"])),
    input: Math.max(CELL.input * unit, pixels(longest(["X"]))),
  }
}

/**
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high)
}

/**
 * @template {Record<string, number>} Lengths
 * @param {Lengths} lengths
 * @param {number} unit
 * @returns {Lengths}
 */
function scaled(lengths, unit) {
  const pairs = Object.entries(lengths).map(([name, length]) => [name, length * unit])
  return Object.fromEntries(pairs)
}
