import assert from "node:assert/strict"
import { test } from "node:test"

import report from "../../assets/shared/visitor.js"

const [MINE, STORED] = ["0".repeat(32), "f".repeat(32)]

/** Local storage as a browser has it: text by text. */
function storage(texts = {}) {
  return {
    getItem: (name) => texts[name] ?? null,
    setItem: (name, text) => void (texts[name] = String(text)),
  }
}

/** What the server hears when it has proposed a key and believes it to be in a place. */
function heard(name, key, place) {
  let found = null
  report({ data: [{ name, key, place }], setTriggerValue: (_, value) => (found = value) })
  return found
}

test("a new key is stored, and said once", () => {
  globalThis.localStorage = storage()
  assert.deepEqual(heard("new", MINE, null), { key: MINE, place: "storage" })
  assert.equal(localStorage.getItem("new"), MINE)
  assert.equal(heard("new", MINE, "storage"), null)
})

test("a stored key is kept, a damaged one is replaced", () => {
  globalThis.localStorage = storage({ stored: STORED, damaged: `${STORED}0` })
  assert.deepEqual(heard("stored", MINE, null), { key: STORED, place: "storage" })
  assert.deepEqual(heard("damaged", MINE, null), { key: MINE, place: "storage" })
})

test("where nothing is stored, the page keeps its key while servers come and go", () => {
  const refuse = () => {
    throw new Error("SecurityError")
  }
  const forgetful = { getItem: () => null, setItem: () => undefined }
  for (const blocked of [undefined, { getItem: refuse, setItem: refuse }, forgetful]) {
    globalThis.localStorage = blocked
    assert.deepEqual(heard("blocked", MINE, null), { key: MINE, place: "nowhere" })
    assert.equal(heard("blocked", MINE, "nowhere"), null)
    assert.deepEqual(heard("blocked", STORED, null), { key: MINE, place: "nowhere" })
  }
})
