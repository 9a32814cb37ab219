// The curves of a run: which points they have, smoothed, and the point nearest to an epoch.

/** @typedef {import("./types.js").Point} Point */
/** @typedef {import("./types.js").Run} Run */
/** @typedef {import("./types.js").ChartSpec} ChartSpec */
/** @typedef {[epoch: number, value: number]} Place */

const SMOOTHING_EPOCHS = 0.08 // time constant of the smoothed curve
const LARGE = 101 // no percentage; from here on a value has no decimals that matter
const PLAIN = new Intl.NumberFormat("en", { maximumSignificantDigits: 4, useGrouping: false })
const HUGE = 1e5 // a training that diverges has such numbers
const MAX_READ_BEYOND_EPOCHS = 0.5 // so far beyond its last point a run is still read

/**
 * A metric of several points, without those that lack it.
 * @param {Point[]} points
 * @param {string} metric
 * @param {number} [shift] added to the epochs
 * @returns {Place[]}
 */
export function curveOf(points, metric, shift = 0) {
  return points
    .filter((point) => point[metric] != null)
    .map((point) => [point.epoch + shift, point[metric]])
}

/**
 * Means over whole epochs. A mean stands in the middle of its epoch, where it meets the curve of
 * the batches.
 * @param {Run} run
 * @param {string} metric
 * @returns {Place[]}
 */
export function epochMeans(run, metric) {
  return curveOf(run.epochs, metric, -0.5)
}

/**
 * Values that the tutorial published, one an epoch: means, so in the middle of each.
 * @param {number[]} values
 * @returns {Place[]}
 */
export function tutorialCurve(values) {
  return values.map((value, epoch) => [epoch + 0.5, value])
}

/**
 * An exponential moving average over points at any distance, without a bias towards the first.
 * @param {Place[]} places
 * @returns {Place[]}
 */
export function smoothed(places) {
  let [sum, weight, last] = [0, 0, 0]
  return places.map(([epoch, value]) => {
    const decay = Math.exp(-Math.max(epoch - last, 1e-6) / SMOOTHING_EPOCHS)
    last = epoch
    sum = sum * decay + value * (1 - decay)
    weight = weight * decay + 1 - decay
    return [epoch, sum / weight]
  })
}

/**
 * The point nearest to an epoch.
 * @param {Point[]} points in order, at least one
 * @param {number} epoch
 * @returns {Point}
 */
export function nearest(points, epoch) {
  let [low, high] = [0, points.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if (points[middle].epoch < epoch) low = middle + 1
    else high = middle
  }
  const before = points[low - 1]
  return before && epoch - before.epoch < points[low].epoch - epoch ? before : points[low]
}

/**
 * The point of a run at an epoch; undefined if the run has not come that far.
 * @param {Run} run
 * @param {number} epoch
 * @returns {Point | undefined}
 */
export function pointAt(run, epoch) {
  const last = run.batches.at(-1)
  if (!last || epoch > last.epoch + MAX_READ_BEYOND_EPOCHS) return undefined
  return nearest(run.batches, epoch)
}

/**
 * A value as it is shown, with its unit.
 * @param {number} value
 * @param {{ decimals: number | null, unit: string }} format
 * @returns {string}
 */
export function valueText(value, { decimals, unit }) {
  const isShort = decimals === null || Math.abs(value) >= LARGE
  const number = isShort ? compact(value) : value.toFixed(decimals)
  return unit ? `${number} ${unit}` : number
}

/**
 * A number with four significant digits, short enough to stand at an axis; a small one is written
 * plainly, not as 8e-9.
 * @param {number} value
 * @returns {string}
 */
export function compact(value) {
  if (Math.abs(value) >= HUGE) return value.toExponential(1)
  return PLAIN.format(Number(value.toPrecision(4)) + 0) // without the sign of -0
}
