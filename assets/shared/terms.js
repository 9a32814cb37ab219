// Terms of the glossary inside a component, as `rnn_demo.app.glossary.show_explained` writes them.

import { make } from "./dom.js"

const MARK = /\[\[([^\]|]+)(?:\|([^\]]+))?\]\]/g

let written = 0 // makes every id unique

/**
 * Write a text whose terms are explained on hover, focus and tap. Needs `shared/terms.css`.
 * @param {HTMLElement} element gets the text as its only content
 * @param {string} text "[[loss]]" marks a term, "[[losses|loss]]" one that is written otherwise
 * @param {Record<string, string>} terms the sentence for each term, see `glossary.terms`
 */
export function writeExplained(element, text, terms) {
  /** @type {(Node | string)[]} */
  const parts = []
  let end = 0
  for (const mark of text.matchAll(MARK)) {
    const [whole, shown, term = shown] = mark
    parts.push(text.slice(end, mark.index), ...explained(shown, terms[term] ?? ""))
    end = mark.index + whole.length
  }
  element.classList.add("explained")
  element.replaceChildren(...parts, text.slice(end))
}

/**
 * @param {string} shown
 * @param {string} sentence
 * @returns {Node[]}
 */
function explained(shown, sentence) {
  written += 1
  const id = `explanation-${written}`
  const term = make("dfn", { class: "term", tabindex: 0, "aria-describedby": id })
  term.textContent = shown
  term.addEventListener("keydown", (event) => {
    if (event.key === "Escape") term.blur()
  })
  const explanation = make("span", { class: "explanation", role: "tooltip", id })
  explanation.textContent = sentence
  return [term, explanation]
}
