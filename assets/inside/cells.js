// The numbers of an unrolled network: how they are written, where they lie in the payload, which
// can be edited, and which depends on which.

/**
 * What the server sends, with its tensors decoded; see `rnn_demo.inside.payload`.
 * @typedef {object} Payload
 * @property {string} model
 * @property {number} n_steps
 * @property {number} batch
 * @property {number} n_inputs
 * @property {number} n_neurons
 * @property {"tanh" | "relu" | "none"} activation
 * @property {number} scale of the inputs
 * @property {Record<string, Float32Array>} tensors X, hx, Wx, Wy, b, input, recurrent, z and Y
 * @property {Record<string, number>} limits the value at which a colour is full
 * @property {Record<string, string>} names of tensors in formulas
 * @property {Record<string, string>} titles above the tensors
 * @property {number} limit the largest absolute value that can be typed
 * @property {string} saturation how many pre-activations are saturated, in a sentence
 * @property {{ name: string, source: string, notebook: string, lines: number[] }} code lines: for
 *   each frame, the line that computes it
 * @property {object} state
 * @property {string} token the state in a few characters
 * @property {Record<string, string>} query parameters of a link to what is on screen, but the view
 * @property {number} link_limit characters
 * @property {boolean} stored computed on another machine, so the last digits may differ
 * @property {Palette} palette
 * @property {string} view what to look at first
 * @property {boolean} presenting whether the page is shown to a class
 * @property {number} n_resets how often Reset was pressed
 * @property {string} [card] id of the card on screen
 * @property {import("./question_panel.js").Question | null} [question]
 * @property {import("./slider_panel.js").Slider | null} [slider]
 * @property {string[]} hidden parts of the page that are not shown
 * @property {string[]} hide parts that the link hides
 * @property {Text} text
 * @property {Record<string, string>} terms what a term means, in a sentence
 */

/** @typedef {Record<"background" | "text" | "negative" | "positive" | "grey", string>} Palette */

/** @typedef {import("../shared/text.js").PluralForms} PluralForms */

/**
 * Sentences and words in the visitor's language, see `rnn_demo.app.inside.component`.
 * @typedef {Record<string, string> & {
 *   transport: import("../shared/transport.js").TransportText,
 *   link_panel: import("../shared/link_panel.js").LinkText,
 *   unchanged: PluralForms, changed_slightly: PluralForms, changed_neurons: PluralForms,
 *   changed_elsewhere: PluralForms, changed_examples: PluralForms, all_examples: PluralForms,
 * }} Text
 */

/**
 * One matrix on screen.
 * @typedef {object} Tensor
 * @property {string} id "X0", "z0", "Y0", "hx", "Wx", "Wy" or "b"
 * @property {number} t time step; -1 for what is there before the first
 * @property {number} x
 * @property {number} y
 * @property {number[]} rows that are shown
 * @property {number} cols
 * @property {number} cellWidth pixels
 * @property {boolean} perExample whether its rows are the examples of the batch
 * @property {HTMLElement} element
 * @property {Cell[]} cells
 * @property {Float32Array} values
 * @property {boolean} partial whether it shows a sum that still lacks terms
 */

/**
 * One number on screen.
 * @typedef {HTMLElement & {
 *   tensor: Tensor, row: number, column: number, value: number, limit: number, palette: Palette,
 *   number: HTMLElement, indexed: string, text: Text | undefined, nameTemplate: string,
 * }} Cell number: the element of its number. indexed: its name in PyTorch. nameTemplate: its name
 *   for a screen reader in the language of `text`, still with {value}
 */

/** @typedef {{ tensor: Pick<Tensor, "id" | "t" | "perExample">, row: number, column: number }} Place */

/**
 * The whole numbers from 0 to below `count`.
 * @param {number} count
 * @returns {number[]}
 */
export function range(count) {
  return [...Array(count).keys()]
}

/**
 * A number as PyTorch prints it, or, where it can be typed, as one would type it.
 * @param {number} value
 * @param {string} [id] of its tensor
 * @returns {string}
 */
export function written(value, id = "Y") {
  if (id[0] === "X" || (/^(W|b|hx)/.test(id) && Number.isInteger(value))) {
    return String(Number(value.toPrecision(7)))
  }
  return Math.abs(value) < 1000 ? value.toFixed(4) : value.toPrecision(4)
}

/**
 * A cell's name as PyTorch indexes it, such as "Y1[0, 2]".
 * @param {Record<string, string>} names of tensors
 * @param {Place} place
 * @returns {string}
 */
export function indexed(names, { tensor, row, column }) {
  const index = tensor.id === "b" ? [column] : [row, column]
  return `${names[tensor.id]}[${index.join(", ")}]`
}

/**
 * The final values of a tensor, row by row.
 * @param {Pick<Payload, "tensors" | "n_steps">} data
 * @param {string} id such as "Y1" or "Wx"
 * @returns {Float32Array}
 */
export function valuesOf(data, id) {
  const [, name, t] = /^([A-Za-z]+?)(\d+)?$/.exec(id) ?? []
  const all = data.tensors[name]
  if (t === undefined) return all
  const size = all.length / data.n_steps
  return all.subarray(Number(t) * size, (Number(t) + 1) * size)
}

/**
 * What Python calls a number that can be edited; null for a computed one.
 * @param {Place} place
 * @returns {{ name: string, index: number[] } | null}
 */
export function address({ tensor: { id, t }, row, column }) {
  if (id[0] === "X") return { name: "X", index: [t, row, column] }
  if (id === "b") return { name: "b", index: [column] }
  if (["Wx", "Wy", "hx"].includes(id)) return { name: id, index: [row, column] }
  return null
}

/**
 * Whether a number was computed directly from another one.
 * @param {Place} source
 * @param {Place} result
 * @returns {boolean}
 */
export function isSource(source, result) {
  const [from, to] = [source.tensor, result.tensor]
  if (to.id[0] !== "z" && to.id[0] !== "Y") return false
  const sameRow = source.row === result.row
  if (from.id === `X${to.t}`) return sameRow
  if (from.id === (to.t === 0 ? "hx" : `Y${to.t - 1}`)) return sameRow
  if (["Wx", "Wy", "b"].includes(from.id)) return source.column === result.column
  return from.id === `z${to.t}` && to.id[0] === "Y" && sameRow && source.column === result.column
}

/**
 * Whether a change of a number can change another one.
 * @param {Place} source
 * @param {Place} result
 * @returns {boolean}
 */
export function affects(source, result) {
  const [from, to] = [source.tensor, result.tensor]
  if (to.id[0] !== "z" && to.id[0] !== "Y") return false
  if (from.perExample && source.row !== result.row) return false
  const sameColumn = source.column === result.column
  if (!from.perExample) return sameColumn || to.t > 0
  if (from.id === "hx") return true
  if (from.id[0] === "X") return to.t >= from.t
  if (to.t > from.t) return true
  return from.id[0] === "z" && to.id === `Y${from.t}` && sameColumn
}
