import assert from "node:assert/strict"
import test from "node:test"

import { stepAt } from "../../assets/draw/steps.js"

const STEPS = [
  { placement: { scale: 1, left: 0, top: 0 }, box: 0, mass: 0, image: 0, text: "first" },
  { placement: { scale: 3, left: -4, top: 2 }, box: 1, mass: 0.5, image: 0, text: "second" },
  { placement: { scale: 3, left: 6, top: 2 }, box: 0, mass: 0, image: 1, text: "third" },
]

test("at a whole number it is that step", () => {
  STEPS.forEach((step, i) => assert.deepEqual(stepAt(STEPS, i), step))
})

test("half way it is the mean of both steps", () => {
  const { placement, box, mass, image } = stepAt(STEPS, 0.5)
  assert.deepEqual(placement, { scale: 2, left: -2, top: 1 })
  assert.deepEqual([box, mass, image], [0.5, 0.25, 0])
})

test("it starts slowly, ends slowly and never goes back", () => {
  const lefts = Array.from({ length: 11 }, (_, i) => stepAt(STEPS, 1 + i / 10).placement.left)
  const moves = lefts.slice(1).map((left, i) => left - lefts[i])
  assert.ok(moves.every((move) => move > 0))
  assert.ok(moves[0] < moves[4] && moves[9] < moves[5])
})

test("the text is that of the nearer step", () => {
  assert.equal(stepAt(STEPS, 0.4).text, "first")
  assert.equal(stepAt(STEPS, 0.6).text, "second")
})
