// The activation function, with every pre-activation as a dot on its curve.

import { find, svg } from "../shared/dom.js"
import { range } from "./cells.js"

const PLOT = { width: 240, height: 100, margin: 8 }
const REACH = { min: 3, max: 8 } // the largest pre-activation on the axis
const N_POINTS = 121 // of the curve
const MANY_DOTS = 200 // from here on they are smaller

const FUNCTIONS = {
  tanh: Math.tanh,
  /** @param {number} value */
  relu: (value) => Math.max(value, 0),
  /** @param {number} value */
  none: (value) => value,
}

/**
 * Draw the plot; pre-activations beyond its width pile up at its ends.
 * @param {HTMLElement} figure
 * @param {import("./cells.js").Payload} data
 */
export function drawActivation(figure, { tensors, activation, saturation }) {
  const z = [...tensors.z]
  const largest = Math.max(REACH.min, ...z.map(Math.abs))
  const reach = Math.min(largest, REACH.max)
  const apply = FUNCTIONS[activation]
  const top = activation === "tanh" ? 1.15 : reach
  /** @param {number} value */
  const x = (value) => PLOT.width / 2 + (value / reach) * (PLOT.width / 2 - PLOT.margin)
  /** @param {number} value */
  const y = (value) => PLOT.height / 2 - (value / top) * (PLOT.height / 2 - PLOT.margin)
  const half = (N_POINTS - 1) / 2
  const points = range(N_POINTS).map((i) => (i / half - 1) * reach)
  const dots = z
    .map((value) => Math.min(Math.max(value, -reach), reach))
    .map((value) => `M${x(value).toFixed(1)} ${y(apply(value)).toFixed(1)}h0`)
  const isCut = reach < largest
  const chart = find(figure, "svg", SVGSVGElement)
  chart.setAttribute("aria-label", saturation)
  chart.replaceChildren(
    svg("path", { class: "axis", d: `M0 ${y(0)}H${PLOT.width}M${x(0)} 0V${PLOT.height}` }),
    svg("polyline", {
      class: "function",
      points: points.map((value) => `${x(value)},${y(apply(value))}`).join(" "),
    }),
    svg("path", { class: "dots", d: dots.join(""), "stroke-width": z.length > MANY_DOTS ? 3 : 6 }),
    label(`${isCut ? "≤ " : ""}-${reach.toFixed(0)}`, { x: 2, y: y(0) - 4 }),
    label(`${isCut ? "≥ " : ""}${reach.toFixed(0)}`, {
      x: PLOT.width - 2, y: y(0) + 12, "text-anchor": "end",
    }),
  )
  find(figure, "figcaption").textContent = saturation
}

/**
 * @param {string} text
 * @param {import("../shared/dom.js").Attributes} attributes
 * @returns {SVGTextElement}
 */
function label(text, attributes) {
  const element = svg("text", attributes)
  element.textContent = text
  return element
}
