// Typing a number into a cell; a refused entry says why, right below the cell.

import { find, make } from "../shared/dom.js"
import { fill } from "../shared/text.js"
import { address } from "./cells.js"
import { readEntry } from "./entry.js"

/** @typedef {import("./cells.js").Cell} Cell */
/** @typedef {import("./cells.js").Payload} Payload */

/** The field in a cell, and the message about what was typed into it. */
export class CellEditor {
  /** @type {Cell | undefined} */
  cell

  /**
   * @param {HTMLElement} picture around the network; it holds the message
   * @param {(edit: { name: string, index: number[], value: number }) => void} send
   */
  constructor(picture, send) {
    this.picture = picture
    this.message = find(picture, ".error")
    this.send = send
  }

  /**
   * Open a text field in a cell that can be edited.
   * @param {Cell} cell
   * @param {Payload} data
   * @param {string} [typed] what it starts with; the cell's number unless given
   */
  open(cell, data, typed) {
    if (cell.querySelector("input")) return
    this.cell = cell
    this.showError("")
    const label = fill(data.text.new_value, { cell: cell.indexed })
    const field = make("input", { type: "text", inputmode: "text", "aria-label": label })
    field.value = typed ?? String(Number(cell.value.toPrecision(7)))
    cell.append(field)
    field.focus()
    if (typed === undefined) field.select()
    const close = () => {
      cell.focus() // which removes the field
      field.remove()
    }
    field.addEventListener("keydown", (event) => {
      event.stopPropagation()
      if (event.key === "Enter") this.commit(cell, field.value.trim(), data, close)
      else if (event.key === "Escape") close()
      else return
      event.preventDefault()
    })
    field.addEventListener("blur", () => queueMicrotask(() => field.remove()))
  }

  /**
   * Send what was typed, or say what is wrong with it.
   * @param {Cell} cell
   * @param {string} typed
   * @param {Payload} data
   * @param {() => void} close
   */
  commit(cell, typed, { limit, text }, close) {
    close()
    const entry = readEntry(typed, limit)
    const place = address(cell)
    const problems = {
      empty: text.empty, infinite: text.infinite, not_a_number: text.not_a_number, out_of_range: text.out_of_range,
    }
    if ("problem" in entry) this.showError(fill(problems[entry.problem], { typed, limit }), cell)
    else if (place) this.send({ ...place, value: entry.value })
  }

  /**
   * Say why an entry was refused, below the cell that it was typed into.
   * @param {string} sentence empty for none
   * @param {Cell} [cell] the one that was edited last unless given
   */
  showError(sentence, cell = this.cell) {
    const { message, picture } = this
    message.textContent = sentence
    if (!sentence || !cell?.isConnected) return
    const [at, around] = [cell, picture].map((it) => it.getBoundingClientRect())
    const left = Math.min(at.left - around.left, around.width - message.offsetWidth)
    message.style.left = `${Math.max(0, left)}px`
    message.style.top = `${at.bottom - around.top + 4}px`
  }
}
