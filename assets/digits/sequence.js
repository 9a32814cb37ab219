// From picture to sequence: the rows of an image go into the network, one at each time step.
// Images and rows are 0-based here, and counted from 1 in every text; t counts from 0, as in code.

import { diverging, mix } from "../shared/colour.js"
import { mounted } from "../shared/component.js"
import { paintPixels } from "../shared/digit_image.js"
import { find, make } from "../shared/dom.js"
import { bytes, unpack } from "../shared/float32.js"
import { isLeaving } from "../shared/leaving.js"
import { percent } from "../shared/percent.js"
import { onCover } from "../shared/presenter.js"
import { writeExplained } from "../shared/terms.js"
import { fill, writeTexts } from "../shared/text.js"
import { Transport } from "../shared/transport.js"
import { Question } from "./question.js"
import { imagePixels, rowPixels, SIDE, written } from "./rows.js"
import { Sheet } from "./sheet.js"

const CLASSES = 10
const MEMORY_COLUMNS = 30
const MIDDLE = SIDE / 2 - 1 // the row that stands still for visitors who asked for less motion
const ROWS_PER_SECOND = 4 // at normal speed
const FLIGHT_MS = 220 // of a row to the strip, at normal speed
const SETTLED_MS = 400 // without another step: the row is where the visitor stopped

/**
 * What `sequence_component.py` sends.
 * @typedef {object} Data
 * @property {string} batch its name
 * @property {string} signature changes with the batch, and when the address asks for another place
 * @property {string} images of the batch, 28 x 28 bytes each, base64
 * @property {number[]} labels
 * @property {number} image that is chosen
 * @property {number | null} row to stop at; null to play
 * @property {Record<"hidden" | "probabilities", string>} numbers float32: the hidden state of the
 *   chosen image after each row, and the ten probabilities of every image
 * @property {number} limit the hidden value that has the full colour
 * @property {import("./question.js").QuestionData[]} questions about the chosen image
 * @property {number} question that is open
 * @property {boolean} presenting
 * @property {{ background: string, text: string, grey: string, negative: string,
 *   positive: string }} palette
 * @property {Record<string, string>} terms of the glossary
 * @property {Record<string, any>} text texts and templates by name; those of the transport in one
 */

