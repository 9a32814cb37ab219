// Reading and zooming with a mouse, a finger or the keyboard.

import { nearest } from "./curves.js"

/** @typedef {import("./chart.js").Chart} Chart */
/** @typedef {import("./train.js").LiveCharts} LiveCharts */

const MIN_DRAG = 6 // pixels; a shorter one is a click
const ROUNDING = 1e-6 // epochs; the server rounds them
const SAME_TAP = 24 // pixels; two taps so near to each other are at the same place

/**
 * Let a mouse and a finger read and zoom a chart.
 * @param {LiveCharts} charts
 * @param {Chart} chart
 */
export function listenToPointer(charts, chart) {
  const { plot } = chart
  /** @param {MouseEvent} event */
  const place = (event) => {
    const x = event.clientX - plot.getBoundingClientRect().left
    return Math.min(Math.max(x, chart.left), chart.right)
  }
  /** @type {number | null} */
  let start = null // where a drag of the mouse began
  /** @type {number | null} */
  let touched = null // where a finger came down
  plot.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "mouse") touched = place(event)
    else if (event.button === 0) {
      start = place(event)
      plot.setPointerCapture(event.pointerId)
    }
  })
  plot.addEventListener("pointermove", (event) => {
    const x = place(event)
    if (touched !== null && Math.abs(x - touched) < MIN_DRAG) return
    if (start === null || Math.abs(x - start) < MIN_DRAG) charts.read(chart.epochAt(x))
    else charts.select([chart.epochAt(start), chart.epochAt(x)])
  })
  plot.addEventListener("pointerup", (event) => {
    const [from, to] = [start, place(event)]
    if (touched !== null && Math.abs(to - touched) < MIN_DRAG) tap(charts, chart, touched)
    start = touched = charts.selected = null
    if (from === null || Math.abs(to - from) < MIN_DRAG) return
    charts.zoom([chart.epochAt(Math.min(from, to)), chart.epochAt(Math.max(from, to))])
  })
  // The browser takes over a finger that scrolls the page.
  plot.addEventListener("pointercancel", () => {
    start = touched = charts.selected = null
  })
  plot.addEventListener("pointerleave", (event) => {
    if (event.pointerType === "mouse" && start === null) charts.read(null)
  })
}

/**
 * Read where a finger taps; a second tap at the same place goes back to the newest point.
 * @param {LiveCharts} charts
 * @param {Chart} chart
 * @param {number} x pixels
 */
function tap(charts, chart, x) {
  const again = charts.cursor !== null && Math.abs(chart.x(charts.cursor) - x) < SAME_TAP
  charts.read(again ? null : chart.epochAt(x))
}

/**
 * Read with the arrow keys, from epoch to epoch with Page Up and Page Down; Escape shows the whole
 * run.
 * @param {LiveCharts} charts
 * @param {KeyboardEvent} event
 */
export function handleKey(charts, event) {
  /** @type {Record<string, () => void>} */
  const actions = {
    ArrowLeft: () => stepPoint(charts, -1),
    ArrowRight: () => stepPoint(charts, 1),
    PageUp: () => stepEpoch(charts, -1),
    PageDown: () => stepEpoch(charts, 1),
    Escape: () => charts.zoom(null),
  }
  if (!(event.key in actions)) return
  event.preventDefault()
  actions[event.key]()
}

/**
 * Read the next point, or the one before.
 * @param {LiveCharts} charts
 * @param {1 | -1} by
 */
function stepPoint(charts, by) {
  const batches = charts.runs[0]?.batches ?? []
  const { cursor } = charts
  const at = cursor === null ? batches.length : batches.indexOf(nearest(batches, cursor))
  readPoint(charts, at + by)
}

/**
 * Read the run after a whole number of epochs more, or fewer; the first point stands for none.
 * @param {LiveCharts} charts
 * @param {number} by
 */
export function stepEpoch(charts, by) {
  const batches = charts.runs[0]?.batches ?? []
  if (!batches.length) return
  const epoch = charts.cursor ?? batches[batches.length - 1].epoch
  const wanted = by > 0 ? Math.floor(epoch + by + ROUNDING) : Math.ceil(epoch + by - ROUNDING)
  readPoint(charts, batches.indexOf(nearest(batches, wanted)))
}

/**
 * @param {LiveCharts} charts
 * @param {number} index of the point to read; the nearest one if there is none
 */
function readPoint(charts, index) {
  const batches = charts.runs[0]?.batches ?? []
  if (!batches.length) return
  charts.read(batches[Math.min(Math.max(index, 0), batches.length - 1)].epoch)
  charts.announceReading()
}
