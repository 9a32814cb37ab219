import assert from "node:assert/strict"
import { test } from "node:test"

import { readEntry } from "../../assets/inside/entry.js"
import { codeParts } from "../../assets/inside/marked_text.js"
import { courses, coursesInWords } from "../../assets/inside/strip_chart.js"

test("what was typed is a number within the limit, or says what is wrong", () => {
  assert.deepEqual(readEntry("-2,5", 100), { value: -2.5 })
  assert.deepEqual(readEntry("\u22121", 100), { value: -1 })
  assert.deepEqual(readEntry("100", 100), { value: 100 })
  assert.deepEqual(readEntry("", 100), { problem: "empty" })
  assert.deepEqual(readEntry("two", 100), { problem: "not_a_number" })
  assert.deepEqual(readEntry("-101", 100), { problem: "out_of_range" })
  assert.deepEqual(readEntry("1e999", 100), { problem: "out_of_range" })
})

test("what stands in backticks is code", () => {
  assert.deepEqual(codeParts("Set `Wy` to 0"), [
    { text: "Set ", isCode: false }, { text: "Wy", isCode: true }, { text: " to 0", isCode: false },
  ])
  assert.deepEqual(codeParts("`Y1`"), [{ text: "Y1", isCode: true }])
  assert.deepEqual(codeParts("<b>no</b>"), [{ text: "<b>no</b>", isCode: false }])
})

test("the course of a neuron is its state at every step so far, in one example", () => {
  const Y = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12) // 3 steps, 2 examples, 2 neurons
  const data = { n_steps: 3, n_neurons: 2, tensors: { Y } }
  assert.deepEqual(courses(data, 1, 3), [[3, 7, 11], [4, 8, 12]])
  assert.deepEqual(courses(data, 0, 1), [[1], [2]])
  const words = coursesInWords(courses(data, 1, 2), { course: "n{neuron}: {values}" })
  assert.equal(words, "n0: 3.0000, 7.0000; n1: 4.0000, 8.0000")
})
