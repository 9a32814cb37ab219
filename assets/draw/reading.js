// An ImageRNN reads a digit: image, hidden state and probabilities, row by row in step.
// One answer of the server holds all rows; the animation needs no further request.
// Rows are 0-based here and counted from 1 in every text.

import { diverging, mix } from "../shared/colour.js"
import { mounted } from "../shared/component.js"
import { paintPixels } from "../shared/digit_image.js"
import { find, make, svg } from "../shared/dom.js"
import { unpack } from "../shared/float32.js"
import { fill, writeTexts } from "../shared/text.js"
import { Transport } from "../shared/transport.js"
import { cellAt, ranked, spread } from "./ranking.js"

const ROWS = 28
const CLASSES = 10
const CHART = { width: 280, height: 100 } // units of its viewBox
const LABEL_DISTANCE = 11 // pixels between two labels of lines
const RANK_NAMES = ["lead", "second"] // of the most probable class and the runner-up

/** @typedef {"image" | "hidden" | "probabilities"} Panel */

/**
 * What `reading_component.py` sends.
 * @typedef {object} Data
 * @property {string} signature the same for the same reading
 * @property {Record<"image" | "hidden" | "weights" | "probabilities", string>} numbers float32
 * @property {number} n_neurons
 * @property {number} limit the hidden value that has the full colour
 * @property {number[]} units the index of the hidden unit in each column
 * @property {boolean} is_digit whether the answer names a digit
 * @property {{ background: string, text: string, grey: string, negative: string,
 *   positive: string, lead: string, second: string }} palette
 * @property {Record<string, any>} text texts and templates by name; those of the transport in one
 */

