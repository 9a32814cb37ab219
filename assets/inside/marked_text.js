// Sentences with `code` in backticks.

import { make } from "../shared/dom.js"

/**
 * The parts of a sentence; every second one is code.
 * @param {string} sentence
 * @returns {{ text: string, isCode: boolean }[]}
 */
export function codeParts(sentence) {
  const parts = sentence.split("`").map((text, i) => ({ text, isCode: i % 2 === 1 }))
  return parts.filter(({ text }) => text !== "")
}

/**
 * Write a sentence into an element.
 * @param {HTMLElement} element
 * @param {string} sentence
 */
export function writeWithCode(element, sentence) {
  const nodes = codeParts(sentence).map(({ text, isCode }) => {
    if (!isCode) return document.createTextNode(text)
    const code = make("code")
    code.textContent = text
    return code
  })
  element.replaceChildren(...nodes)
}
