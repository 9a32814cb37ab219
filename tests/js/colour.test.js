import assert from "node:assert/strict"
import { test } from "node:test"

import { diverging, luminance, mix, rgb, textOn } from "../../assets/shared/colour.js"

const PALETTE = { background: "#ffffff", negative: "#0000ff", positive: "#ff8000" }

/** The contrast ratio of two luminances, as WCAG 2 defines it. */
function contrast(a, b) {
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}

test("a colour is read channel by channel", () => {
  assert.deepEqual(rgb("#00ff7f"), [0, 255, 127])
  assert.deepEqual(rgb("#00ff7f"), [0, 255, 127])
})

test("a mixed colour lies between its ends and never beyond them", () => {
  assert.deepEqual(mix("#000000", "#ff8040", 0), [0, 0, 0])
  assert.deepEqual(mix("#000000", "#ff8040", 0.5), [128, 64, 32])
  assert.deepEqual(mix("#000000", "#ff8040", 7), [255, 128, 64])
  assert.deepEqual(mix("#000000", "#ff8040", -1), [0, 0, 0])
})

test("zero is the background and the ends are the colours of the signs", () => {
  assert.deepEqual(diverging(0, PALETTE), [255, 255, 255])
  assert.deepEqual(diverging(1, PALETTE), [255, 128, 0])
  assert.deepEqual(diverging(-1, PALETTE), [0, 0, 255])
  assert.deepEqual(diverging(-3, PALETTE), diverging(-1, PALETTE))
})

test("luminance goes from black to white", () => {
  assert.equal(luminance([0, 0, 0]), 0)
  assert.ok(Math.abs(luminance([255, 255, 255]) - 1) < 1e-9)
  assert.ok(Math.abs(luminance([255, 0, 0]) - 0.2126) < 1e-9)
})

test("text on any colour has a contrast of at least 4.5", () => {
  for (let red = 0; red < 256; red += 15) {
    for (let green = 0; green < 256; green += 15) {
      for (let blue = 0; blue < 256; blue += 15) {
        const background = luminance([red, green, blue])
        const text = textOn([red, green, blue]) === "#fff" ? 1 : 0
        assert.ok(contrast(background, text) >= 4.5, `${[red, green, blue]}`)
      }
    }
  }
})