class ReadingView {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = find(root, ".draw-reading")
    /** @type {Data | undefined} */
    this.data = undefined
    /** @type {Record<string, Float32Array>} */
    this.numbers = {}
    this.appearance = ""
    this.bars = Array.from({ length: CLASSES }, (_, digit) => newBar(digit))
    find(this.root, ".now ol").append(...this.bars)
    this.classes = this.bars.map((_, digit) => newLabel(digit))
    find(this.root, ".classes").append(...this.classes)
    this.cursor = svg("line", { class: "cursor", y1: 0, y2: CHART.height, "stroke-width": 2 })
    this.trajectory = svg("polyline", { class: "trajectory", "stroke-width": 2 })
    this.transport = new Transport(find(this.root, ".transport"), {
      framesPerSecond: 10,
      describe: (row) => this.words("row", { row: row + 1, total: ROWS }),
      show: (row) => this.showRow(row),
    })
    for (const panel of /** @type {Panel[]} */ (["image", "hidden", "probabilities"])) {
      this.listen(panel)
    }
  }

  /**
   * Show a reading and play it, unless it is already on screen.
   * @param {[Data]} sent
   */
  update([data]) {
    const appearance = JSON.stringify([data.palette, data.text])
    const isNew = data.signature !== this.data?.signature
    if (!isNew && appearance === this.appearance) return
    this.data = data
    this.numbers = unpack(data.numbers)
    this.appearance = appearance
    for (const [name, colour] of Object.entries(data.palette)) {
      this.root.style.setProperty(`--${name}`, colour)
    }
    writeTexts(this.root, data.text)
    const answer = find(this.root, "[role=status]")
    answer.textContent = data.text.answer
    answer.classList.toggle("no-digit", !data.is_digit)
    find(this.root, ".explanation").textContent = data.text.explanation
    this.hint()
    this.paintPanels(data)
    this.drawLines(data)
    this.transport.label(data.text.transport)
    if (isNew) this.transport.restart(ROWS)
    else this.transport.draw(this.transport.frame)
  }

  /**
   * One of the server's templates, filled.
   * @param {string} name
   * @param {Record<string, unknown>} values
   */
  words(name, values) {
    return fill(this.data?.text[name] ?? "", values)
  }

  /**
   * The ten probabilities after a row.
   * @param {number} row
   */
  after(row) {
    return this.numbers.probabilities.subarray(row * CLASSES, (row + 1) * CLASSES)
  }

  /**
   * The rank of each class after a row: "lead", "second", or "" for the other eight.
   * @param {number} row
   * @returns {string[]}
   */
  ranks(row) {
    /** @type {string[]} */
    const names = Array(CLASSES).fill("")
    ranked(this.after(row)).slice(0, 2).forEach((digit, i) => (names[digit] = RANK_NAMES[i]))
    return names
  }

  /** @param {Data} data */
  paintPanels({ palette, n_neurons: units, limit }) {
    const { image, hidden, probabilities } = this.numbers
    const ranks = this.ranks(ROWS - 1)
    const columns = ranks.map((rank) => rankColour(rank, palette, palette.text))
    this.paint("image", ROWS, (i) => mix(palette.background, palette.text, image[i]))
    this.paint("hidden", units, (i) => diverging(hidden[i] / limit, palette))
    this.paint("probabilities", CLASSES, (i) =>
      mix(palette.background, columns[i % CLASSES], probabilities[i]))
    this.classes.forEach((label, digit) => (label.className = ranks[digit]))
  }

  /**
   * @param {Panel} panel
   * @param {number} columns
   * @param {(index: number) => readonly number[]} colour
   */
  paint(panel, columns, colour) {
    paintPixels(this.canvas(panel), columns, ROWS, colour)
  }

  /** @param {Panel} panel */
  canvas(panel) {
    return find(this.root, `.${panel} canvas`, HTMLCanvasElement)
  }

  /** @param {Data} data */
  drawLines({ palette }) {
    const chart = find(this.root, ".lines svg", SVGSVGElement)
    chart.setAttribute("viewBox", `0 0 ${CHART.width} ${CHART.height}`)
    const ranks = this.ranks(ROWS - 1)
    const lines = ranked(this.after(ROWS - 1)).reverse().map((digit) =>
      svg("polyline", {
        points: points((row) => 1 - this.after(row)[digit]),
        stroke: rankColour(ranks[digit], palette, palette.grey),
        "stroke-width": { lead: 3, second: 2 }[ranks[digit]] ?? 1,
      }))
    const axes = [0, CHART.height].map((y) =>
      svg("line", { class: "axis", x1: 0, x2: CHART.width, y1: y, y2: y }))
    this.trajectory.setAttribute("stroke", palette.text)
    chart.replaceChildren(...axes, ...lines, this.trajectory, this.cursor)
    this.labelLines(chart, ranks)
  }

  /**
   * Write each line's digit at its end.
   * @param {SVGSVGElement} chart
   * @param {readonly string[]} ranks
   */
  labelLines(chart, ranks) {
    const { height, top } = chart.getBoundingClientRect()
    const offset = top - find(this.root, ".lines").getBoundingClientRect().top
    const last = this.after(ROWS - 1)
    const order = ranked(last)
    const places = spread(order.map((digit) => (1 - last[digit]) * height), LABEL_DISTANCE, height)
    const labels = order.map((digit, i) => {
      const label = newLabel(digit)
      label.className = ranks[digit]
      label.style.top = `${offset + places[i]}px`
      return label
    })
    find(this.root, ".ends").replaceChildren(...labels)
  }

  /** @param {number} row */
  showRow(row) {
    for (const cover of this.parts(".unread")) cover.style.top = `${((row + 1) / ROWS) * 100}%`
    for (const scan of this.parts(".scan")) scan.style.top = `${(row / ROWS) * 100}%`
    for (const end of ["x1", "x2"]) this.cursor.setAttribute(end, String(xOf(row)))
    find(this.root, ".now h3").textContent = this.words("after", { row: row + 1, total: ROWS })
    const ranks = this.ranks(row)
    const probabilities = this.after(row)
    this.bars.forEach((bar, digit) => {
      bar.className = ranks[digit]
      find(bar, ".bar").style.width = `${probabilities[digit] * 100}%`
      find(bar, ".value").textContent = probabilities[digit].toFixed(2)
    })
  }

  /**
   * @param {string} selector
   * @returns {NodeListOf<HTMLElement>}
   */
  parts(selector) {
    return this.root.querySelectorAll(selector)
  }

  /**
   * Show a cell's number on hover, and go to its row on a click.
   * @param {Panel} panel
   */
  listen(panel) {
    const canvas = this.canvas(panel)
    canvas.addEventListener("pointermove", (event) => {
      const { row, column } = cellUnder(canvas, event)
      find(this.root, ".readout").textContent = this.describeCell(panel, row, column)
      if (panel === "hidden") this.drawTrajectory(column)
    })
    canvas.addEventListener("pointerleave", () => {
      this.hint()
      this.trajectory.setAttribute("points", "")
    })
    canvas.addEventListener("click", (event) => this.transport.go(cellUnder(canvas, event).row))
  }

  /** Say how to see a cell's number. */
  hint() {
    const touch = matchMedia("(hover: none)").matches
    find(this.root, ".readout").textContent = this.words(touch ? "hint_touch" : "hint_pointer", {})
  }

  /**
   * Draw one hidden unit over the rows: the scale's limit at the top, its negative at the bottom.
   * @param {number} column
   */
  drawTrajectory(column) {
    if (!this.data) return
    const { n_neurons: units, limit } = this.data
    const { hidden } = this.numbers
    const height = (/** @type {number} */ row) => {
      const value = Math.min(Math.max(hidden[row * units + column] / limit, -1), 1)
      return (1 - value) / 2
    }
    this.trajectory.setAttribute("points", points(height))
  }

  /**
   * @param {Panel} panel
   * @param {number} row
   * @param {number} column
   * @returns {string}
   */
  describeCell(panel, row, column) {
    if (!this.data) return ""
    const { units, n_neurons } = this.data
    const { image, hidden, probabilities, weights } = this.numbers
    if (panel === "image") {
      const value = image[row * ROWS + column].toFixed(2)
      return this.words("image_cell", { row: row + 1, column: column + 1, value })
    }
    if (panel === "hidden") {
      const list = this.bars.map((_, digit) =>
        `${digit}: ${weights[digit * n_neurons + column].toFixed(2)}`)
      const value = hidden[row * n_neurons + column].toFixed(4)
      const values = { row: row + 1, unit: units[column], value, weights: list.join(", ") }
      return this.words("hidden_cell", values)
    }
    const value = probabilities[row * CLASSES + column].toFixed(4)
    return this.words("probability_cell", { row: row + 1, digit: column, value })
  }
}

