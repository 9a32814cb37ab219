import assert from "node:assert/strict"
import { test } from "node:test"

import { changeInWords, shortest, withoutRounding } from "../../assets/inside/change.js"

/** Which sentence was chosen and what it was filled with, instead of the sentence. */
const TEXT = {
  states: "{first}-{last}",
  unchanged: { forms: ["unchanged {states}"], index: "0" },
  changed_slightly: { forms: ["slightly {states}"], index: "0" },
  changed: "changed {states}",
  changed_neurons: { forms: ["neurons {states} {changed}/{n}"], index: "0" },
  changed_examples: { forms: ["examples {states} {changed}/{n}"], index: "0" },
  changed_here_only: "here {states}",
  changed_elsewhere: { forms: ["elsewhere {states} {changed}/{n}"], index: "0" },
  all_changed: "all {first}-{last}",
  none_changed: "none",
  none_changed_visibly: "none visibly",
  change_lost: "lost {z} {from} {to} {activation} {value}",
}

/** A payload with 3 steps and 2 values a step: two examples of one neuron, or one of two. */
function payload(z, Y, batch = 2) {
  const names = Object.fromEntries([0, 1, 2].flatMap((t) => [[`Y${t}`, `Y${t}`], [`z${t}`, `z${t}`]]))
  const tensors = { z: Float32Array.from(z), Y: Float32Array.from(Y) }
  return { n_steps: 3, batch, n_neurons: 2 / batch, activation: "tanh", tensors, names, text: TEXT }
}

const BEFORE = payload([1, 2, 3, 4, 5, 6], [0.1, 0.2, 0.3, 0.4, 0.5, 0.6])

/** What is said of states that change so. */
function summary(Y, { z = [...BEFORE.tensors.z], rows = [0, 1], batch = 2 } = {}) {
  return changeInWords(payload(z, Y, batch), BEFORE, rows)
}

/** The sentences alone. */
const inWords = (...args) => summary(...args).sentence

test("steps that changed alike share a sentence", () => {
  assert.equal(inWords([0.1, 0.2, 0.9, 0.4, 0.9, 0.6]), "unchanged Y0 examples Y1-Y2 1/2")
  assert.equal(inWords([0.1, 0.2, 0.9, 0.4, 0.5, 0.9]), "unchanged Y0 examples Y1 1/2 examples Y2 1/2")
  assert.equal(inWords([0.1, 0.2, 0.3, 0.4, 0.9, 0.9]), "unchanged Y0-Y1 examples Y2 2/2")
  assert.equal(inWords([0.9, 0.9, 0.9, 0.9, 0.9, 0.9]), "all Y0-Y2")
  assert.equal(inWords([0.1, 0.2, 0.300001, 0.4, 0.9, 0.6]), "unchanged Y0 slightly Y1 examples Y2 1/2")
})

test("a change of another example than the one on screen is named as such", () => {
  const Y = [0.1, 0.2, 0.3, 0.9, 0.5, 0.9]
  const out = summary(Y, { rows: [0] })
  assert.deepEqual(out, { sentence: "unchanged Y0 elsewhere Y1-Y2 1/2", examples: [1], isElsewhere: true })
  assert.equal(inWords(Y, { rows: [1] }), "unchanged Y0 here Y1-Y2")
  assert.equal(summary(Y, { rows: [1] }).isElsewhere, false)
  assert.equal(inWords(Y), "unchanged Y0 examples Y1-Y2 1/2")
})

test("a single example counts its neurons, not examples", () => {
  const one = { batch: 1, rows: [0] }
  assert.equal(inWords([0.1, 0.2, 0.3, 0.9, 0.9, 0.9], one), "unchanged Y0 neurons Y1 1/2 changed Y2")
  assert.equal(inWords([0.9, 0.9, 0.9, 0.9, 0.9, 0.9], one), "all Y0-Y2")
})

test("if no state changed, the sentence names the activation that hides it", () => {
  const Y = [...BEFORE.tensors.Y]
  const z = [1, 2, 3, 7.5, 5, 6.1]
  assert.equal(inWords(Y, { z }), "lost z1[1, 0] 4.0 7.5 tanh 0.4000")
  assert.equal(inWords(Y, { z, rows: [1] }), "lost z1 4.0 7.5 tanh 0.4000") // the only one on screen
  assert.equal(inWords(Y, { z, rows: [0] }), "lost z1[1, 0] 4.0 7.5 tanh 0.4000")
})

test("without any visible change there is one sentence", () => {
  const Y = [...BEFORE.tensors.Y]
  assert.equal(inWords(Y), "none")
  assert.equal(inWords([...Y.slice(0, 5), 0.600001]), "none visibly")
})

test("two numbers have as few decimals as tell them apart", () => {
  assert.deepEqual(shortest(13.2707, 15.9301), ["13.3", "15.9"])
  assert.deepEqual(shortest(1.0012, 1.0034), ["1.001", "1.003"])
  assert.deepEqual(shortest(1.00001, 1.00002), ["1.0000", "1.0000"])
})

test("what rounding does to a number is no change, what an edit does is one", () => {
  const now = { tensors: { z: Float32Array.of(1000.0001, 1, 5) } }
  const before = { tensors: { z: Float32Array.of(1000, 1.01, 5) } }
  const { tensors } = withoutRounding(before, now)
  assert.equal(tensors.z[0], now.tensors.z[0])
  assert.equal(tensors.z[1], before.tensors.z[1])
  assert.equal(tensors.z[2], 5)
})
