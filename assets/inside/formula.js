// The formula of a number: what it is made of, with its own numbers.

import { make } from "../shared/dom.js"
import { fill } from "../shared/text.js"
import { range, valuesOf, written } from "./cells.js"

/** @typedef {import("./cells.js").Cell} Cell */
/** @typedef {import("./cells.js").Payload} Payload */

/** @typedef {[text: string, kind?: string, title?: string]} Part text, CSS class and tooltip */

/**
 * The lines of a cell's formula.
 * @param {Cell} cell
 * @param {Payload} data
 * @returns {HTMLElement[]}
 */
export function formulaOf(cell, data) {
  const kind = cell.tensor.id[0]
  if (kind === "z") return preActivationLines(cell, data)
  return kind === "Y" ? stateLines(cell, data) : [typedLine(cell, data)]
}

/**
 * A number that can be typed, and what it is.
 * @param {Cell} cell
 * @param {Payload} data
 * @returns {HTMLElement}
 */
function typedLine(cell, data) {
  const { id, t, cols } = cell.tensor
  const value = valuesOf(data, id)[cell.row * cols + cell.column]
  const { text } = data
  /** @type {Record<string, string>} */
  const meanings = {
    X: fill(text.input_meaning, { t }),
    h: text.start_meaning,
    W: text.weight_meaning,
    b: text.bias_meaning,
  }
  return line(
    [cell.indexed, "name"], [" = "], [written(value, id), "result"],
    [`   ${meanings[id[0]]}`, "aside"],
  )
}

/**
 * A pre-activation: its products, its three terms and its value.
 * @param {Cell} cell
 * @param {Payload} data
 * @returns {HTMLElement[]}
 */
function preActivationLines(cell, data) {
  return [expanded(cell, data, ""), terms(cell, data), line(["= "], [valueOf("z", cell, data), "result"])]
}

/**
 * A hidden state: the activation of its pre-activation.
 * @param {Cell} cell
 * @param {Payload} data
 * @returns {HTMLElement[]}
 */
function stateLines(cell, data) {
  const open = data.activation === "none" ? "" : `${data.activation}(`
  /** @type {Part} */
  const before = [open ? `= ${open}${valueOf("z", cell, data)}) = ` : "= "]
  const result = line(before, [valueOf("Y", cell, data), "result"])
  return [expanded(cell, data, open), terms(cell, data), result]
}

/**
 * The input term, the recurrent term and the bias.
 * @param {Cell} cell
 * @param {Payload} data
 * @returns {HTMLElement}
 */
function terms(cell, data) {
  return line(
    ["= "], [written(at("input", cell, data)), "input"],
    [" + "], [bracketed(at("recurrent", cell, data)), "recurrent"],
    [" + "], [bracketed(data.tensors.b[cell.column]), "bias"],
  )
}

/**
 * Every product with its own two numbers, and the bias.
 * @param {Cell} cell
 * @param {Payload} data
 * @param {string} open what stands before the sum, such as "tanh("
 * @returns {HTMLElement}
 */
function expanded(cell, data, open) {
  const { tensor: { t }, row, column } = cell
  const { n_inputs: inputs, n_neurons: neurons, scale, names } = data
  const before = t === 0 ? "hx" : `Y${t - 1}`
  const [X, state, Wx, Wy, b] = [`X${t}`, before, "Wx", "Wy", "b"].map((id) => valuesOf(data, id))
  const factor = scale === 1 ? "" : `${Number(scale.toFixed(2))}·`
  /** @type {Part[]} */
  const fromInputs = range(inputs).map((i) => [
    `${factor}${bracketed(X[row * inputs + i], "X")}·${bracketed(Wx[i * neurons + column])}`,
    "input",
    `${names[`X${t}`]}[${row}, ${i}] · Wx[${i}, ${column}]`,
  ])
  /** @type {Part[]} */
  const fromState = range(neurons).map((i) => [
    `${bracketed(state[row * neurons + i])}·${bracketed(Wy[i * neurons + column])}`,
    "recurrent",
    `${names[before]}[${row}, ${i}] · Wy[${i}, ${column}]`,
  ])
  /** @type {Part[]} */
  const summands = [...fromInputs, ...fromState, [bracketed(b[column]), "bias", `b[${column}]`]]
  /** @type {Part[]} */
  const parts = summands.flatMap((part, i) => (i === 0 ? [part] : [[" + "], part]))
  return line([cell.indexed, "name"], [` = ${open}`], ...parts, [open ? ")" : ""])
}

/**
 * A number of a tensor at a cell's place.
 * @param {string} name "input", "recurrent", "z" or "Y"
 * @param {Cell} cell
 * @param {Payload} data
 * @returns {number}
 */
function at(name, { tensor, row, column }, { tensors, batch, n_neurons: neurons }) {
  return tensors[name][(tensor.t * batch + row) * neurons + column]
}

/**
 * The same, written.
 * @param {string} name
 * @param {Cell} cell
 * @param {Payload} data
 * @returns {string}
 */
function valueOf(name, cell, data) {
  return written(at(name, cell, data))
}

/**
 * A number inside a formula, in brackets where it is negative.
 * @param {number} value
 * @param {string} [id] of its tensor
 * @returns {string}
 */
function bracketed(value, id) {
  return value < 0 ? `(${written(value, id)})` : written(value, id)
}

/**
 * One line of text in parts.
 * @param {...Part} parts
 * @returns {HTMLElement}
 */
function line(...parts) {
  const element = make("p")
  for (const [text, kind, title] of parts) {
    const part = make("span", { ...(kind && { class: kind }), ...(title && { title }) })
    part.textContent = text
    element.append(part)
  }
  return element
}
