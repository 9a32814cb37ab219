import assert from "node:assert/strict"
import { test } from "node:test"

import { fill, plural } from "../../assets/shared/text.js"

test("a template gets its values, and keeps a placeholder without one", () => {
  assert.equal(fill("Epoch {n} of {total}", { n: 1, total: 10 }), "Epoch 1 of 10")
  assert.equal(fill("{a}{a} {b}", { a: 0 }), "00 {b}")
  assert.equal(fill("{a}", { a: "$& {b}", b: 1 }), "$& {b}")
})

test("English has one form for 1 and another for the rest", () => {
  const epochs = { forms: ["{n} epochs", "{n} epoch"], index: "010" }
  const words = [0, 1, 2, 11, 101, 1000].map((n) => plural(epochs, n))
  assert.deepEqual(words, ["0 epochs", "1 epoch", "2 epochs", "11 epochs", "101 epochs", "1000 epochs"])
})

test("a language whose forms depend on the last digits repeats from 100 on", () => {
  const form = (n) =>
    n % 10 === 1 && n % 100 !== 11 ? 0 : n % 10 >= 2 && n % 10 <= 4 && (n % 100 < 10 || n % 100 >= 20) ? 1 : 2
  const index = Array.from({ length: 200 }, (_, n) => form(n)).join("")
  const forms = ["{n} {what}a", "{n} {what}b", "{n} {what}c"]
  for (const n of [0, 1, 2, 5, 11, 12, 21, 22, 101, 111, 112, 121, 200, 211, 221, 1002, 2011]) {
    assert.equal(plural({ forms, index }, n, { what: "x" }), `${n} x${"abc"[form(n)]}`)
  }
})
