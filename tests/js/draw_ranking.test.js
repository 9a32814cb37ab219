import assert from "node:assert/strict"
import test from "node:test"

import { cellAt, ranked, spread } from "../../assets/draw/ranking.js"

test("classes are ranked by probability, equal ones in their own order", () => {
  assert.deepEqual(ranked([0.1, 0.6, 0.1, 0.2]), [1, 3, 0, 2])
  assert.deepEqual(ranked(new Float32Array([0, 0, 1])), [2, 0, 1])
})

test("positions that are far apart stay where they are", () => {
  assert.deepEqual(spread([0, 20, 50], 10, 100), [0, 20, 50])
})

test("crowded positions keep their distance and their order, within the limit", () => {
  for (const positions of [[0, 0, 0], [98, 99, 100], [5, 6, 100], [50, 100, 100]]) {
    const places = spread(positions, 10, 100)
    places.slice(1).forEach((place, i) => assert.ok(place - places[i] >= 10))
    assert.ok(places[2] <= 100)
  }
})

test("no positions give no places", () => assert.deepEqual(spread([], 10, 100), []))

test("the cell under the pointer, and the nearest one beyond the edge", () => {
  assert.equal(cellAt(0, 28), 0)
  assert.equal(cellAt(0.5, 28), 14)
  assert.equal(cellAt(1, 28), 27)
  assert.equal(cellAt(-0.1, 28), 0)
  assert.equal(cellAt(1.1, 28), 27)
})
