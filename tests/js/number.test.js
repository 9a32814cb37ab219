// tests/unit/formats/test_numbers.py reads the same numbers in Python.

import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { test } from "node:test"

import { plain, readNumber, startsNumber } from "../../assets/shared/number.js"

const { numbers, problems } = JSON.parse(readFileSync(new URL("../numbers.json", import.meta.url), "utf8"))

test("a number is read however it is written", () => {
  for (const [text, value] of numbers) assert.deepEqual(readNumber(text), { value }, JSON.stringify(text))
})

test("what is not a number says why", () => {
  for (const [text, problem] of problems) assert.deepEqual(readNumber(text), { problem }, JSON.stringify(text))
})

test("a number too large for a float is infinite and in no range", () => {
  assert.deepEqual(readNumber("-1e999"), { value: -Infinity })
})

test("the digits of a script are in order, also where several alphabets of digits follow each other", () => {
  assert.equal(plain(String.fromCodePoint(...Array.from({ length: 50 }, (_, i) => 0x1d7ce + i))), "0123456789".repeat(5))
})

test("a minus sign and the digits of other scripts start a number as well, the name of a key does not", () => {
  for (const key of ["-", "−", "+", "7", "٧", ",", "."]) assert.ok(startsNumber(key), key)
  for (const key of ["e", "Tab", "F2", "ArrowLeft", " ", "Dead"]) assert.ok(!startsNumber(key), key)
})
