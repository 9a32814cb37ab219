// The question beside the picture: its choices, and the verdict on the same screen.

import { find, make, setPressed } from "../shared/dom.js"
import { writeWithCode } from "./marked_text.js"

/**
 * @typedef {object} Question
 * @property {string} id
 * @property {string} text with `code` in backticks
 * @property {{ id: string, label: string }[]} choices
 * @property {{ right: boolean, text: string } | null} verdict once it is answered
 * @property {string | null} next label of the button that goes on, if something follows
 */

/** The question. */
export class QuestionPanel {
  /**
   * @param {ParentNode} root of the component
   * @param {import("../shared/component.js").Send} send
   */
  constructor(root, send) {
    this.section = find(root, ".question")
    this.text = find(this.section, ".question-text")
    this.choices = find(this.section, ".choices")
    this.verdict = find(this.section, ".verdict")
    this.next = find(this.section, ".next")
    this.send = send
    this.chosen = "" // id of the choice
    /** @type {Question | null} */
    this.question = null
    this.next.addEventListener("click", () => this.question && this.send("next", this.question.id))
  }

  /** @param {Question | null} question */
  update(question) {
    if (question?.id !== this.question?.id) this.chosen = ""
    this.question = question
    this.section.hidden = !question
    if (!question) return
    const { text, choices, verdict, next } = question
    writeWithCode(this.text, text)
    this.showChoices(choices, verdict !== null)
    this.verdict.classList.toggle("right", verdict?.right === true)
    this.verdict.classList.toggle("wrong", verdict?.right === false)
    writeWithCode(this.verdict, verdict?.text ?? "")
    this.next.hidden = next === null
    this.next.textContent = next
  }

  /**
   * The choices as buttons. With a verdict, only the chosen one is left, and keeps the focus.
   * @param {Question["choices"]} choices
   * @param {boolean} isAnswered
   */
  showChoices(choices, isAnswered) {
    while (this.choices.children.length > choices.length) this.choices.lastElementChild?.remove()
    choices.forEach(({ id, label }, i) => {
      const button = /** @type {HTMLElement} */ (this.choices.children[i] ?? this.addButton())
      button.dataset.choice = id
      writeWithCode(button, label)
      setPressed(button, id === this.chosen)
      button.setAttribute("aria-disabled", String(isAnswered))
      button.hidden = isAnswered && this.chosen !== "" && id !== this.chosen
    })
  }

  /** @returns {HTMLElement} */
  addButton() {
    const button = make("button", { type: "button" })
    button.addEventListener("click", () => this.answer(button))
    this.choices.append(button)
    return button
  }

  /** @param {HTMLElement} button */
  answer(button) {
    if (!this.question || this.question.verdict) return
    this.chosen = button.dataset.choice ?? ""
    for (const other of this.choices.children) setPressed(other, other === button)
    this.send("answer", this.chosen)
  }
}
