// What the browser has of the curves and of the sample digits. The server sends what it does not
// know to be here, so the browser acknowledges what it has from time to time.

import { bytes } from "../shared/float32.js"

/** @typedef {import("./types.js").LiveData} LiveData */
/** @typedef {import("./types.js").SentRun} SentRun */
/** @typedef {import("./types.js").Run} Run */
/** @typedef {import("./types.js").Point} Point */

// From so many points on an update is acknowledged; until then they are sent again with the next.
const MIN_POINTS_TO_ACKNOWLEDGE = 40

/** Points and images, which stay when the visitor goes to another page and comes back. */
export class PointBuffer {
  constructor() {
    /** @type {Map<string, Point[]>} by the name of a curve */
    this.points = new Map()
    /** @type {Map<string, { images: Uint8Array, labels: number[] }>} by the name of a source */
    this.digits = new Map()
  }

  /**
   * Add what is new, and forget the curves that are not shown any more.
   * @param {LiveData} data
   * @returns {{ complete: boolean, acknowledgement: Record<string, number> | null }} whether all
   *   points and images are here, and what to send to the server, if anything
   */
  receive({ runs, columns, digits }) {
    this.forgetAllBut(runs.map((run) => run.curve))
    const { source, images, labels } = digits
    if (images && labels) this.digits.set(source, { images: bytes(images), labels })
    const haveDigits = !source || this.digits.has(source)
    const complete = runs.map((run) => this.add(run, columns)).every(Boolean) && haveDigits
    const many = runs.some((run) => run.points.length >= MIN_POINTS_TO_ACKNOWLEDGE)
    const due = !complete || many || images !== undefined
    return { complete, acknowledgement: due ? this.counts(runs, source) : null }
  }

  /** @param {string[]} shown names of curves */
  forgetAllBut(shown) {
    for (const curve of this.points.keys()) if (!shown.includes(curve)) this.points.delete(curve)
  }

  /**
   * Put the points of a run where they belong.
   * @param {SentRun} run
   * @param {string[]} columns
   * @returns {boolean} false if points before them are missing
   */
  add({ curve, base, points }, columns) {
    const buffered = this.points.get(curve) ?? []
    if (base > buffered.length) return false
    buffered.length = base
    for (const row of points) {
      buffered.push(Object.fromEntries(columns.map((name, i) => [name, row[i]])))
    }
    this.points.set(curve, buffered)
    return true
  }

  /**
   * What is here: the number of points of each curve, and 1 for the images of a source.
   * @param {SentRun[]} runs
   * @param {string} source
   * @returns {Record<string, number>}
   */
  counts(runs, source) {
    const counts = runs.map(({ curve }) => [curve, this.points.get(curve)?.length ?? 0])
    if (this.digits.has(source)) counts.push([`digits/${source}`, 1])
    return Object.fromEntries(counts)
  }

  /**
   * A run with its points, as it is drawn.
   * @param {SentRun} run
   * @returns {Run}
   */
  drawable({ curve, name, colour, test_accuracy, changes }) {
    const points = this.points.get(curve) ?? []
    return {
      curve,
      name,
      colour,
      test_accuracy,
      changes,
      batches: points.filter((point) => !point.epoch_done),
      epochs: points.filter((point) => point.epoch_done),
    }
  }
}
