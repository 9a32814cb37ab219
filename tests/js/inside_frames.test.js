import assert from "node:assert/strict"
import { test } from "node:test"

import { frameSentence, split, statesUpTo } from "../../assets/inside/frames.js"

test("a step has five frames, and its state stands there from the fourth one on", () => {
  assert.deepEqual([0, 4, 5, 13].map(split), [[0, 0], [0, 4], [1, 0], [2, 3]])
  assert.deepEqual([0, 2, 3, 4, 7, 8].map(statesUpTo), [0, 0, 1, 1, 1, 2])
})

test("a sentence says where the memory of a step comes from", () => {
  const text = { recurrent_now: "from {previous}", last_now: "{Y} is last", passed_on_now: "{Y} to {next}" }
  const names = { hx: "hx", X0: "X0", Y0: "Y0", z0: "z0", X1: "X1", Y1: "Y1", z1: "z1" }
  const data = { text, names, activation: "tanh", n_steps: 2 }
  assert.equal(frameSentence(1, data), "t = 0   from hx")
  assert.equal(frameSentence(6, data), "t = 1   from Y0")
  assert.equal(frameSentence(4, data), "t = 0   Y0 to 1")
  assert.equal(frameSentence(9, data), "t = 1   Y1 is last")
})
