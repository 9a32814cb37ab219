// The activation function, with every pre-activation as a dot on its curve. Its axes never change,
// so that a dot that moves is a number that changed.

import { find, svg } from "../shared/dom.js"
import { range } from "./cells.js"
import { dots, label } from "./plot.js"

/** @typedef {import("./cells.js").Payload} Payload */

const PLOT = { width: 280, height: 104, left: 26, right: 8, top: 6, bottom: 18 }
const REACH = 6 // the axis of z ends here; what lies beyond is drawn at its ends
const TICKS = [-6, -3, 0, 3, 6]
const N_POINTS = 121 // of the curve
const MANY_DOTS = 200 // from here on they are smaller
const TANH_IS_FLAT = 2.993 // |z| beyond which the slope of tanh is below 0.01

const FUNCTIONS = {
  tanh: Math.tanh,
  /** @param {number} value */
  relu: (value) => Math.max(value, 0),
  /** @param {number} value */
  none: (value) => value,
}

/** @type {Record<string, [from: number, to: number][]>} where an activation is flat */
const FLAT = {
  tanh: [[-REACH, -TANH_IS_FLAT], [TANH_IS_FLAT, REACH]],
  relu: [[-REACH, 0]],
  none: [],
}

/**
 * Draw the plot with the pre-activations that have been computed.
 * @param {HTMLElement} figure
 * @param {Payload} data
 * @param {object} shown
 * @param {number[]} shown.rows examples on screen
 * @param {number} shown.count steps that have been computed
 */
export function drawActivation(figure, data, { rows, count }) {
  const { tensors, activation, saturation, batch, n_neurons: neurons, n_steps: steps } = data
  const apply = FUNCTIONS[activation]
  const [high, tick] = activation === "tanh" ? [1.2, 1] : [REACH + 1, REACH]
  const [width, height] = [PLOT.width - PLOT.left - PLOT.right, PLOT.height - PLOT.top - PLOT.bottom]
  /** @param {number} value */
  const x = (value) => PLOT.left + ((value + REACH) / (2 * REACH)) * width
  /** @param {number} value */
  const y = (value) => PLOT.top + ((high - value) / (2 * high)) * height
  /** @param {number} value @returns {[number, number]} */
  const onCurve = (value) => {
    const z = Math.min(Math.max(value, -REACH), REACH)
    return [x(z), y(apply(z))]
  }
  const half = (N_POINTS - 1) / 2
  const curve = range(N_POINTS).map((i) => onCurve((i / half - 1) * REACH))
  const size = batch * neurons
  const computed = [...tensors.z.subarray(0, count * size)]
  const newest = count ? rows.flatMap((row) => computed.slice((count - 1) * size).slice(row * neurons, (row + 1) * neurons)) : []
  const chart = find(figure, "svg", SVGSVGElement)
  chart.setAttribute("aria-label", saturation)
  chart.replaceChildren(
    ...FLAT[activation].map(([from, to]) =>
      svg("rect", { class: "flat", x: x(from), y: PLOT.top, width: x(to) - x(from), height })),
    svg("path", { class: "axis", d: `M${x(-REACH)} ${y(0)}H${x(REACH)}M${x(0)} ${PLOT.top}V${PLOT.top + height}` }),
    svg("path", { class: "guide", d: [tick, -tick].map((it) => `M${x(-REACH)} ${y(it)}H${x(REACH)}`).join("") }),
    svg("polyline", { class: "function", points: curve.join(" ") }),
    label(`+${tick}`, { x: PLOT.left - 4, y: y(tick) + 4, "text-anchor": "end" }),
    label(`-${tick}`, { x: PLOT.left - 4, y: y(-tick) + 4, "text-anchor": "end" }),
    ...TICKS.map((it) => label(tickText(it), { x: x(it), y: PLOT.height - 3, "text-anchor": anchor(it) })),
    dots(computed.map(onCurve), { class: "dots", "stroke-width": steps * size > MANY_DOTS ? 3 : 6 }),
    dots(newest.map(onCurve), { class: "dots newest", "stroke-width": 8 }),
  )
  find(figure, "figcaption").textContent = saturation
  find(figure, ".flat-key").hidden = FLAT[activation].length === 0
}

/**
 * A number on the axis of z; at its ends stands everything beyond.
 * @param {number} value
 * @returns {string}
 */
function tickText(value) {
  if (value === 0) return "z = 0"
  return Math.abs(value) < REACH ? String(value) : `${value < 0 ? "≤" : "≥"} ${value}`
}

/**
 * @param {number} value on the axis
 * @returns {string}
 */
function anchor(value) {
  if (Math.abs(value) < REACH) return "middle"
  return value < 0 ? "start" : "end"
}
