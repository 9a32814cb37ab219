import assert from "node:assert/strict"
import test from "node:test"

import { cellAt, guessesOf, ranked, withRoom } from "../../assets/draw/ranking.js"

test("classes are ranked by probability, equal ones in their own order", () => {
  assert.deepEqual(ranked([0.1, 0.6, 0.1, 0.2]), [1, 3, 0, 2])
  assert.deepEqual(ranked(new Float32Array([0, 0, 1])), [2, 0, 1])
})

test("guesses change their digit each time, and improbable ones do not count", () => {
  const rows = [[0.2, 0.2], [0.1, 0.8], [0.2, 0.6], [0.5, 0.4], [0.1, 0.2], [0.7, 0.1], [0.1, 0.9]]
  assert.deepEqual(guessesOf(rows, 25), [1, 0, 1])
  assert.deepEqual(guessesOf([[0.2, 0.1]], 25), [])
})

test("a label without room beside a more important one is left out, none is moved", () => {
  assert.deepEqual(withRoom([0, 100, 95, 50, 58], 10), [0, 1, 3])
  assert.deepEqual(withRoom([], 10), [])
})

test("the cell under the pointer, and the nearest one beyond the edge", () => {
  assert.equal(cellAt(0, 28), 0)
  assert.equal(cellAt(0.5, 28), 14)
  assert.equal(cellAt(1, 28), 27)
  assert.equal(cellAt(-0.1, 28), 0)
  assert.equal(cellAt(1.1, 28), 27)
})
