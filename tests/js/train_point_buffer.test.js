import assert from "node:assert/strict"
import { test } from "node:test"

import { PointBuffer } from "../../assets/train/point_buffer.js"

const columns = ["epoch", "epoch_done", "loss"]

/** Data with points number `first` to `last` of a curve. */
function sent(first, last, { curve = "run/1", base = first, digits = { source: "" }, words = { name: "en" } } = {}) {
  const points = []
  for (let i = first; i <= last; i++) points.push([i / 10, i % 10 === 0, i])
  return { columns, runs: [{ curve, base, points, name: "", colour: "", changes: [] }], digits, words }
}

/** A buffer that has the words "en". */
function newBuffer() {
  const buffer = new PointBuffer()
  buffer.words.set("en", { text: {}, terms: {}, charts: [] })
  return buffer
}

function losses(buffer, data) {
  const { batches, epochs } = buffer.drawable(data.runs[0])
  return [...batches, ...epochs].map((point) => point.loss).sort((a, b) => a - b)
}

test("points that come again replace those that are here", () => {
  const buffer = newBuffer()
  buffer.receive(sent(0, 4))
  assert.deepEqual(losses(buffer, sent(0, 4)), [0, 1, 2, 3, 4])
  buffer.receive(sent(3, 6))
  assert.deepEqual(losses(buffer, sent(3, 6)), [0, 1, 2, 3, 4, 5, 6])
  buffer.receive(sent(0, 1))
  assert.deepEqual(losses(buffer, sent(0, 1)), [0, 1])
})

test("the ends of epochs are kept apart from other points", () => {
  const buffer = newBuffer()
  const data = sent(1, 20, { base: 0 })
  buffer.receive(data)
  const { batches, epochs } = buffer.drawable(data.runs[0])
  assert.deepEqual(epochs.map((point) => point.epoch), [1, 2])
  assert.equal(batches.length, 18)
})

test("a few new points are not acknowledged, many are", () => {
  const buffer = newBuffer()
  assert.deepEqual(buffer.receive(sent(0, 9)), { complete: true, acknowledgement: null })
  assert.deepEqual(buffer.receive(sent(0, 49)), { complete: true, acknowledgement: { "run/1": 50, "words/en": 1 } })
})

test("a gap is reported, so that the server sends everything again", () => {
  const buffer = newBuffer()
  assert.deepEqual(buffer.receive(sent(60, 62)), { complete: false, acknowledgement: { "run/1": 0, "words/en": 1 } })
  buffer.receive(sent(0, 62))
  assert.equal(losses(buffer, sent(0, 62)).length, 63)
})

test("curves that are not shown any more are forgotten", () => {
  const buffer = newBuffer()
  buffer.receive(sent(0, 4))
  buffer.receive(sent(0, 2, { curve: "run/2" }))
  assert.deepEqual([...buffer.points.keys()], ["run/2"])
})

test("images are kept by the name of their source", () => {
  const buffer = newBuffer()
  const digits = { source: "mnist", images: btoa("\x00\xff"), labels: [7] }
  assert.deepEqual(buffer.receive(sent(0, 1, { digits })).acknowledgement, { "run/1": 2, "digits/mnist": 1, "words/en": 1 })
  assert.deepEqual([...buffer.digits.get("mnist").images], [0, 255])
  const again = { digits: { source: "mnist" } }
  assert.deepEqual(buffer.receive(sent(0, 1, again)), { complete: true, acknowledgement: null })
  const other = { digits: { source: "synthetic" } }
  assert.equal(buffer.receive(sent(0, 1, other)).complete, false)
})

test("words are kept by their name, and asked for where they are missing", () => {
  const buffer = new PointBuffer()
  const words = { name: "de", text: { log: "Log" }, terms: {}, charts: [] }
  assert.deepEqual(buffer.receive(sent(0, 1, { words: { name: "de" } })), { complete: false, acknowledgement: { "run/1": 2 } })
  assert.deepEqual(buffer.receive(sent(0, 1, { words })).acknowledgement, { "run/1": 2, "words/de": 1 })
  assert.equal(buffer.words.get("de").text.log, "Log")
  assert.equal(buffer.receive(sent(0, 1, { words: { name: "de" } })).acknowledgement, null)
})
