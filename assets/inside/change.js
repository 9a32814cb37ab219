// What an edit changed, in sentences.

import { fill, plural } from "../shared/text.js"
import { range, valuesOf, written } from "./cells.js"

/** @typedef {import("./cells.js").Payload} Payload */

const ROUNDING = 1e-6 // relative to 1, or to the largest number of a tensor

/**
 * The numbers before an edit, without what rounding makes of them: stored numbers were computed
 * on another processor, perhaps, and their last digits may differ.
 * @template {Pick<Payload, "tensors">} Data
 * @param {Data} before
 * @param {Pick<Payload, "tensors">} now
 * @returns {Data}
 */
export function withoutRounding(before, now) {
  const tensors = Object.entries(before.tensors).map(([name, old]) => {
    const values = now.tensors[name]
    const least = ROUNDING * Math.max(1, ...values.map(Math.abs))
    const same = old.map((value, i) => (Math.abs(value - values[i]) > least ? value : values[i]))
    return [name, same]
  })
  return { ...before, tensors: Object.fromEntries(tensors) }
}

/**
 * How the state after a step changed.
 * @typedef {object} Change
 * @property {number[]} seen indices of the values that changed in their four decimals
 * @property {number[]} examples that have such a value
 * @property {boolean} any whether any value changed at all
 */

/**
 * What an edit did.
 * @typedef {object} Summary
 * @property {string} sentence
 * @property {number[]} examples in which a hidden state changed
 * @property {boolean} isElsewhere whether all of them are out of sight
 */

/**
 * What an edit did to the hidden states, step by step.
 * @param {Payload} now
 * @param {Payload} before
 * @param {number[]} rows examples on screen
 * @returns {Summary}
 */
export function changeInWords(now, before, rows) {
  const changes = range(now.n_steps).map((t) => changeOf(t, now, before))
  const examples = range(now.batch).filter((row) => changes.some((change) => change.examples.includes(row)))
  const isElsewhere = examples.length > 0 && !examples.some((row) => rows.includes(row))
  const sentence = examples.length ? grouped(changes, now, rows).join(" ") : nothingChanged(now, before, changes, rows)
  return { sentence, examples, isElsewhere }
}

/**
 * @param {number} t
 * @param {Payload} now
 * @param {Payload} before
 * @returns {Change}
 */
function changeOf(t, now, before) {
  const [values, old] = [now, before].map((data) => [...valuesOf(data, `Y${t}`)])
  const seen = range(values.length).filter((i) => written(values[i]) !== written(old[i]))
  const examples = [...new Set(seen.map((i) => rowOf(i, now)))]
  return { seen, examples, any: values.some((value, i) => value !== old[i]) }
}

/**
 * The example that number `index` of a state belongs to.
 * @param {number} index
 * @param {Payload} data
 * @returns {number}
 */
function rowOf(index, data) {
  return Math.floor(index / data.n_neurons)
}

/**
 * One sentence for each run of steps that changed alike.
 * @param {Change[]} changes
 * @param {Payload} now
 * @param {number[]} rows examples on screen
 * @returns {string[]}
 */
function grouped(changes, now, rows) {
  const { text, names } = now
  const last = changes.length - 1
  const size = now.batch * now.n_neurons
  if (last > 0 && changes.every(({ seen }) => seen.length === size)) {
    return [fill(text.all_changed, { first: names.Y0, last: names[`Y${last}`] })]
  }
  const sentences = []
  for (let first = 0; first < changes.length; ) {
    let end = first
    while (changes[end + 1] && isAlike(changes[end + 1], changes[first])) end++
    const ends = { first: names[`Y${first}`], last: names[`Y${end}`] }
    const states = end === first ? ends.first : fill(text.states, ends)
    sentences.push(statesInWords(changes[first], states, end - first + 1, now, rows))
    first = end + 1
  }
  return sentences
}

/**
 * @param {Change} a
 * @param {Change} b
 * @returns {boolean}
 */
function isAlike(a, b) {
  return String(a.examples) === String(b.examples) && a.seen.length === b.seen.length && a.any === b.any
}

/**
 * How some states changed. A batch counts its examples, a single example its neurons.
 * @param {Change} change
 * @param {string} states their names
 * @param {number} count how many states
 * @param {Payload} now
 * @param {number[]} rows examples on screen
 * @returns {string}
 */
function statesInWords({ seen, examples, any }, states, count, { batch, n_neurons: neurons, text }, rows) {
  if (!seen.length) return plural(any ? text.changed_slightly : text.unchanged, count, { states })
  if (seen.length === batch * neurons && batch === 1) return fill(text.changed, { states })
  if (batch === 1) return plural(text.changed_neurons, neurons, { states, changed: seen.length })
  if (!examples.some((row) => rows.includes(row))) {
    return plural(text.changed_elsewhere, batch, { states, changed: examples.length })
  }
  if (examples.length === 1 && rows.length === 1) return fill(text.changed_here_only, { states })
  return plural(text.changed_examples, batch, { states, changed: examples.length })
}

/**
 * Why no state changed: the largest change of a pre-activation, on screen if there is one, if the
 * activation hides it.
 * @param {Payload} now
 * @param {Payload} before
 * @param {Change[]} changes
 * @param {number[]} rows examples on screen
 * @returns {string}
 */
function nothingChanged(now, before, changes, rows) {
  const [values, old] = [now.tensors.z, before.tensors.z]
  const size = now.batch * now.n_neurons
  const moved = range(values.length).filter((i) => written(values[i]) !== written(old[i]))
  const onScreen = moved.filter((i) => rows.includes(rowOf(i % size, now)))
  const candidates = onScreen.length ? onScreen : moved
  if (!candidates.length) {
    return changes.some(({ any }) => any) ? now.text.none_changed_visibly : now.text.none_changed
  }
  /** @param {number} i */
  const distance = (i) => Math.abs(values[i] - old[i])
  const i = candidates.reduce((best, each) => (distance(each) > distance(best) ? each : best))
  const [t, index] = [Math.floor(i / size), i % size]
  const place = `[${rowOf(index, now)}, ${index % now.n_neurons}]`
  const isOnlyOne = now.n_neurons === 1 && rows.length === 1 && onScreen.length > 0
  const z = now.names[`z${t}`] + (isOnlyOne ? "" : place)
  const [from, to] = shortest(old[i], values[i])
  return fill(now.text.change_lost, { z, from, to, activation: now.activation, value: written(now.tensors.Y[i]) })
}

/**
 * Two numbers with as few decimals as tell them apart.
 * @param {number} a
 * @param {number} b
 * @returns {[string, string]}
 */
export function shortest(a, b) {
  const digits = range(4).find((decimals) => decimals > 0 && a.toFixed(decimals) !== b.toFixed(decimals)) ?? 4
  return [a.toFixed(digits), b.toFixed(digits)]
}
