// The scales of an axis: where a value lies, where the ticks are, which range is shown.

/**
 * A scale of an axis.
 * @typedef {object} Scale
 * @property {(value: number) => number} to place of a value; equal distances look equally long
 * @property {(low: number, high: number, most: number) => number[]} ticks about `most` of them
 * @property {(lowest: number, highest: number) => [number, number]} [range] that shows these
 *   values; without it the axis decides
 */

const MOST = 0.9 // of a curve; an axis may cut off the rest, such as its steep beginning
const MIN_LOG_VALUE = 1e-7 // shown for 0, which has no logarithm
const ERROR_TICKS = [0, 50, 80, 90, 95, 98, 99, 99.5, 99.8, 99.9] // percent
const MAX_ACCURACY = 99.98 // percent; shown for 100, where no error is left

/** @type {Scale} */
export const linear = { to: (value) => value, ticks: linearTicks }

/** @type {Scale} */
export const logarithmic = {
  to: (value) => Math.log10(Math.max(value, MIN_LOG_VALUE)),
  ticks: logTicks,
  range: (lowest, highest) => [
    Math.max(lowest, MIN_LOG_VALUE) * 0.85,
    Math.max(highest, MIN_LOG_VALUE) * 1.15,
  ],
}

/**
 * Accuracy by its share of errors: 90, 99 and 99.9 % are equally far apart.
 * @type {Scale}
 */
export const byErrors = {
  to: (value) => -Math.log10(100 - Math.min(value, MAX_ACCURACY)),
  ticks: (low, high) => ERROR_TICKS.filter((tick) => tick >= low && tick <= high),
  range: (lowest, highest) => [
    Math.max(lowest - 5, 0),
    Math.min(highest + (100 - highest) / 2, MAX_ACCURACY),
  ],
}

/**
 * Round numbers from low to high.
 * @param {number} low
 * @param {number} high
 * @param {number} most about as many of them
 * @returns {number[]}
 */
export function linearTicks(low, high, most) {
  const step = niceStep((high - low) / most)
  const first = Math.ceil(low / step - 1e-9)
  const count = Math.floor(high / step + 1e-9) - first + 1
  return Array.from({ length: count }, (_, i) => Number(((first + i) * step).toPrecision(12)))
}

/**
 * The smallest of 1, 2, 5, 10, 20, 50, ... (and of 0.1, 0.2, ...) that is not below a number.
 * @param {number} rough
 * @returns {number}
 */
function niceStep(rough) {
  const power = 10 ** Math.floor(Math.log10(rough))
  return power * ([1, 2, 5].find((step) => step * power >= rough * (1 - 1e-9)) ?? 10)
}

/**
 * 1, 2 and 5 times powers of ten from low to high; powers of ten only if these are too many.
 * @param {number} low
 * @param {number} high
 * @param {number} most about as many of them
 * @returns {number[]}
 */
export function logTicks(low, high, most) {
  const ticks = []
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
    for (const step of [1, 2, 5]) ticks.push(Number(`${step}e${power}`))
  }
  const inside = ticks.filter((tick) => tick >= low * 0.999 && tick <= high * 1.001)
  const tens = inside.filter((tick) => tick.toExponential().startsWith("1e"))
  return inside.length > most + 2 && tens.length > 1 ? tens : inside
}

/**
 * The range of an axis: the usual one while it shows most of every curve and the end of each, else
 * one that does.
 * @param {number[][]} curves the values of each curve, in their order
 * @param {object} axis
 * @param {[number, number] | null} axis.usual
 * @param {[number, number | null]} axis.limits
 * @param {Scale} scale
 * @param {boolean} zoomed whether the axis has to fit the values more closely
 * @returns {[number, number]}
 */
export function rangeOf(curves, { usual, limits }, scale, zoomed) {
  const finite = curves.map((values) => values.filter(Number.isFinite)).filter((each) => each.length)
  if (!finite.length) return usual ?? [0, 1]
  const all = finite.flat()
  if (scale.range) return scale.range(quantile(all, 0), quantile(all, 1))
  if (zoomed) return closeRange(all, usual !== null, limits)
  const lows = finite.map((values) => Math.min(quantile(values, 1 - MOST), values[values.length - 1]))
  const highs = finite.map((values) => Math.max(quantile(values, MOST), values[values.length - 1]))
  const [low, high] = [Math.min(...lows), Math.max(...highs)]
  if (!usual) return [0, niceCeiling(Math.max(quantile(all, 0.99), high)) || 1]
  return [
    low < usual[0] ? limits[0] : usual[0],
    high > usual[1] ? Math.min(coarseCeiling(high), limits[1] ?? Infinity) : usual[1],
  ]
}

/**
 * A range that fits values closely, but for outliers.
 * @param {number[]} values
 * @param {boolean} floats whether it may begin above the lower limit
 * @param {[number, number | null]} limits
 * @returns {[number, number]}
 */
function closeRange(values, floats, limits) {
  const low = floats ? quantile(values, 0.01) : 0
  const high = quantile(values, 0.99)
  const margin = 0.08 * (high - low) || 0.1 * Math.abs(low) || 1
  return [Math.max(low - margin, limits[0]), Math.min(high + margin, limits[1] ?? Infinity)]
}

/**
 * The value that a share of the values does not exceed.
 * @param {number[]} values at least one
 * @param {number} fraction
 * @returns {number}
 */
function quantile(values, fraction) {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(fraction * (sorted.length - 1))]
}

/**
 * A round number that is not below a value, such as 3 for 2.2; 0 for 0.
 * @param {number} value
 * @returns {number}
 */
function niceCeiling(value) {
  if (!value) return 0
  const step = niceStep(value / 4)
  return Number((Math.ceil(value / step - 1e-9) * step).toPrecision(12))
}

/**
 * The smallest of 1, 2.5, 5, 10, 25, ... that is not below a value: an axis seldom changes.
 * @param {number} value
 * @returns {number}
 */
function coarseCeiling(value) {
  const power = 10 ** Math.floor(Math.log10(value))
  return power * ([1, 2.5, 5].find((step) => step * power >= value) ?? 10)
}
