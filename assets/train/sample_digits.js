// The first test digits, what the network reads each as, and how confident it is.

import { paintDigit } from "../shared/digit_image.js"
import { find, make } from "../shared/dom.js"
import { fill } from "../shared/text.js"

/** @typedef {import("./types.js").Point} Point */
/** @typedef {import("./types.js").Palette} Palette */

export class SampleDigits {
  /** @param {Element} section */
  constructor(section) {
    this.title = find(section, "h3")
    this.list = find(section, "ol")
    /** @type {number[]} the right answers */
    this.labels = []
    this.painted = "" // what was painted last: images and background
  }

  /**
   * Paint the images, unless they are painted already.
   * @param {string} source name of the images
   * @param {{ images: Uint8Array, labels: number[] } | undefined} digits
   * @param {Palette} palette
   */
  paint(source, digits, palette) {
    const wanted = `${source} ${palette.background}`
    if (!digits || wanted === this.painted) return
    this.painted = wanted
    this.labels = digits.labels
    this.list.replaceChildren(...digits.labels.map((_, index) => {
      const canvas = make("canvas", { "aria-hidden": "true" })
      paintDigit(canvas, digits.images, index, palette)
      const track = make("span", { class: "track", "aria-hidden": "true" })
      track.append(make("i"))
      const item = make("li")
      item.append(canvas, make("b"), make("span", { class: "confidence" }), track)
      return item
    }))
  }

  /**
   * Show the answers of a point.
   * @param {Point | undefined} point undefined before the first one
   * @param {Record<string, string>} text
   */
  show(point, text) {
    const answers = point?.answers ?? []
    const n = this.labels.filter((label, index) => label === answers[index]).length
    this.title.textContent = point
      ? fill(text.sample_digits_at, { epoch: Number(point.epoch.toFixed(2)), n, total: this.labels.length })
      : text.sample_digits_before
    Array.from(this.list.children).forEach((item, index) => {
      const confidence = point?.confidence?.[index] ?? 0 // percent
      this.showAnswer(item, this.labels[index], answers[index], confidence, text)
    })
  }

  /**
   * @param {Element} item
   * @param {number} label the right answer
   * @param {number | undefined} answer of the network
   * @param {number} confidence percent
   * @param {Record<string, string>} text
   */
  showAnswer(item, label, answer, confidence, text) {
    const known = answer !== undefined
    const wrong = known && answer !== label
    item.classList.toggle("wrong", wrong)
    find(item, "b").textContent = known
      ? fill(wrong ? text.wrong_answer : text.right_answer, { answer })
      : "?"
    find(item, ".confidence").textContent = known
      ? fill(wrong ? text.wrong_confidence : text.right_confidence, { confidence, label })
      : ""
    find(item, "i").style.width = `${confidence}%`
  }
}
