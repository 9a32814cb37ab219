import assert from "node:assert/strict"
import { test } from "node:test"

import { address, affects, indexed, isSource, valuesOf, written } from "../../assets/inside/cells.js"

/** A place in a tensor such as "Y1"; hx, Wx, Wy and b have t = -1. */
function place(id, row, column) {
  const t = Number(/\d+$/.exec(id)?.[0] ?? -1)
  return { tensor: { id, t, perExample: !["Wx", "Wy", "b"].includes(id) }, row, column }
}

/** Every place of a network with 3 steps, 2 examples, 2 inputs and 2 neurons. */
const PLACES = ["hx", "Wx", "Wy", "b", ...[0, 1, 2].flatMap((t) => [`X${t}`, `z${t}`, `Y${t}`])].flatMap((id) =>
  (id === "b" ? [0] : [0, 1]).flatMap((row) => [0, 1].map((column) => place(id, row, column))))

test("computed numbers have four decimals, typed ones are as one would type them", () => {
  assert.equal(written(0.5), "0.5000")
  assert.equal(written(-0.00004), "-0.0000")
  assert.equal(written(12345.678), "1.235e+4")
  assert.equal(written(Math.fround(0.1), "X1"), "0.1")
  assert.equal(written(2, "Wx"), "2")
  assert.equal(written(2.5, "Wx"), "2.5000")
})

test("a number is named as PyTorch indexes it", () => {
  const names = { Y1: "output[1]", b: "b" }
  assert.equal(indexed(names, place("Y1", 0, 2)), "output[1][0, 2]")
  assert.equal(indexed(names, place("b", 0, 2)), "b[2]")
})

test("the values of a step are cut out of all steps", () => {
  const data = { n_steps: 2, tensors: { X: Float32Array.of(1, 2, 3, 4), b: Float32Array.of(5) } }
  assert.deepEqual([...valuesOf(data, "X0")], [1, 2])
  assert.deepEqual([...valuesOf(data, "X1")], [3, 4])
  assert.deepEqual([...valuesOf(data, "b")], [5])
})

test("inputs, the start and the parameters can be edited, computed numbers cannot", () => {
  assert.deepEqual(address(place("X2", 1, 0)), { name: "X", index: [2, 1, 0] })
  assert.deepEqual(address(place("hx", 1, 0)), { name: "hx", index: [1, 0] })
  assert.deepEqual(address(place("Wy", 1, 0)), { name: "Wy", index: [1, 0] })
  assert.deepEqual(address(place("b", 0, 1)), { name: "b", index: [1] })
  assert.equal(address(place("z0", 0, 0)), null)
  assert.equal(address(place("Y0", 0, 0)), null)
})

test("a number affects exactly what is computed from it, directly or over others", () => {
  const next = (from) => PLACES.filter((to) => isSource(from, to))
  for (const from of PLACES) {
    const reached = new Set()
    const queue = [from]
    while (queue.length) {
      for (const to of next(queue.pop())) if (!reached.has(to)) queue.push(reached.add(to) && to)
    }
    const expected = PLACES.filter((to) => reached.has(to))
    assert.deepEqual(PLACES.filter((to) => affects(from, to)), expected, `${from.tensor.id}[${from.row}, ${from.column}]`)
  }
})
