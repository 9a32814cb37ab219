import assert from "node:assert/strict"
import { test } from "node:test"

import { byErrors, linear, linearTicks, logarithmic, logTicks, rangeOf } from "../../assets/train/scale.js"

const accuracy = { usual: [50, 100], limits: [0, 100] }
const loss = { usual: [0, 1], limits: [0, null] }
const norm = { usual: null, limits: [0, null] }

test("ticks are round numbers within the range", () => {
  assert.deepEqual(linearTicks(0, 1, 5), [0, 0.2, 0.4, 0.6, 0.8, 1])
  assert.deepEqual(linearTicks(0, 10, 10), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  assert.deepEqual(linearTicks(0.013, 0.027, 3), [0.015, 0.02, 0.025])
  assert.deepEqual(linearTicks(0.3, 0.3000001, 1), [0.3, 0.3000001])
})

test("logarithmic ticks are 1, 2 and 5 times powers of ten, or powers alone if these are many", () => {
  assert.deepEqual(logTicks(0.1, 1, 5), [0.1, 0.2, 0.5, 1])
  assert.deepEqual(logTicks(1e-4, 1, 5), [1e-4, 1e-3, 1e-2, 1e-1, 1])
})

test("equal ratios are equally far apart on a logarithmic scale, and 0 has a place", () => {
  const { to } = logarithmic
  assert.ok(Math.abs(to(1) - to(0.1) - (to(0.1) - to(0.01))) < 1e-12)
  assert.ok(Number.isFinite(to(0)))
  const [low, high] = rangeOf([[0, 0]], { usual: [0, 1], limits: [0, null] }, logarithmic, false)
  assert.ok(0 < low && low < high)
})

test("accuracies of 90, 99 and 99.9 % are equally far apart by errors, and 100 % has a place", () => {
  const { to } = byErrors
  assert.ok(Math.abs(to(99.9) - to(99) - (to(99) - to(90))) < 1e-9)
  assert.ok(Number.isFinite(to(100)))
  assert.deepEqual(byErrors.ticks(85, 99, 5), [90, 95, 98, 99])
})

test("an axis keeps its usual range while every curve ends in it and mostly lies in it", () => {
  assert.deepEqual(rangeOf([], accuracy, linear, false), [50, 100])
  assert.deepEqual(rangeOf([[]], accuracy, linear, false), [50, 100])
  assert.deepEqual(rangeOf([[10, ...Array(19).fill(97)]], accuracy, linear, false), [50, 100])
  assert.deepEqual(rangeOf([Array(10).fill(97), Array(10).fill(12)], accuracy, linear, false), [0, 100])
})

test("an axis follows a loss that explodes, however good the curve beside it is", () => {
  const published = [0.7, 0.3, 0.2]
  assert.deepEqual(rangeOf([published], loss, linear, false), [0, 1])
  assert.deepEqual(rangeOf([published, [2.3, 102, 102]], loss, linear, false), [0, 250])
  assert.deepEqual(rangeOf([published, [...Array(99).fill(0.2), 30]], loss, linear, false), [0, 50])
})

test("an axis follows a weak run of one epoch", () => {
  const weak = Array.from({ length: 20 }, (_, i) => 2.3 - 0.07 * i)
  assert.deepEqual(rangeOf([Array(300).fill(0.1), weak], loss, linear, false), [0, 2.5])
})

test("a zoomed axis fits its values, within its limits", () => {
  const [low, high] = rangeOf([[97, 98, 99]], accuracy, linear, true)
  assert.ok(96 < low && low < 97)
  assert.ok(98 < high && high <= 100)
  assert.equal(rangeOf([[100, 100]], accuracy, linear, true)[1], 100)
})

test("an axis without a usual range begins at 0 and survives equal and infinite values", () => {
  assert.equal(rangeOf([[1, 2, 3]], norm, linear, false)[0], 0)
  const [low, high] = rangeOf([[0, 0, Infinity, NaN]], norm, linear, false)
  assert.ok(low < high && Number.isFinite(high))
})

test("a low chart has two ticks, whatever its values are", () => {
  for (const most of [0.00012, 0.9, 1.4, 3, 4.9, 7, 48, 1234, 1e9]) {
    const [low, high] = rangeOf([[0, most]], norm, linear, false)
    assert.ok(high >= most)
    assert.ok(linearTicks(low, high, 2).length >= 2, String(most))
  }
})
