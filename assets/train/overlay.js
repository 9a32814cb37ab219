// What lies over a chart: the cursor with the values of the runs, and the range being selected.

import { make } from "../shared/dom.js"
import { pointAt } from "./curves.js"
import { spread } from "./spread.js"

/** @typedef {import("./types.js").Run} Run */
/** @typedef {import("./types.js").Point} Point */
/** @typedef {{ run: Run, point: Point, y: number }} Value */

export class Overlay {
  /**
   * @param {Element} element
   * @param {import("./chart.js").Chart} chart
   */
  constructor(element, chart) {
    this.element = element
    this.chart = chart
  }

  /**
   * A cursor at an epoch, with the value of each run beside it.
   * @param {number | null} epoch null for no cursor
   */
  read(epoch) {
    this.element.replaceChildren()
    const { chart } = this
    const { runs, from, to } = chart.view
    if (epoch === null || epoch < from || epoch > to) return
    const cursor = this.upright("cursor")
    cursor.style.left = `${chart.x(epoch)}px`
    const values = runs.flatMap((run) => this.valueAt(run, epoch)).sort((a, b) => a.y - b.y)
    const dots = values.map((value) => this.mark("dot", value))
    spread(values, chart.top, chart.bottom, chart.zoom)
    const isRight = chart.x(epoch) > (chart.left + chart.right) / 2
    const chips = values.map((value) => {
      const chip = this.mark("chip", value)
      chip.classList.toggle("before", isRight)
      chip.textContent = chart.valueText(value.point[chart.spec.metric])
      return chip
    })
    this.element.append(cursor, ...dots, ...chips)
  }

  /**
   * @param {Run} run
   * @param {number} epoch
   * @returns {Value[]} one value, or none
   */
  valueAt(run, epoch) {
    const { chart } = this
    const point = pointAt(run, epoch)
    const value = point?.[chart.spec.metric]
    return point && value != null ? [{ run, point, y: chart.within(chart.y(value)) }] : []
  }

  /**
   * @param {string} kind class of the mark
   * @param {Value} value
   */
  mark(kind, { run, point, y }) {
    const { chart } = this
    const { runs, palette } = chart.view
    const element = make("span", { class: kind, translate: "no" })
    element.style.left = `${chart.x(point.epoch)}px`
    element.style.top = `${y}px`
    element.style.setProperty("--colour", runs.length > 1 ? run.colour : palette.lead)
    return element
  }

  /**
   * An element as high as the chart's axis.
   * @param {string} kind its class
   */
  upright(kind) {
    const element = make("i", { class: kind })
    element.style.top = `${this.chart.top}px`
    element.style.height = `${this.chart.bottom - this.chart.top}px`
    return element
  }

  /**
   * The range that is being selected.
   * @param {number} from pixels
   * @param {number} to pixels
   */
  select(from, to) {
    const band = this.upright("band")
    band.style.left = `${Math.min(from, to)}px`
    band.style.width = `${Math.abs(to - from)}px`
    this.element.replaceChildren(band)
  }
}
