import assert from "node:assert/strict"
import { afterEach, beforeEach, mock, test } from "node:test"

import { copyText } from "../../assets/shared/clipboard.js"

const WORDS = { copied: "Copied", copy_selection: "Copy the selected text." }

/**
 * A button, and a browser that allows it to copy or does not.
 * @param {boolean} allowed
 */
function setUp(allowed) {
  /** @type {string[]} */
  const copied = []
  const writeText = async (/** @type {string} */ text) => {
    if (!allowed) throw new DOMException("Write permission denied.", "NotAllowedError")
    copied.push(text)
  }
  Object.defineProperty(globalThis, "navigator", { value: { clipboard: { writeText } }, configurable: true })
  const button = /** @type {HTMLElement} */ ({ textContent: "Copy" })
  return { button, copied }
}

const never = () => assert.fail("the text is copied already")

beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }))
afterEach(() => mock.timers.reset())

test("after a second click it says so for the full time, and then has its label again", async () => {
  const { button, copied } = setUp(true)
  await copyText("7", button, WORDS, never)
  assert.deepEqual(copied, ["7"])
  mock.timers.tick(1500)
  await copyText("7", button, WORDS, never)
  mock.timers.tick(1500)
  assert.equal(button.textContent, "Copied")
  mock.timers.tick(500)
  assert.equal(button.textContent, "Copy")
})

test("without permission the text is selected", async () => {
  const { button, copied } = setUp(false)
  let selected = 0
  await copyText("7", button, WORDS, () => selected++)
  assert.deepEqual([copied, selected, button.textContent], [[], 1, WORDS.copy_selection])
  mock.timers.tick(8000)
  assert.equal(button.textContent, "Copy")
})
