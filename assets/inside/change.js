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
 * What an edit did to the hidden states, step by step.
 * @param {Payload} now
 * @param {Payload} before
 * @param {number[]} rows examples on screen
 * @returns {string}
 */
export function changeInWords(now, before, rows) {
  const changes = range(now.n_steps).map((t) => changeOf(t, now, before))
  if (changes.every(({ seen }) => seen.length === 0)) return nothingChanged(now, before, changes)
  const isElsewhere = !changes.some(({ seen }) => seen.some((i) => rows.includes(rowOf(i, now))))
  const sentences = [...grouped(changes, now), ...(isElsewhere ? [now.text.not_on_screen] : [])]
  return sentences.join(" ")
}

/**
 * How the state after a step changed.
 * @typedef {object} Change
 * @property {number} n how many numbers there are
 * @property {number[]} seen indices of those that changed on screen, in four decimals
 * @property {boolean} any whether any changed at all
 */

/**
 * @param {number} t
 * @param {Payload} now
 * @param {Payload} before
 * @returns {Change}
 */
function changeOf(t, now, before) {
  const [values, old] = [now, before].map((data) => [...valuesOf(data, `Y${t}`)])
  const seen = range(values.length).filter((i) => written(values[i]) !== written(old[i]))
  return { n: values.length, seen, any: values.some((value, i) => value !== old[i]) }
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
 * @returns {string[]}
 */
function grouped(changes, now) {
  const { text, names } = now
  const allChanged = changes.every(({ n, seen }) => seen.length === n)
  const last = changes.length - 1
  if (allChanged && last > 0) {
    return [fill(text.all_changed, { first: names.Y0, last: names[`Y${last}`] })]
  }
  const sentences = []
  for (let first = 0; first < changes.length; ) {
    let end = first
    while (changes[end + 1] && isAlike(changes[end + 1], changes[first])) end++
    const ends = { first: names[`Y${first}`], last: names[`Y${end}`] }
    const states = end === first ? ends.first : fill(text.states, ends)
    sentences.push(sentence(changes[first], states, end - first + 1, text))
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
  return a.seen.length === b.seen.length && a.any === b.any
}

/**
 * @param {Change} change
 * @param {string} states their names
 * @param {number} count how many states
 * @param {import("./cells.js").Text} text
 * @returns {string}
 */
function sentence({ n, seen, any }, states, count, text) {
  if (seen.length === n) return fill(text.changed_wholly, { states })
  if (seen.length) return plural(text.changed_partly, n, { states, changed: seen.length })
  return plural(any ? text.changed_slightly : text.unchanged, count, { states })
}

/**
 * Why no state changed: the largest change of a pre-activation, if the activation hides it.
 * @param {Payload} now
 * @param {Payload} before
 * @param {Change[]} changes
 * @returns {string}
 */
function nothingChanged(now, before, changes) {
  const [values, old] = [now.tensors.z, before.tensors.z]
  const sizes = [...values].map((value, i) => Math.abs(value - old[i]))
  const i = sizes.indexOf(Math.max(...sizes))
  const [from, to] = [old[i], values[i]].map((value) => written(value))
  if (from === to) {
    return changes.some(({ any }) => any) ? now.text.none_changed_visibly : now.text.none_changed
  }
  const size = now.batch * now.n_neurons
  const [t, index] = [Math.floor(i / size), i % size]
  const z = `${now.names[`z${t}`]}[${rowOf(index, now)}, ${index % now.n_neurons}]`
  const value = written(now.tensors.Y[i])
  return fill(now.text.change_lost, { z, from, to, activation: now.activation, value })
}
