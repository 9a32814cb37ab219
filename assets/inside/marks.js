// Marks on the cells of the network: what the selected number comes from or affects, and what the
// last edit changed.

import { make } from "../shared/dom.js"
import { diverging } from "../shared/colour.js"
import { affects, isSource, written } from "./cells.js"

/** @typedef {import("./cells.js").Cell} Cell */

/** The marks on the network. */
export class Marks {
  /** @param {import("./net.js").Net} net */
  constructor(net) {
    this.net = net
    /** @type {Cell[]} */
    this.related = []
    /** @type {Map<string, Float32Array>} values before the last edit, by tensor */
    this.previous = new Map()
  }

  /**
   * Mark the selected number, and what it was computed from or what it affects.
   * @param {Cell} selected
   * @param {boolean} forward whether to mark what it affects
   */
  relate(selected, forward) {
    for (const cell of this.related) cell.classList.remove("selected", "source", "target")
    this.related = [selected]
    selected.classList.add("selected")
    for (const { cells, t } of this.net.tensors.values()) {
      if (!forward && t >= 0 && Math.abs(t - selected.tensor.t) > 1) continue
      for (const cell of cells) {
        if (!(forward ? affects(selected, cell) : isSource(cell, selected))) continue
        cell.classList.add(forward ? "target" : "source")
        this.related.push(cell)
      }
    }
  }

  /**
   * Write its previous value beside every number that changed.
   * @param {Map<string, Float32Array>} previous values by tensor; empty for none
   */
  showPrevious(previous) {
    this.previous = previous
    for (const { id, cols, cells } of this.net.tensors.values()) {
      const old = previous.get(id)
      for (const cell of cells) {
        cell.querySelector("s")?.remove()
        const value = old?.[cell.row * cols + cell.column]
        const isChanged = value !== undefined && written(value, id) !== written(cell.value, id)
        cell.classList.toggle("changed", isChanged)
        if (!isChanged) continue
        const element = make("s")
        element.textContent = written(value, id)
        element.style.setProperty("--previous", `rgb(${diverging(value / cell.limit, cell.palette)})`)
        cell.append(element)
      }
    }
  }
}
