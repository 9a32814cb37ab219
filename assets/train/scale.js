// The scales of an axis: where a value lies, where the ticks are, which range is shown.

/**
 * A scale of an axis.
 * @typedef {object} Scale
 * @property {(value: number) => number} to place of a value; equal distances look equally long
 * @property {(low: number, high: number, most: number) => number[]} ticks about `most` of them
 * @property {(lowest: number, highest: number) => [number, number]} [range] that shows these
 *   values; without it the axis decides
 */

const MIN_VALUES_TO_RESCALE = 8 // fewer say too little to change an axis
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
 * The range of an axis: the usual one while most of the values lie in it, else one that fits.
 * @param {number[]} values
 * @param {object} axis
 * @param {[number, number] | null} axis.usual
 * @param {[number, number | null]} axis.limits
 * @param {Scale} scale
 * @param {boolean} zoomed whether the axis has to fit the values more closely
 * @returns {[number, number]}
 */
export function rangeOf(values, { usual, limits }, scale, zoomed) {
  const finite = values.filter(Number.isFinite).sort((a, b) => a - b)
  /** @param {number} fraction */
  const quantile = (fraction) => finite[Math.floor(fraction * (finite.length - 1))]
  if (!finite.length) return usual ?? [0, 1]
  if (scale.range) return scale.range(quantile(0), quantile(1))
  if (usual && !zoomed) {
    const median = quantile(0.5)
    const fits = finite.length < MIN_VALUES_TO_RESCALE || (median >= usual[0] && median <= usual[1])
    return fits ? usual : [limits[0], niceCeiling(Math.max(quantile(1), usual[1]))]
  }
  const low = usual ? quantile(0.01) : 0
  const high = quantile(0.99)
  const margin = 0.08 * (high - low) || 0.1 * Math.abs(low) || 1
  return [Math.max(low - margin, limits[0]), Math.min(high + margin, limits[1] ?? Infinity)]
}

/**
 * A round number that is not below a value.
 * @param {number} value
 * @returns {number}
 */
function niceCeiling(value) {
  const step = niceStep(value / 4)
  return Math.ceil(value / step - 1e-9) * step
}