class Sequence {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = find(root, ".sequence")
    /** @type {Data | undefined} */
    this.data = undefined
    /** @type {import("../shared/component.js").Send} */
    this.send = () => {}
    this.appearance = ""
    this.image = 0
    this.place = "" // where the server sent the visitor, or where it last said that it is
    this.images = new Uint8Array()
    /** @type {Record<string, Float32Array>} */
    this.numbers = {}
    this.covered = false
    this.settling = 0 // the timer that reports the row
    this.cells = Array.from({ length: SIDE }, newCell)
    find(this.root, ".strip").append(...this.cells)
    this.bars = Array.from({ length: CLASSES }, (_, digit) => newBar(digit))
    find(this.root, ".answer ol").append(...this.bars)
    this.sheet = new Sheet(find(this.root, ".choice"), (image) => this.choose(image))
    this.question = new Question(find(this.root, ".question"), {
      goTo: (row) => this.transport.go(row),
      moved: () => this.report(),
    })
    const controls = find(this.root, ".transport")
    this.transport = new Transport(controls, {
      framesPerSecond: ROWS_PER_SECOND,
      describe: (row) => this.words("row", { row: row + 1, total: SIDE }),
      show: (row) => this.moveTo(row),
      main: true,
    })
    controls.addEventListener("click", () => this.settle()) // a pause is no new row
    this.canvas(".image").addEventListener("click", (event) => this.transport.go(rowUnder(event)))
    const stop = onCover((covered) => {
      if (this.root.isConnected) this.cover(covered)
      else stop() // the page has been left
    })
  }

  /**
   * @param {[Data]} sent
   * @param {import("../shared/component.js").Send} send
   */
  update([data], send) {
    const place = JSON.stringify([data.image, data.row, data.question])
    // A server that has restarted sends the visitor to the place where they are.
    const isHere = place === this.place && data.images === this.data?.images
    const isNew = data.signature !== this.data?.signature && !isHere
    const appearance = JSON.stringify([data.palette, data.text, data.presenting])
    const isRestyled = appearance !== this.appearance
    this.data = data
    this.send = send
    this.appearance = appearance
    this.numbers = unpack(data.numbers)
    if (isNew) {
      this.images = bytes(data.images)
      this.image = data.image
      this.place = place
    }
    if (isNew || isRestyled) this.restyle(data)
    const isCurrent = data.image === this.image
    this.question.update(data.questions, data.text, isCurrent, isNew ? data.question : undefined)
    if (isNew) this.show(data.row ?? undefined)
    else this.showMemory(this.transport.frame)
  }

  /** @param {Data} data */
  restyle({ text, palette, presenting, terms, labels }) {
    this.root.classList.toggle("presenting", presenting)
    this.root.style.setProperty("--grey", palette.grey)
    writeTexts(this.root, text)
    writeExplained(find(this.root, ".batch"), text.batch, terms)
    writeExplained(find(this.root, ".memory_text"), text.memory_text, terms)
    writeExplained(find(this.root, ".meaning"), text.meaning, terms)
    this.sheet.update(this.images, labels, palette, text)
    this.sheet.mark(this.image)
    this.transport.label(text.transport)
    this.paintImage()
    this.showRow(this.transport.frame)
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
   * The visitor chooses an image of the batch.
   * @param {number} image
   */
  choose(image) {
    this.image = image
    this.question.restart(image === this.data?.image)
    this.show(undefined)
    this.report()
  }

  /**
   * Show the chosen image.
   * @param {number | undefined} row to stop at; undefined to play from the first one
   */
  show(row) {
    if (!this.data) return
    this.sheet.mark(this.image)
    this.cover(this.covered)
    this.paintImage()
    this.showAnswer()
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches
    this.transport.restart(SIDE, { at: row ?? (still ? MIDDLE : undefined) })
    clearTimeout(this.settling) // the visitor has moved nothing
  }

  /** @param {boolean} covered whether the label and the answer to the question are hidden */
  cover(covered) {
    this.covered = covered
    this.root.classList.toggle("covered", covered)
    const label = covered ? "?" : this.data?.labels[this.image]
    const values = { image: this.image + 1, n: this.data?.labels.length, label }
    find(this.root, ".chosen").textContent = this.words("chosen", values)
  }

  paintImage() {
    if (!this.data) return
    const { palette, labels } = this.data
    const pixels = imagePixels(this.images, this.image)
    const canvas = this.canvas(".image")
    canvas.setAttribute("aria-label", this.words("image", { n: this.image + 1, label: labels[this.image] }))
    paintPixels(canvas, SIDE, SIDE, (i) => mix(palette.background, palette.text, pixels[i]))
  }

  /** The ten probabilities of the chosen image. */
  showAnswer() {
    this.bars.forEach((bar, digit) => {
      const probability = this.numbers.probabilities[this.image * CLASSES + digit]
      find(bar, ".bar").style.width = `${probability * 100}%`
      find(bar, ".value").textContent = this.words("percent", { n: percent(probability) })
    })
  }

  /** @param {number} row */
  moveTo(row) {
    this.showRow(row)
    this.fly()
    this.settle()
  }

  /** @param {number} row */
  showRow(row) {
    if (!this.data) return
    const { palette } = this.data
    const pixels = rowPixels(this.images, this.image, row)
    const colour = (/** @type {number} */ i) => mix(palette.background, palette.text, pixels[i])
    const values = { row: row + 1, next: row + 2, total: SIDE, t: row }
    const finished = row === SIDE - 1
    this.root.style.setProperty("--row", String(row))
    this.root.classList.toggle("finished", finished)
    for (const name of [".lifted", ".flying"]) paintPixels(this.canvas(name), SIDE, 1, colour)
    find(this.root, ".step").textContent = this.words("step", values)
    find(this.root, ".tag").textContent = this.words("tag", values)
    find(this.root, "code").textContent = `h = rnn(image[${row}], h)`
    this.cells.forEach((cell, column) => {
      find(cell, ".bar").style.height = `${pixels[column] * 100}%`
      const value = find(cell, ".value")
      value.textContent = written(pixels[column])
      value.classList.toggle("whole", value.textContent.length === 1)
    })
    find(this.root, ".handed").textContent = this.words(finished ? "finished" : "handed", values)
    this.showMemory(row)
  }

  /**
   * The hidden state after a row; empty until the server has sent that of the chosen image.
   * @param {number} row
   */
  showMemory(row) {
    if (!this.data) return
    const { palette, limit, image } = this.data
    const units = this.numbers.hidden.length / SIDE
    const state = this.numbers.hidden.subarray(row * units, (row + 1) * units)
    const canvas = this.canvas(".memory")
    canvas.setAttribute("aria-label", this.words("memory_label", { row: row + 1 }))
    paintPixels(canvas, MEMORY_COLUMNS, Math.ceil(units / MEMORY_COLUMNS), (i) =>
      i < units && image === this.image ? diverging(state[i] / limit, palette) : [0, 0, 0, 0])
  }

  /** Let a copy of the row go down to the strip. */
  fly() {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return
    const row = this.canvas(".flying")
    const from = this.canvas(".lifted").getBoundingClientRect().top
    const distance = find(this.root, ".strip").getBoundingClientRect().top - from
    const frames = [
      { transform: "none", opacity: 1 },
      { transform: `translateY(${distance}px)`, opacity: 1, offset: 0.85 },
      { transform: `translateY(${distance}px)`, opacity: 0 },
    ]
    row.getAnimations().forEach((animation) => animation.cancel())
    const duration = FLIGHT_MS / Number(this.transport.speed.value)
    row.animate(frames, { duration, easing: "ease-in" })
  }

  /** Report the row once the visitor has stopped there. What plays by itself is not reported. */
  settle() {
    clearTimeout(this.settling)
    if (this.transport.playing) return
    this.settling = window.setTimeout(() => this.report(), SETTLED_MS)
  }

  /** Tell the server what is shown, so that it is in the address. */
  report() {
    clearTimeout(this.settling)
    if (!this.root.isConnected || isLeaving()) return
    const row = this.transport.playing ? null : this.transport.frame
    const place = { image: this.image, row, question: this.question.index }
    this.place = JSON.stringify(Object.values(place))
    this.send("place", { batch: this.data?.batch, place })
  }

  /** @param {string} selector */
  canvas(selector) {
    return find(this.root, selector, HTMLCanvasElement)
  }
}

function newCell() {
  const cell = make("li")
  const track = make("span", { class: "track" })
  track.append(make("i", { class: "bar" }))
  cell.append(track, make("span", { class: "value" }))
  return cell
}

/** @param {number} digit */
function newBar(digit) {
  const item = make("li")
  for (const part of ["digit", "track", "value"]) item.append(make("span", { class: part }))
  find(item, ".digit").textContent = String(digit)
  find(item, ".track").append(make("i", { class: "bar" }))
  return item
}

/**
 * The row of the image under the pointer.
 * @param {MouseEvent} event
 */
function rowUnder(event) {
  const { top, height } = /** @type {Element} */ (event.currentTarget).getBoundingClientRect()
  return Math.floor(((event.clientY - top) / height) * SIDE)
}

export default mounted(Sequence)
