// One network, or two side by side, read a digit row by row; one player moves both.
// One answer of the server holds all rows; the animation needs no further request.

import { mix } from "../shared/colour.js"
import { mounted } from "../shared/component.js"
import { paintPixels } from "../shared/digit_image.js"
import { find, setPressed } from "../shared/dom.js"
import { unpack } from "../shared/float32.js"
import { recall, remember } from "../shared/position.js"
import { onCover, toggleCover } from "../shared/presenter.js"
import { fill, writeTexts } from "../shared/text.js"
import { Transport } from "../shared/transport.js"
import { NetworkView } from "./network_view.js"
import { cellAt } from "./ranking.js"
import { ReadOut } from "./readout.js"
import { ROWS } from "./sizes.js"

const PLAYER = "draw" // the name under which the row is remembered
const ROWS_PER_SECOND = 16 // with the stroke's way to the server, all 28 take less than 3 s

/**
 * What `reading_component.py` sends.
 * @typedef {object} Data
 * @property {string} signature the same for the same numbers
 * @property {string} place what is read by which network: the same after a reload
 * @property {string} image float32
 * @property {import("./network_view.js").Reading[]} readings one, or two
 * @property {boolean} answer_only whether something else stands in the place of all but the answer
 * @property {boolean} presenting whether the type is large
 * @property {number | null} row the one that a link asks for, 0-based
 * @property {import("./network_view.js").Palette} palette
 * @property {Record<string, string>} terms
 * @property {Record<string, any>} text texts and templates by name; those of the transport in one
 */

// A reload shows where the visitor was, or the answer; a link that is opened is played.
let isReload = performance.getEntriesByType("navigation").some((entry) =>
  /** @type {PerformanceNavigationTiming} */ (entry).type === "reload")

