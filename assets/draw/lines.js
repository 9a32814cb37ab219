// The ten class probabilities over the rows as lines, up to the row that is shown.

import { find, make, svg } from "../shared/dom.js"
import { ranked, withRoom } from "./ranking.js"
import { CLASSES, ROWS, WIDTHS } from "./sizes.js"

const CHART = { width: 280, height: 100 } // units of its viewBox
const LABEL_DISTANCE = 13 // pixels between two labels of lines
const MIN_LABELLED = 0.03 // probability: lines below all end at the bottom

export class LineChart {
  /** @param {HTMLElement} figure */
  constructor(figure) {
    this.chart = find(figure, "svg", SVGSVGElement)
    this.chart.setAttribute("viewBox", `0 0 ${CHART.width} ${CHART.height}`)
    this.ends = find(figure, ".ends")
    this.cursor = svg("line", { class: "cursor", y1: 0, y2: CHART.height, "stroke-width": 2 })
    this.axes = [0, CHART.height].map((y) =>
      svg("line", { class: "axis", x1: 0, x2: CHART.width, y1: y, y2: y }))
  }

  /**
   * Draw the lines up to a row.
   * @param {Float32Array} probabilities of all rows
   * @param {number} row
   * @param {readonly string[]} ranks of the classes after this row
   * @param {(rank: string) => string} colour of a line by the rank of its class
   */
  show(probabilities, row, ranks, colour) {
    const now = probabilities.subarray(row * CLASSES, (row + 1) * CLASSES)
    const order = ranked(now)
    const lines = [...order].reverse().map((digit) =>
      svg("polyline", {
        points: points(row, (each) => 1 - probabilities[each * CLASSES + digit]),
        stroke: colour(ranks[digit]),
        "stroke-width": WIDTHS[ranks[digit]] ?? 1,
      }))
    for (const end of ["x1", "x2"]) this.cursor.setAttribute(end, String(xOf(row)))
    this.chart.replaceChildren(...this.axes, ...lines, this.cursor)
    const height = this.chart.clientHeight
    const named = order.filter((digit) => now[digit] >= MIN_LABELLED)
    const shown = withRoom(named.map((digit) => (1 - now[digit]) * height), LABEL_DISTANCE)
    this.ends.replaceChildren(...shown.map((i) => endLabel(named[i], now[named[i]], row, ranks)))
  }
}

/**
 * The points of a line over the rows up to one.
 * @param {number} last row
 * @param {(row: number) => number} height 0 at the top of the chart, 1 at its bottom
 */
export function points(last, height) {
  return Array.from({ length: last + 1 }, (_, row) =>
    `${xOf(row)},${height(row) * CHART.height}`).join(" ")
}

/** @param {number} row */
function xOf(row) {
  return (row / (ROWS - 1)) * CHART.width
}

/**
 * A line's digit, at the end of the line.
 * @param {number} digit
 * @param {number} probability
 * @param {number} row
 * @param {readonly string[]} ranks
 */
function endLabel(digit, probability, row, ranks) {
  const label = make("span", { class: ranks[digit] })
  label.textContent = String(digit)
  label.style.left = `${(row / (ROWS - 1)) * 100}%`
  label.style.top = `${(1 - probability) * 100}%`
  return label
}
