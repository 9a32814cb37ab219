// What the small plots beside the network have in common.

import { svg } from "../shared/dom.js"

/**
 * A word or a number in a plot.
 * @param {string} text
 * @param {import("../shared/dom.js").Attributes} attributes
 * @returns {SVGTextElement}
 */
export function label(text, attributes) {
  const element = svg("text", attributes)
  element.textContent = text
  return element
}

/**
 * A path of dots, as strokes of no length.
 * @param {[x: number, y: number][]} points
 * @param {import("../shared/dom.js").Attributes} attributes
 * @returns {SVGPathElement}
 */
export function dots(points, attributes) {
  return svg("path", { ...attributes, d: points.map(([x, y]) => `M${x.toFixed(1)} ${y.toFixed(1)}h0`).join("") })
}
