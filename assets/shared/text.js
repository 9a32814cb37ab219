// Sentences that the server sends as templates, in the visitor's language.

import { setText } from "./dom.js"

/**
 * The forms of a sentence that counts something, see `plural_forms` of `rnn_demo.app.text`.
 * @typedef {object} PluralForms
 * @property {string[]} forms templates with {n}
 * @property {string} index one digit for each n from 0: which form it takes. From 200 on, n counts
 *   as 100 + n % 100; beyond the string's end its last digit holds.
 */

/**
 * A template with its {placeholders} replaced; one without a value stays as it is.
 * @param {string} template such as "Epoch {n} of {total}"
 * @param {Record<string, unknown>} values by name
 * @returns {string}
 */
export function fill(template, values) {
  return template.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole))
}

/**
 * The form of a sentence for a count, with its {n} and other placeholders replaced.
 * @param {PluralForms} sentence
 * @param {number} n a whole number from 0
 * @param {Record<string, unknown>} values of further placeholders
 * @returns {string}
 */
export function plural({ forms, index }, n, values = {}) {
  const place = n < 200 ? n : 100 + (n % 100)
  const form = forms[Number(index[Math.min(place, index.length - 1)])]
  return fill(form, { n, ...values })
}

/**
 * Write texts into a component's HTML: the text named by `data-text` becomes an element's
 * content, the one named by `data-label` its accessible name.
 * @param {ParentNode} root
 * @param {Record<string, unknown>} texts by name
 */
export function writeTexts(root, texts) {
  for (const element of root.querySelectorAll("[data-text], [data-label]")) {
    if (!(element instanceof HTMLElement || element instanceof SVGElement)) continue
    const { text, label } = element.dataset
    if (text) setText(element, String(texts[text]))
    if (label) element.setAttribute("aria-label", String(texts[label]))
  }
}
