// Digits that a network misread, as images; a click on one asks the server to have it read.

import { mounted } from "../shared/component.js"
import { paintDigit } from "../shared/digit_image.js"
import { find, make } from "../shared/dom.js"
import { percent } from "../shared/percent.js"
import { bytes } from "../shared/float32.js"
import { fill } from "../shared/text.js"

/**
 * @typedef {object} Mistake
 * @property {number} index of the image in the test set
 * @property {number} label the right answer
 * @property {number} answer of the network
 * @property {number} confidence from 0 to 1
 */

/**
 * @typedef {object} MistakesData
 * @property {Record<string, string>} text
 * @property {import("./types.js").Palette} palette
 * @property {Mistake[]} mistakes
 * @property {string} images of the mistakes, base64
 * @property {number | null} focus index of the mistake to go to when the list appears
 */

class Mistakes {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.list = find(root, "ol")
    this.signature = "" // of the data that is shown
  }

  /**
   * @param {MistakesData} data
   * @param {import("../shared/component.js").Send} send
   */
  update({ focus, ...data }, send) {
    const signature = JSON.stringify(data)
    if (signature === this.signature) return
    const appears = this.signature === ""
    this.signature = signature
    const { text, palette, mistakes } = data
    const images = bytes(data.images)
    this.list.setAttribute("aria-label", text.list)
    this.list.replaceChildren(...mistakes.map((mistake, place) => {
      const canvas = make("canvas", { "aria-hidden": "true" })
      paintDigit(canvas, images, place, palette)
      const item = make("li")
      item.append(this.button(mistake, canvas, text, send))
      return item
    }))
    if (appears && focus !== null) this.goTo(focus)
  }

  /**
   * Go to a mistake, that the visitor has come back from.
   * @param {number} index of the image in the test set
   */
  goTo(index) {
    const button = /** @type {HTMLElement | null} */ (
      this.list.querySelector(`[data-index="${index}"]`)
    )
    button?.scrollIntoView({ block: "center" })
    button?.focus({ preventScroll: true })
  }

  /**
   * @param {Mistake} mistake
   * @param {HTMLCanvasElement} canvas
   * @param {Record<string, string>} text
   * @param {import("../shared/component.js").Send} send
   */
  button({ index, label, answer, confidence }, canvas, text, send) {
    const values = { index, label, answer, confidence: percent(confidence) }
    const answers = make("b")
    answers.textContent = fill(text.answers, values)
    const certainty = make("span")
    certainty.textContent = fill(text.confidence, values)
    const button = make("button", { type: "button", "data-index": index })
    button.setAttribute("aria-label", fill(text.mistake, values))
    button.addEventListener("click", () => send("opened", index))
    button.append(canvas, answers, certainty)
    return button
  }
}

export default mounted(Mistakes)
