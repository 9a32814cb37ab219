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
    this.label = find(this.section, ".slider-label")
    this.input = find(this.section, "input", HTMLInputElement)
    this.output = find(this.section, "output")
    this.ticks = find(this.section, ".ticks")
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
    this.ticks.replaceChildren(...values.map((each) => this.tick(each, value)))
  }

  /**
   * A button below the slider, where its value is.
   * @param {number} value
   * @param {number} now
   * @returns {HTMLElement}
   */
  tick(value, now) {
    const button = make("button", { type: "button" })
    button.textContent = String(value)
    setPressed(button, Math.abs(value - now) < 1e-6)
    const { min, max } = this.input
    button.style.setProperty("--at", String((value - Number(min)) / (Number(max) - Number(min))))
    button.addEventListener("click", () => this.take(value))
    return button
  }

  /** @param {number} value */
  take(value) {
    if (this.slider) this.send({ ...this.slider.cell, value })
  }
}