class ReadingView {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = find(root, ".draw-reading")
    /** @type {Data | undefined} */
    this.data = undefined
    this.appearance = ""
    /** @type {NetworkView[]} */
    this.networks = []
    /** @type {Float32Array} */
    this.image = new Float32Array()
    this.readOut = new ReadOut(this.root)
    /** @type {import("../shared/component.js").Send} */
    this.send = () => {}
    const controls = find(this.root, ".transport")
    this.transport = new Transport(controls, {
      framesPerSecond: ROWS_PER_SECOND,
      describe: (row) => this.words("row", { row: row + 1, total: ROWS }),
      show: (row) => this.showRow(row),
      main: true,
    })
    for (const event of ["click", "keyup"]) controls.addEventListener(event, () => this.remember())
    find(this.root, ".share").addEventListener("click", () => this.send("shared", this.transport.frame))
    const cover = find(this.root, ".cover")
    cover.addEventListener("click", toggleCover)
    onCover((covered) => {
      this.root.classList.toggle("covered", covered)
      setPressed(cover, covered)
    })
    this.listen(find(this.root, ".image canvas", HTMLCanvasElement), (row, column) => ({
      text: this.words("image_cell", {
        row: row + 1, column: column + 1, value: this.image[row * ROWS + column].toFixed(2),
      }),
    }), { ahead: true })
  }

  /**
   * Show a reading and play it, unless it is already on screen.
   * @param {[Data]} sent
   * @param {import("../shared/component.js").Send} send
   */
  update([data], send) {
    this.send = send
    const appearance = JSON.stringify(
      [data.signature, data.palette, data.text, data.answer_only, data.presenting, data.readings.map(({ title }) => title)])
    if (appearance === this.appearance) return
    const isNew = data.place !== this.data?.place
    this.data = data
    this.appearance = appearance
    this.image = unpack({ image: data.image }).image
    for (const [name, colour] of Object.entries(data.palette)) {
      this.root.style.setProperty(`--${name}`, colour)
    }
    writeTexts(this.root, data.text)
    const touch = matchMedia("(hover: none)").matches
    find(this.root, ".hint").textContent = this.words(touch ? "hint_touch" : "hint_pointer", {})
    this.root.classList.toggle("answer-only", data.answer_only)
    this.root.classList.toggle("presenting", data.presenting)
    this.root.classList.toggle("two", data.readings.length > 1)
    paintPixels(find(this.root, ".image canvas", HTMLCanvasElement), ROWS, ROWS, (i) =>
      mix(data.palette.background, data.palette.text, this.image[i]))
    this.updateNetworks(data)
    this.transport.label(data.text.transport)
    if (isNew) this.restart(data)
    else this.transport.draw(this.transport.frame)
  }

  /**
   * A view for each network; a second one leaves the first as it is.
   * @param {Data} data
   */
  updateNetworks({ readings, palette, text, terms }) {
    const place = find(this.root, ".networks")
    while (this.networks.length > readings.length) this.networks.pop()?.root.remove()
    while (this.networks.length < readings.length) {
      const template = find(this.root, "template", HTMLTemplateElement)
      place.append(template.content.cloneNode(true))
      const view = new NetworkView(/** @type {HTMLElement} */ (place.lastElementChild))
      this.networks.push(view)
      for (const panel of /** @type {const} */ (["hidden", "probabilities"])) {
        this.listen(view.canvas(panel), (row, column) => ({
          text: view.describeCell(panel, row, column),
          course: panel === "hidden" ? view.course(column) : undefined,
        }))
      }
    }
    readings.forEach((reading, i) => this.networks[i].update(reading, palette, text, terms))
  }

  /**
   * Play from the first row, unless the visitor comes back, or a link asks for a row.
   * @param {Data} data
   */
  restart({ place, row }) {
    const known = recall(PLAYER, place) ?? (isReload ? ROWS - 1 : row ?? undefined)
    isReload = false
    this.transport.restart(ROWS, known === undefined ? {} : { at: known })
  }

  /** Keep the row for a reload: the last one if the reading would have gone on to it. */
  remember() {
    const row = this.transport.playing ? ROWS - 1 : this.transport.frame
    if (this.data) remember(PLAYER, this.data.place, row)
  }

  /** @param {number} row */
  showRow(row) {
    for (const unread of this.parts(".unread")) unread.style.top = `${((row + 1) / ROWS) * 100}%`
    for (const scan of this.parts(".scan")) scan.style.top = `${(row / ROWS) * 100}%`
    for (const network of this.networks) network.show(this.data?.answer_only ? ROWS - 1 : row)
    // A screen reader waits for the answer instead of reading out every row.
    const busy = this.transport.playing && row < ROWS - 1
    for (const status of this.parts("[role=status]")) status.setAttribute("aria-busy", String(busy))
    this.remember()
  }

  /**
   * @param {string} selector
   * @returns {NodeListOf<HTMLElement>}
   */
  parts(selector) {
    return this.root.querySelectorAll(selector)
  }

  /**
   * @param {string} name
   * @param {Record<string, unknown>} values
   */
  words(name, values) {
    return fill(this.data?.text[name] ?? "", values)
  }

  /**
   * Show a cell's number at the pointer, and go to its row on a click.
   * @param {HTMLCanvasElement} canvas
   * @param {(row: number, column: number) => import("./readout.js").Content} describe
   * @param {{ ahead?: boolean }} options ahead: rows that have not been read may be described too
   */
  listen(canvas, describe, { ahead = false } = {}) {
    /** @param {MouseEvent} event */
    const show = (event) => {
      const { row, column } = cellUnder(canvas, event)
      const last = this.transport.frame
      const unread = { text: this.words("unread_cell", { row: row + 1 }) }
      this.readOut.show(event, row > last && !ahead ? unread : describe(row, column), last)
    }
    canvas.addEventListener("pointermove", show)
    canvas.addEventListener("pointerleave", () => this.readOut.hide())
    canvas.addEventListener("click", (event) => {
      this.transport.go(cellUnder(canvas, event).row)
      show(event)
    })
  }
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
