// A slider for one number of the network, with a few values marked.

import { find, make, setPressed } from "../shared/dom.js"

/**
 * @typedef {object} Slider
 * @property {{ name: string, index: number[] }} cell that it edits
 * @property {number[]} values that are marked
 * @property {number} min
 * @property {number} max
 * @property {number} step
 * @property {string} label
 */

/** The slider. */
export class SliderPanel {
  /**
   * @param {ParentNode} root of the component
   * @param {(edit: { name: string, index: number[], value: number }) => void} send
   */
  constructor(root, send) {
    this.section = find(root, ".number-slider")
    this.label = find(this.section, "label")
    this.input = find(this.section, "input", HTMLInputElement)
    this.marks = find(this.section, "datalist")
    this.output = find(this.section, "output")
    this.marked = find(this.section, ".marked")
    this.send = send
    this.input.addEventListener("input", () => (this.output.textContent = this.input.value))
    this.input.addEventListener("change", () => this.take(Number(this.input.value)))
  }

  /**
   * @param {Slider | null} slider
   * @param {number} value that the network has now
   */
  update(slider, value) {
    this.slider = slider
    this.section.hidden = !slider
    if (!slider) return
    const { min, max, step, values, label } = slider
    this.label.textContent = label
    Object.assign(this.input, { min, max, step })
    this.input.value = String(value)
    this.output.textContent = String(Number(value.toPrecision(4)))
    this.marks.replaceChildren(...values.map((each) => new Option("", String(each))))
    this.marked.replaceChildren(...values.map((each) => this.button(each, value)))
  }

  /**
   * A button for a marked value.
   * @param {number} value
   * @param {number} now
   * @returns {HTMLElement}
   */
  button(value, now) {
    const button = make("button", { type: "button" })
    button.textContent = String(value)
    setPressed(button, Math.abs(value - now) < 1e-6)
    button.addEventListener("click", () => this.take(value))
    return button
  }

  /** @param {number} value */
  take(value) {
    if (this.slider) this.send({ ...this.slider.cell, value })
  }
}