/** @param {number} digit */
function newBar(digit) {
  const item = make("li")
  for (const part of ["digit", "track", "value"]) item.append(make("span", { class: part }))
  find(item, ".digit").textContent = String(digit)
  find(item, ".track").append(make("div", { class: "bar" }))
  return item
}

/** @param {number} digit */
function newLabel(digit) {
  const label = make("span")
  label.textContent = String(digit)
  return label
}

/**
 * The colour of a class by its rank.
 * @param {string} rank "lead", "second" or ""
 * @param {{ lead: string, second: string }} palette
 * @param {string} other the colour of all other classes
 */
function rankColour(rank, palette, other) {
  return rank === "lead" || rank === "second" ? palette[rank] : other
}

/** @param {number} row */
function xOf(row) {
  return (row / (ROWS - 1)) * CHART.width
}

/**
 * The points of a line over all rows.
 * @param {(row: number) => number} height 0 at the top of the chart, 1 at its bottom
 */
function points(height) {
  return Array.from({ length: ROWS }, (_, row) => `${xOf(row)},${height(row) * CHART.height}`).join(" ")
}

/**
 * The cell of a panel under the pointer; its border belongs to the nearest cell.
 * @param {HTMLCanvasElement} canvas
 * @param {MouseEvent} event
 */
function cellUnder(canvas, event) {
  const box = canvas.getBoundingClientRect()
  return {
    row: cellAt((event.clientY - box.top) / box.height, ROWS),
    column: cellAt((event.clientX - box.left) / box.width, canvas.width),
  }
}

export default mounted(ReadingView)
