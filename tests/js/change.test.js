import assert from "node:assert/strict"
import { test } from "node:test"

import { changeInWords, withoutRounding } from "../../assets/inside/change.js"

/** Which sentence was chosen and what it was filled with, instead of the sentence. */
const TEXT = {
  states: "{first}-{last}",
  unchanged: { forms: ["unchanged {states}"], index: "0" },
  changed_slightly: { forms: ["slightly {states}"], index: "0" },
  changed_partly: { forms: ["partly {states} {changed}/{n}"], index: "0" },
  changed_wholly: "wholly {states}",
  all_changed: "all {first}-{last}",
  not_on_screen: "elsewhere",
  none_changed: "none",
  none_changed_visibly: "none visibly",
  change_lost: "lost {z} {from} {to} {activation} {value}",
}

/** A payload with 3 steps, 2 examples and 1 neuron. */
function payload(z, Y) {
  const names = Object.fromEntries([0, 1, 2].flatMap((t) => [[`Y${t}`, `Y${t}`], [`z${t}`, `z${t}`]]))
  const tensors = { z: Float32Array.from(z), Y: Float32Array.from(Y) }
  return { n_steps: 3, batch: 2, n_neurons: 1, activation: "tanh", tensors, names, text: TEXT }
}

const BEFORE = payload([1, 2, 3, 4, 5, 6], [0.1, 0.2, 0.3, 0.4, 0.5, 0.6])

/** The sentences for states that change so. */
function inWords(Y, { z = [...BEFORE.tensors.z], rows = [0, 1] } = {}) {
  return changeInWords(payload(z, Y), BEFORE, rows)
}

test("steps that changed alike share a sentence", () => {
  assert.equal(inWords([0.1, 0.2, 0.9, 0.4, 0.9, 0.6]), "unchanged Y0 partly Y1-Y2 1/2")
  assert.equal(inWords([0.1, 0.2, 0.3, 0.4, 0.9, 0.9]), "unchanged Y0-Y1 wholly Y2")
  assert.equal(inWords([0.9, 0.9, 0.9, 0.9, 0.9, 0.9]), "all Y0-Y2")
  assert.equal(inWords([0.1, 0.2, 0.300001, 0.4, 0.9, 0.6]), "unchanged Y0 slightly Y1 partly Y2 1/2")
})

test("a change of another example than the one on screen is named as such", () => {
  const Y = [0.1, 0.2, 0.3, 0.9, 0.5, 0.9]
  assert.equal(inWords(Y, { rows: [0] }), "unchanged Y0 partly Y1-Y2 1/2 elsewhere")
  assert.equal(inWords(Y, { rows: [1] }), "unchanged Y0 partly Y1-Y2 1/2")
  assert.equal(inWords(Y), "unchanged Y0 partly Y1-Y2 1/2")
})

test("if no state changed, the sentence names the activation that hides it", () => {
  const Y = [...BEFORE.tensors.Y]
  assert.equal(inWords(Y, { z: [1, 2, 3, 7.5, 5, 6.1] }), "lost z1[1, 0] 4.0000 7.5000 tanh 0.4000")
})

test("without any visible change there is one sentence", () => {
  const Y = [...BEFORE.tensors.Y]
  assert.equal(inWords(Y), "none")
  assert.equal(inWords([...Y.slice(0, 5), 0.600001]), "none visibly")
})

test("what rounding does to a number is no change, what an edit does is one", () => {
  const now = { tensors: { z: Float32Array.of(1000.0001, 1, 5) } }
  const before = { tensors: { z: Float32Array.of(1000, 1.01, 5) } }
  const { tensors } = withoutRounding(before, now)
  assert.equal(tensors.z[0], now.tensors.z[0])
  assert.equal(tensors.z[1], before.tensors.z[1])
  assert.equal(tensors.z[2], 5)
})
