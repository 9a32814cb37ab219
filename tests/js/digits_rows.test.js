import assert from "node:assert/strict"
import test from "node:test"

import { imagePixels, rowPixels, written } from "../../assets/digits/rows.js"

const images = Uint8Array.from({ length: 2 * 784 }, (_, i) => i % 256)

test("a row is the 28 bytes of its image, from 0 to 1", () => {
  const row = rowPixels(images, 1, 2)
  assert.equal(row.length, 28)
  row.forEach((value, column) => {
    assert.equal(value, Math.fround(images[784 + 2 * 28 + column] / 255))
  })
  assert.equal(imagePixels(images, 0).length, 784)
})

test("numbers take two decimals, except 0 and 1", () => {
  assert.deepEqual([0, 1, 0.5, 1 / 255].map(written), ["0", "1", "0.50", "0.00"])
})
