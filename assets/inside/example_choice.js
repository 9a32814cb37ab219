// Which examples of the batch are shown, and which of the others the last edit changed.

import { find } from "../shared/dom.js"
import { fill, plural } from "../shared/text.js"
import { range } from "./cells.js"

/** @typedef {import("./cells.js").Payload} Payload */

const ALL = "all"

/** The list of examples. */
export class ExampleChoice {
  /** @type {Payload} */
  data

  /**
   * @param {ParentNode} root of the component
   * @param {() => void} react to another choice
   */
  constructor(root, react) {
    this.label = find(root, ".which-example")
    this.list = find(this.label, "select", HTMLSelectElement)
    this.react = react
    /** @type {number[]} */
    this.changed = []
    this.list.addEventListener("change", react)
  }

  /** @returns {string} such as "0" or "all" */
  get value() {
    return this.list.value
  }

  /**
   * The examples that are shown.
   * @returns {number[]}
   */
  get rows() {
    return this.value === ALL ? range(this.data.batch) : [Number(this.value)]
  }

  /**
   * Offer the examples of a batch; the first one is shown.
   * @param {Payload} data
   */
  startOver(data) {
    this.data = data
    const { batch } = data
    const values = [...range(batch).map(String), ...(batch > 1 ? [ALL] : [])]
    this.list.replaceChildren(...values.map((value) => new Option(this.optionText(value), value)))
    this.label.hidden = batch === 1
  }

  /**
   * Write the options anew.
   * @param {Payload} data in which the language may be another one
   * @param {number[]} changed examples that the last edit changed out of sight
   */
  write(data, changed = this.changed) {
    this.data = data
    this.changed = changed
    for (const option of this.list.options) option.textContent = this.optionText(option.value)
  }

  /**
   * @param {string} value of an option
   * @returns {string}
   */
  optionText(value) {
    const { batch, text } = this.data
    if (value === ALL) return plural(text.all_examples, batch)
    const isChanged = this.changed.includes(Number(value))
    return fill(isChanged ? text.changed_example : text.one_example, { example: Number(value) + 1, batch })
  }

  /**
   * Show an example, if there is such a one.
   * @param {string} value
   */
  choose(value) {
    if ([...this.list.options].some((option) => option.value === value)) this.list.value = value
  }

  showAll() {
    this.choose(ALL)
    this.react()
    this.list.focus()
  }
}
