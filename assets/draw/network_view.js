// What one network makes of an image: its answer so far, and its states and class probabilities
// up to the row that is shown. Nothing of a later row is on screen.

import { diverging, mix } from "../shared/colour.js"
import { paintPixels } from "../shared/digit_image.js"
import { find, make } from "../shared/dom.js"
import { unpack } from "../shared/float32.js"
import { percent } from "../shared/percent.js"
import { writeExplained } from "../shared/terms.js"
import { fill, writeTexts } from "../shared/text.js"
import { LineChart } from "./lines.js"
import { guessesOf, ranked } from "./ranking.js"
import { CLASSES, ROWS } from "./sizes.js"

const RANK_NAMES = ["lead", "second"] // of the most probable class and the runner-up
const MIN_GUESS_PERCENT = 25 // less is hardly more than the 10 % of pure chance
const N_NAMED = 2 // digits that the read-out of a hidden unit names

/**
 * One network's reading, as `reading_component.py` sends it.
 * @typedef {object} Reading
 * @property {Record<"hidden" | "weights" | "probabilities", string>} numbers float32
 * @property {number} n_neurons
 * @property {number} limit the hidden value that has the full colour
 * @property {number[]} units the index of the hidden unit in each column
 * @property {boolean} is_digit whether the answer names a digit
 * @property {string} title of the network
 * @property {string} headline the answer after the last row
 * @property {string} story how it came to it
 * @property {string} hidden_label
 */

/**
 * @typedef {{ background: string, text: string, grey: string, negative: string, positive: string,
 *   lead: string, second: string }} Palette
 */

