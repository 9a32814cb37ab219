// Questions about the picture, one at a time: guess first, then see.

import { make, setPressed } from "../shared/dom.js"
import { fill } from "../shared/text.js"

/**
 * @typedef {object} QuestionData
 * @property {string} question
 * @property {string[]} choices
 * @property {number} right index of the right choice
 * @property {string} answer what the numbers say
 * @property {number | null} row that shows it
 */

export class Question {
  /**
   * @param {HTMLElement} element
   * @param {{ goTo: (row: number) => void, moved: () => void }} calls goTo shows a row; moved says
   *   that another question is open
   */
  constructor(element, { goTo, moved }) {
    this.goTo = goTo
    this.index = 0
    /** @type {QuestionData[]} */
    this.questions = []
    /** @type {Record<string, string>} */
    this.text = {}
    this.isCurrent = true // whether the questions are about the chosen image
    this.count = make("h2")
    this.next = make("button", { type: "button" })
    this.next.addEventListener("click", () => {
      this.open((this.index + 1) % this.questions.length)
      moved()
    })
    this.asked = make("p", { class: "asked" })
    this.choices = make("div", { class: "choices" })
    this.verdict = make("p", { class: "verdict", "aria-live": "polite" })
    const head = make("div", { class: "head" })
    head.append(this.count, this.next)
    element.replaceChildren(head, this.asked, this.choices, this.verdict)
  }

  /**
   * @param {QuestionData[]} questions
   * @param {Record<string, string>} text
   * @param {boolean} isCurrent whether they are about the chosen image
   * @param {number | undefined} asked index of a question to ask instead of the present one
   */
  update(questions, text, isCurrent, asked) {
    const isNew = JSON.stringify([questions, text]) !== JSON.stringify([this.questions, this.text])
    const isOpened = isNew || isCurrent !== this.isCurrent || asked !== undefined
    this.questions = questions
    this.text = text
    this.isCurrent = isCurrent
    if (isOpened) this.open(asked ?? this.index)
  }

  /**
   * Ask the same question about another image.
   * @param {boolean} isCurrent whether the questions are about it; otherwise they are to come
   */
  restart(isCurrent) {
    this.isCurrent = isCurrent
    this.open(this.index)
  }

  /**
   * Ask a question, without an answer so far. It can be answered when it is about the chosen image.
   * @param {number} index
   */
  open(index) {
    this.index = index
    const { question, choices } = this.questions[index]
    this.count.textContent = fill(this.text.question_count, { n: index + 1, total: this.questions.length })
    this.next.textContent = this.text.next
    this.asked.textContent = question
    this.verdict.textContent = ""
    this.choices.replaceChildren(...choices.map((label, choice) => {
      const button = make("button", { type: "button", "aria-pressed": "false" })
      button.textContent = label
      button.disabled = !this.isCurrent
      button.addEventListener("click", () => this.answer(choice))
      return button
    }))
  }

  /**
   * Say whether a choice is right, and show it in the picture.
   * @param {number} choice
   */
  answer(choice) {
    const { right, answer, row } = this.questions[this.index]
    ;[...this.choices.children].forEach((button, i) => {
      setPressed(button, i === choice)
      button.classList.toggle("right", i === right)
    })
    this.verdict.textContent = `${choice === right ? this.text.yes : this.text.no} ${answer}`
    if (row !== null) this.goTo(row)
  }
}
