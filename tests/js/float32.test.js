import assert from "node:assert/strict"
import { test } from "node:test"

import { bytes, unpack } from "../../assets/shared/float32.js"

test("base64 is decoded to bytes", () => {
  assert.deepEqual([...bytes("AAEC/v8=")], [0, 1, 2, 254, 255])
  assert.deepEqual([...bytes("")], [])
})

test("numbers are little-endian float32", () => {
  const text = Buffer.from([0, 0, 128, 63, 0, 0, 0, 192, 0, 0, 0, 0, 205, 204, 204, 61]).toString("base64")
  const { some, none } = unpack({ some: text, none: "" })
  assert.deepEqual([...some], [1, -2, 0, Math.fround(0.1)])
  assert.equal(none.length, 0)
})
