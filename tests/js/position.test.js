import assert from "node:assert/strict"
import { test } from "node:test"

import { recall, remember } from "../../assets/shared/position.js"

/** Session storage as a browser has it: text by text. */
function storage() {
  const texts = new Map()
  return {
    getItem: (name) => texts.get(name) ?? null,
    setItem: (name, text) => texts.set(name, String(text)),
  }
}

test("a frame comes back for the same picture only", () => {
  globalThis.sessionStorage = storage()
  remember("draw", "a drawing", 16)
  assert.equal(recall("draw", "a drawing"), 16)
  assert.equal(recall("draw", "another drawing"), undefined)
  assert.equal(recall("inside", "a drawing"), undefined)
})

test("damaged storage is as good as none", () => {
  globalThis.sessionStorage = storage()
  for (const damaged of ["", "{", "null", '{"signature": "s", "frame": "2"}', '{"signature": "s", "frame": 1.5}']) {
    sessionStorage.setItem("rnn_demo/position/draw", damaged)
    assert.equal(recall("draw", "s"), undefined)
  }
})

test("blocked storage loses the position, and nothing else", () => {
  globalThis.sessionStorage = {
    getItem() { throw new Error("blocked") },
    setItem() { throw new Error("blocked") },
  }
  remember("draw", "a drawing", 16)
  assert.equal(recall("draw", "a drawing"), undefined)
})
