// The read-out of a cell: what it says stands at the pointer.

import { find } from "../shared/dom.js"
import { points } from "./lines.js"

const GAP = 14 // pixels between the pointer and the read-out

/**
 * @typedef {object} Content
 * @property {string} text
 * @property {(row: number) => number} [course] heights of a line over the rows, 0 at the top
 */

export class ReadOut {
  /** @param {HTMLElement} root its positioned container */
  constructor(root) {
    this.root = root
    this.tip = find(root, ".tip")
    this.chart = find(this.tip, "svg", SVGSVGElement)
  }

  /**
   * @param {MouseEvent} event
   * @param {Content} content
   * @param {number} last row that has been read
   */
  show(event, { text, course }, last) {
    find(this.tip, "p").textContent = text
    this.chart.toggleAttribute("hidden", !course)
    find(this.chart, "polyline", SVGPolylineElement).setAttribute("points", course ? points(last, course) : "")
    this.tip.hidden = false
    const area = this.root.getBoundingClientRect()
    const { width, height } = this.tip.getBoundingClientRect()
    const x = event.clientX - area.left
    const y = event.clientY - area.top
    const left = x + GAP + width > area.width ? x - GAP - width : x + GAP
    const top = y + GAP + height > area.height ? y - GAP - height : y + GAP
    this.tip.style.left = `${Math.max(left, 0)}px`
    this.tip.style.top = `${Math.max(top, 0)}px`
  }

  hide() {
    this.tip.hidden = true
  }
}