export class NetworkView {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root
    /** @type {Reading | undefined} */
    this.reading = undefined
    /** @type {Palette | undefined} */
    this.palette = undefined
    /** @type {Record<string, any>} */
    this.text = {}
    /** @type {Record<string, Float32Array>} */
    this.numbers = {}
    this.bars = Array.from({ length: CLASSES }, (_, digit) => newBar(digit))
    find(root, ".now ol").append(...this.bars)
    this.classes = this.bars.map((_, digit) => {
      const label = make("span")
      label.textContent = String(digit)
      return label
    })
    find(root, ".classes").append(...this.classes)
    this.lines = new LineChart(find(root, ".lines"))
  }

  /**
   * @param {Reading} reading
   * @param {Palette} palette
   * @param {Record<string, any>} text
   * @param {Record<string, string>} terms
   */
  update(reading, palette, text, terms) {
    this.reading = reading
    this.palette = palette
    this.text = text
    this.numbers = unpack(reading.numbers)
    writeTexts(this.root, text)
    writeExplained(find(this.root, ".hidden .name"), text.hidden, terms)
    writeExplained(find(this.root, ".probabilities figcaption"), text.probabilities, terms)
    writeExplained(find(this.root, ".lines figcaption"), text.lines, terms)
    find(this.root, ".guesses .name").textContent = this.words("guesses", { percent: MIN_GUESS_PERCENT })
    find(this.root, ".title").textContent = reading.title
    find(this.root, ".hidden canvas").setAttribute("aria-label", reading.hidden_label)
    find(this.root, ".top").textContent = this.words("value", { percent: 100 })
    find(this.root, ".bottom").textContent = this.words("value", { percent: 0 })
    const { hidden } = this.numbers
    paintPixels(this.canvas("hidden"), reading.n_neurons, ROWS, (i) =>
      diverging(hidden[i] / reading.limit, palette))
  }

  /**
   * Show what the network has made of the rows up to this one.
   * @param {number} row
   */
  show(row) {
    const now = this.after(row)
    const ranks = ranksOf(now)
    this.showAnswer(row, now)
    find(this.root, ".now h2").textContent = this.words("now", { row: row + 1, total: ROWS })
    this.bars.forEach((bar, digit) => {
      bar.className = ranks[digit]
      find(bar, ".bar").style.width = `${now[digit] * 100}%`
      find(bar, ".value").textContent = this.words("value", { percent: percent(now[digit]) })
    })
    this.classes.forEach((label, digit) => (label.className = ranks[digit]))
    this.paintProbabilities(row, ranks)
    this.lines.show(this.numbers.probabilities, row, ranks, (rank) => this.colour(rank, "grey"))
  }

  /**
   * The headline follows the row; only after the last one it is the answer.
   * @param {number} row
   * @param {Float32Array} now the class probabilities after this row
   */
  showAnswer(row, now) {
    const last = row === ROWS - 1
    const [digit] = ranked(now)
    const status = find(this.root, "[role=status]")
    status.classList.toggle("no-digit", last && !this.reading?.is_digit)
    status.textContent = last ? this.reading?.headline ?? "" : this.words("so_far", {
      row: row + 1, total: ROWS, digit, percent: percent(now[digit]),
    })
    find(this.root, ".story").textContent = last ? this.reading?.story ?? "" : ""
    const guesses = guessesOf(Array.from({ length: row + 1 }, (_, each) => this.after(each)), MIN_GUESS_PERCENT)
    find(this.root, ".changes").textContent = guesses.join(" → ") || this.words("no_guess", {})
  }

  /**
   * @param {number} row
   * @param {readonly string[]} ranks
   */
  paintProbabilities(row, ranks) {
    const { palette } = this
    if (!palette) return
    const columns = ranks.map((rank) => this.colour(rank, "text"))
    paintPixels(this.canvas("probabilities"), CLASSES, ROWS, (i) => {
      const read = i < (row + 1) * CLASSES
      const colour = columns[i % CLASSES]
      return mix(palette.background, colour, read ? this.numbers.probabilities[i] : 0)
    })
  }

  /**
   * The ten probabilities after a row.
   * @param {number} row
   */
  after(row) {
    return this.numbers.probabilities.subarray(row * CLASSES, (row + 1) * CLASSES)
  }

  /**
   * @param {string} name
   * @param {Record<string, unknown>} values
   */
  words(name, values) {
    return fill(this.text[name] ?? "", values)
  }

  /** @param {"hidden" | "probabilities"} panel */
  canvas(panel) {
    return find(this.root, `.${panel} canvas`, HTMLCanvasElement)
  }

  /**
   * The colour of a class by its rank.
   * @param {string} rank "lead", "second" or ""
   * @param {"grey" | "text"} other the colour of all other classes
   * @returns {string}
   */
  colour(rank, other) {
    if (!this.palette) return ""
    return rank === "lead" || rank === "second" ? this.palette[rank] : this.palette[other]
  }

  /**
   * What a cell of a panel says.
   * @param {"hidden" | "probabilities"} panel
   * @param {number} row
   * @param {number} column
   * @returns {string}
   */
  describeCell(panel, row, column) {
    if (!this.reading) return ""
    if (panel === "probabilities") {
      const value = percent(this.after(row)[column])
      return this.words("probability_cell", { row: row + 1, digit: column, percent: value })
    }
    const { units, n_neurons: n } = this.reading
    const weights = Array.from({ length: CLASSES }, (_, digit) => this.numbers.weights[digit * n + column])
    const order = ranked(weights)
    /** @param {number[]} digits */
    const named = (digits) => digits.map((digit) => `${digit} (${signed(weights[digit])})`).join(", ")
    return this.words("hidden_cell", {
      row: row + 1,
      unit: units[column] + 1,
      value: this.numbers.hidden[row * n + column].toFixed(2),
      supported: named(order.slice(0, N_NAMED)),
      opposed: named(order.slice(-N_NAMED).reverse()),
    })
  }

  /**
   * The values of a hidden unit as heights in the read-out's small chart.
   * @param {number} column
   * @returns {(row: number) => number} 0 at the top, for `limit`; 1 at the bottom, for its negative
   */
  course(column) {
    const { n_neurons: n, limit } = /** @type {Reading} */ (this.reading)
    return (row) => {
      const value = Math.min(Math.max(this.numbers.hidden[row * n + column] / limit, -1), 1)
      return (1 - value) / 2
    }
  }
}

/**
 * The rank of each class: "lead", "second", or "" for the other eight.
 * @param {Float32Array} probabilities
 * @returns {string[]}
 */
function ranksOf(probabilities) {
  /** @type {string[]} */
  const names = Array(CLASSES).fill("")
  ranked(probabilities).slice(0, 2).forEach((digit, i) => (names[digit] = RANK_NAMES[i]))
  return names
}

/** @param {number} value */
function signed(value) {
  return `${value < 0 ? "" : "+"}${value.toFixed(2)}`
}

/** @param {number} digit */
function newBar(digit) {
  const item = make("li")
  for (const part of ["digit", "track", "value"]) item.append(make("span", { class: part }))
  find(item, ".digit").textContent = String(digit)
  find(item, ".track").append(make("div", { class: "bar" }))
  return item
}
