// The hidden state over time: one line for each neuron of the example on screen.

import { find, svg } from "../shared/dom.js"
import { fill } from "../shared/text.js"
import { dots, label } from "./plot.js"
import { range, valuesOf, written } from "./cells.js"

/** @typedef {import("./cells.js").Payload} Payload */

const LEAST_STEPS = 3 // a line through two points shows nothing
const MOST_TICKS = 7 // on the axis of time
const PLOT = { width: 280, height: 92, left: 26, right: 8, top: 8, bottom: 20 }

/**
 * The values of each neuron over time.
 * @param {Pick<Payload, "tensors" | "n_steps" | "n_neurons">} data
 * @param {number} example
 * @param {number} count of steps
 * @returns {number[][]}
 */
export function courses(data, example, count) {
  const { n_neurons: neurons } = data
  return range(neurons).map((neuron) =>
    range(count).map((t) => valuesOf(data, `Y${t}`)[example * neurons + neuron]))
}

/**
 * The courses in words.
 * @param {number[][]} lines by neuron
 * @param {import("./cells.js").Text} text
 * @returns {string}
 */
export function coursesInWords(lines, text) {
  return lines
    .map((values, neuron) => fill(text.course, { neuron, values: values.map((value) => written(value)).join(", ") }))
    .join("; ")
}

/**
 * Draw the chart, up to the steps that have been computed.
 * @param {HTMLElement} figure
 * @param {Payload} data
 * @param {object} shown
 * @param {number} shown.example
 * @param {number} shown.count steps that have been computed
 * @param {Float32Array | undefined} shown.previous Y before the last edit
 * @param {number} shown.neuron the one that is selected
 */
export function drawStrip(figure, data, { example, count, previous, neuron }) {
  const { n_steps: steps, batch, limits, text } = data
  figure.hidden = steps < LEAST_STEPS
  if (figure.hidden) return
  const limit = limits.Y
  /** @param {number} t */
  const x = (t) => PLOT.left + (t / (steps - 1)) * (PLOT.width - PLOT.left - PLOT.right)
  /** @param {number} value */
  const y = (value) => PLOT.top + ((limit - value) / (2 * limit)) * (PLOT.height - PLOT.top - PLOT.bottom)
  /** @param {number} t @param {number} value @returns {[number, number]} */
  const point = (t, value) => [x(t), y(value)]
  /** @param {number[]} values */
  const path = (values) => `M${values.map((value, t) => `${x(t).toFixed(1)} ${y(value).toFixed(1)}`).join("L")}`
  const lines = courses(data, example, count)
  const before = previous ? courses({ ...data, tensors: { ...data.tensors, Y: previous } }, example, steps) : []
  const chart = find(figure, "svg", SVGSVGElement)
  const title = batch > 1 ? fill(text.course_of_example, { example: example + 1, batch }) : text.course_title
  find(figure, "figcaption").textContent = title
  chart.setAttribute("aria-label", `${title}. ${coursesInWords(lines, text)}`)
  const every = Math.ceil(steps / MOST_TICKS)
  const ticks = range(steps).filter((t) => t % every === 0)
  const ends = [limit, -limit].map((value) => Number(value.toPrecision(2)))
  const newest = lines.flatMap((values) => (count ? [point(count - 1, values[count - 1])] : []))
  chart.replaceChildren(
    svg("path", {
      class: "axis", d: `M${PLOT.left} ${y(0)}H${PLOT.width - PLOT.right}M${PLOT.left} ${y(limit)}V${y(-limit)}`,
    }),
    label(`+${ends[0]}`, { x: PLOT.left - 4, y: y(limit) + 4, "text-anchor": "end" }),
    label("0", { x: PLOT.left - 4, y: y(0) + 4, "text-anchor": "end" }),
    label(String(ends[1]), { x: PLOT.left - 4, y: y(-limit) + 4, "text-anchor": "end" }),
    ...ticks.map((t) => label(t ? String(t) : "t = 0", { x: x(t), y: PLOT.height - 2, "text-anchor": t ? "middle" : "start" })),
    ...before.map((values) => svg("path", { class: "before", d: path(values) })),
    ...lines.map((values, i) => svg("path", { class: i === neuron ? "course chosen" : "course", d: path(values) })),
    dots(lines.flatMap((values) => values.map((value, t) => point(t, value))), { class: "dots" }),
    dots(newest, { class: "dots newest" }),
  )
}
