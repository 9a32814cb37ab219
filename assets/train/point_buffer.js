// What the browser has of the curves, of the sample digits and of the words beside them. The server sends what it does not
// know to be here, so the browser acknowledges what it has from time to time.

import { bytes } from "../shared/float32.js"

/** @typedef {import("./types.js").LiveData} LiveData */
/** @typedef {import("./types.js").SentRun} SentRun */
/** @typedef {import("./types.js").Run} Run */
/** @typedef {import("./types.js").Point} Point */
/** @typedef {import("./types.js").Words} Words */

// From so many points on an update is acknowledged; until then they are sent again with the next.
const MIN_POINTS_TO_ACKNOWLEDGE = 40

/** Points, images and words, which stay when the visitor goes to another page and comes back. */
export class PointBuffer {
  constructor() {
    /** @type {Map<string, Point[]>} by the name of a curve */
    this.points = new Map()
    /** @type {Map<string, { images: Uint8Array, labels: number[] }>} by the name of a source */
    this.digits = new Map()
    /** @type {Map<string, Words>} by their name */
    this.words = new Map()
  }

  /**
   * Add what is new, and forget the curves that are not shown any more.
   * @param {LiveData} data
   * @returns {{ complete: boolean, acknowledgement: Record<string, number> | null }} whether all
   *   points, images and words are here, and what to send to the server, if anything
   */
  receive({ runs, columns, digits, words }) {
    this.forgetAllBut(runs.map((run) => run.curve))
    const { source, images, labels } = digits
    if (images && labels) this.digits.set(source, { images: bytes(images), labels })
    const { name, text, terms, charts } = words
    if (text && terms && charts) this.words.set(name, { text, terms, charts })
    const haveRest = (!source || this.digits.has(source)) && this.words.has(name)
    const complete = runs.map((run) => this.add(run, columns)).every(Boolean) && haveRest
    const many = runs.some((run) => run.points.length >= MIN_POINTS_TO_ACKNOWLEDGE)
    const due = !complete || many || images !== undefined || text !== undefined
    return { complete, acknowledgement: due ? this.counts(runs, source, name) : null }
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
   * What is here: the number of points of each curve, and 1 for images and for words.
   * @param {SentRun[]} runs
   * @param {string} source of images
   * @param {string} words their name
   * @returns {Record<string, number>}
   */
  counts(runs, source, words) {
    const counts = runs.map(({ curve }) => [curve, this.points.get(curve)?.length ?? 0])
    if (this.digits.has(source)) counts.push([`digits/${source}`, 1])
    if (this.words.has(words)) counts.push([`words/${words}`, 1])
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
