// The images of a batch, to choose one of them.

import { paintDigit } from "../shared/digit_image.js"
import { find, make, setPressed } from "../shared/dom.js"
import { fill } from "../shared/text.js"

const COLUMNS = 8
/** @type {Record<string, number>} */
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -COLUMNS, ArrowDown: COLUMNS }

export class Sheet {
  /**
   * @param {HTMLElement} element
   * @param {(image: number) => void} choose is called with the index of the image
   */
  constructor(element, choose) {
    this.group = find(element, ".sheet")
    this.hover = find(element, ".hover")
    this.choose = choose
    /** @type {HTMLButtonElement[]} */
    this.buttons = []
    this.group.addEventListener("keydown", (event) => this.key(event))
    this.group.addEventListener("pointerleave", () => this.describe(""))
  }

  /**
   * @param {Uint8Array} images
   * @param {number[]} labels
   * @param {{ background: string, text: string }} palette
   * @param {Record<string, string>} text
   */
  update(images, labels, palette, text) {
    this.describe("")
    this.buttons = labels.map((label, image) => {
      const name = fill(text.image_button, { n: image + 1, total: labels.length, label })
      const button = make("button", { type: "button", "aria-label": name, tabindex: -1 })
      const canvas = make("canvas", { "aria-hidden": "true" })
      paintDigit(canvas, images, image, palette)
      button.append(canvas)
      button.addEventListener("click", () => this.choose(image))
      button.addEventListener("pointerenter", () => this.describe(name))
      return button
    })
    this.group.replaceChildren(...this.buttons)
  }

  /**
   * Mark the chosen image; the Tab key leads to it, and arrows to the others.
   * @param {number} chosen index
   */
  mark(chosen) {
    this.buttons.forEach((button, image) => {
      setPressed(button, image === chosen)
      button.tabIndex = image === chosen ? 0 : -1
    })
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const from = this.buttons.findIndex((button) => button === event.target)
    const next = this.buttons[from + STEPS[event.key]]
    if (!next) return
    event.preventDefault()
    next.focus()
  }

  /** @param {string} words */
  describe(words) {
    this.hover.textContent = words
  }
}
