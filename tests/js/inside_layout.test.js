import assert from "node:assert/strict"
import { test } from "node:test"

import { layoutOf } from "../../assets/inside/layout.js"

/** A network whose numbers are all alike. */
function network({ steps = 2, neurons = 1, inputs = 1, batch = 1, value = 0.5 } = {}) {
  const of = (n) => new Float32Array(n).fill(value)
  const states = steps * batch * neurons
  return {
    n_steps: steps, n_neurons: neurons, n_inputs: inputs, batch, titles: { hx: "hx" },
    tensors: {
      X: new Float32Array(steps * batch * inputs).fill(1), hx: of(batch * neurons), Wx: of(inputs * neurons),
      Wy: of(neurons * neurons), b: of(neurons), input: of(states), z: of(states), Y: of(states),
    },
  }
}

const WIDE = { rows: [0], numbers: true, width: 660 }

/** Every pair of matrices that overlap. */
function overlaps({ places, cellHeight }) {
  const boxes = places.map(({ id, x, y, rows, cols, cell }) =>
    ({ id, x, y, right: x + cols * cell, bottom: y + rows.length * cellHeight }))
  return boxes.flatMap((a, i) => boxes.slice(i + 1)
    .filter((b) => a.x < b.right && b.x < a.right && a.y < b.bottom && b.y < a.bottom)
    .map((b) => `${a.id} ${b.id}`))
}

test("no two matrices overlap, and all are inside the sheet", () => {
  for (const steps of [1, 2, 12]) {
    for (const neurons of [1, 5, 16]) {
      for (const inputs of [1, 4, 8]) {
        const layout = layoutOf(network({ steps, neurons, inputs, batch: 2 }), { ...WIDE, rows: [0, 1] })
        assert.deepEqual(overlaps(layout), [])
        for (const { x, y, cols, rows, cell } of layout.places) {
          assert.ok(x >= 0 && x + cols * cell <= layout.width)
          assert.ok(y >= 0 && y + rows.length * layout.cellHeight <= layout.height)
        }
      }
    }
  }
})

test("a small network fits into its frame, a long one keeps its weights beside any step", () => {
  assert.ok(layoutOf(network({ inputs: 4 }), WIDE).width <= WIDE.width)
  const long = layoutOf(network({ steps: 12 }), WIDE)
  assert.ok(long.width > WIDE.width)
  assert.equal(long.isPinned, true)
  for (const { id, x, cols, cell } of long.places) {
    assert.equal(x + cols * cell <= long.pinned, ["hx", "Wx", "Wy", "b"].includes(id))
  }
})

test("weights that would leave no room for a step scroll with the steps", () => {
  assert.equal(layoutOf(network({ neurons: 16 }), { ...WIDE, width: 330 }).isPinned, false)
})

test("a few neurons keep their size without numbers, many become small", () => {
  const cellOf = (neurons, numbers) => layoutOf(network({ neurons }), { ...WIDE, numbers }).places[0].cell
  assert.equal(cellOf(5, false), cellOf(5, true))
  assert.ok(cellOf(16, false) < cellOf(16, true))
})

test("longer numbers and larger type widen the cells", () => {
  const cell = (value, size) => layoutOf(network({ neurons: 5, value }), { ...WIDE, size }).places[0].cell
  assert.ok(cell(-13.25) > cell(0.5))
  assert.equal(cell(0.5, 20), Math.ceil(cell(0.5) * 1.25))
})

test("a title that needs two lines has room for them", () => {
  const data = network()
  const long = { ...data, titles: { hx: "h: memory before the first step (zeros)" } }
  const [short, tall] = [data, long].map((it) => layoutOf(it, WIDE).places[0].y)
  assert.equal(tall - short, 16)
})
