import assert from "node:assert/strict"
import { test } from "node:test"

import {
  curveOf, epochMeans, nearest, pointAt, smoothed, tutorialCurve, valueText,
} from "../../assets/train/curves.js"

const points = [0.1, 0.2, 0.4, 1].map((epoch) => ({ epoch, loss: 1 / epoch }))
const run = { batches: points, epochs: [{ epoch: 1, loss: 0.5 }, { epoch: 2, loss: null }] }

test("a curve leaves out the points that lack the metric", () => {
  assert.deepEqual(curveOf([{ epoch: 1, loss: 0 }, { epoch: 2, loss: null }, { epoch: 3 }], "loss"), [[1, 0]])
})

test("means stand in the middle of their epoch", () => {
  assert.deepEqual(epochMeans(run, "loss"), [[0.5, 0.5]])
  assert.deepEqual(tutorialCurve([0.7, 0.3]), [[0.5, 0.7], [1.5, 0.3]])
})

test("smoothing keeps a constant, and starts without a bias towards 0", () => {
  const constant = points.map(({ epoch }) => [epoch, 3])
  for (const [, value] of smoothed(constant)) assert.ok(Math.abs(value - 3) < 1e-12)
  const [first, second] = smoothed([[0.05, 2], [0.1, 4]])
  assert.equal(first[1], 2)
  assert.ok(second[1] > 2 && second[1] < 4)
})

test("smoothing weighs by distance in epochs, not by number of points", () => {
  const [, near] = smoothed([[1, 0], [1.01, 1]])
  const [, far] = smoothed([[1, 0], [2, 1]])
  assert.ok(near[1] < 0.2)
  assert.ok(far[1] > 0.99)
})

test("the nearest point is found, also before the first and after the last", () => {
  const found = [-1, 0.14, 0.16, 0.29, 0.31, 0.9, 5].map((epoch) => nearest(points, epoch).epoch)
  assert.deepEqual(found, [0.1, 0.1, 0.2, 0.2, 0.4, 1, 1])
})

test("a run is read up to half an epoch beyond its last point", () => {
  assert.equal(pointAt(run, 1.4)?.epoch, 1)
  assert.equal(pointAt(run, 1.6), undefined)
  assert.equal(pointAt({ batches: [], epochs: [] }, 0), undefined)
})

test("a value has its decimals, or four significant digits, and its unit", () => {
  assert.equal(valueText(0.19573, { decimals: 4, unit: "" }), "0.1957")
  assert.equal(valueText(100, { decimals: 2, unit: "%" }), "100.00 %")
  assert.equal(valueText(0.00012345, { decimals: null, unit: "" }), "0.0001234")
  assert.equal(valueText(0.001, { decimals: null, unit: "" }), "0.001")
  assert.equal(valueText(8e-9, { decimals: null, unit: "" }), "0.000000008")
  assert.equal(valueText(-0, { decimals: null, unit: "" }), "0")
  assert.equal(valueText(12345.6, { decimals: null, unit: "" }), "12350")
  assert.equal(valueText(2.5e21, { decimals: 4, unit: "" }), "2.5e+21")
})
