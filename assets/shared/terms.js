// Terms of the glossary inside a component, as `rnn_demo.app.glossary.show_explained` writes them.

import { make } from "./dom.js"

const MARK = /\[\[([^\]|]+)(?:\|([^\]]+))?\]\]/g

let written = 0 // makes every id unique

/**
 * Write a text whose terms are explained on hover, focus and tap. Needs `shared/terms.css`. The
 * explanations follow the text, so that it can be found, copied and read out whole.
 * @param {HTMLElement} element gets the text as its only content
 * @param {string} text "[[loss]]" marks a term, "[[losses|loss]]" one that is written otherwise
 * @param {Record<string, string>} terms the sentence for each term, see `glossary.terms`
 */
export function writeExplained(element, text, terms) {
  /** @type {(Node | string)[]} */
  const words = []
  /** @type {Node[]} */
  const explanations = []
  let end = 0
  for (const mark of text.matchAll(MARK)) {
    const [whole, shown, name = shown] = mark
    const [term, explanation] = explained(shown, terms[name] ?? "", explanations.length)
    words.push(text.slice(end, mark.index), term)
    explanations.push(explanation)
    end = mark.index + whole.length
  }
  element.classList.add("explained")
  element.replaceChildren(...words, text.slice(end), ...explanations)
}

/**
 * @param {string} shown
 * @param {string} sentence
 * @param {number} number of the term in its text
 * @returns {[Node, Node]} the term and its explanation
 */
function explained(shown, sentence, number) {
  written += 1
  const id = `explanation-${written}`
  const attributes = { class: "term", "data-term": number, tabindex: 0, "aria-describedby": id }
  const term = make("dfn", attributes)
  term.textContent = shown
  term.addEventListener("keydown", (event) => {
    if (event.key === "Escape") term.blur()
  })
  const about = { class: "explanation", "data-term": number, role: "tooltip", id }
  const explanation = make("span", about)
  explanation.textContent = sentence
  return [term, explanation]
}
