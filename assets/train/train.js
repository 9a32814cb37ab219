// The live charts of Train: the curves of one run or of several, and sample digits being learnt.

import { mounted } from "../shared/component.js"
import { find, make, setPressed, setText } from "../shared/dom.js"
import { isLeaving } from "../shared/leaving.js"
import { onCover, onStep } from "../shared/presenter.js"
import { writeExplained } from "../shared/terms.js"
import { writeTexts } from "../shared/text.js"
import { Chart } from "./chart.js"
import { reading } from "./chart_text.js"
import { pointAt } from "./curves.js"
import { handleKey, listenToPointer, stepEpoch } from "./gestures.js"
import { Header } from "./header.js"
import { PointBuffer } from "./point_buffer.js"
import { SampleDigits } from "./sample_digits.js"

/** @typedef {import("./types.js").LiveData} LiveData */
/** @typedef {import("./types.js").Run} Run */
/** @typedef {import("./types.js").Words} Words */

// A visitor who has just clicked on another page is there by then, and nothing is acknowledged.
const ACKNOWLEDGE_AFTER_MS = 500

const buffer = new PointBuffer() // it stays when the visitor goes to another page and comes back

export class LiveCharts {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.root = find(parent, ".train")
    this.header = new Header(find(this.root, "header"))
    this.sampleDigits = new SampleDigits(find(this.root, ".sample-digits"))
    this.all = find(this.root, '[data-range="all"]')
    this.last = find(this.root, '[data-range="last"]')
    this.logButton = find(this.root, "[data-log]")
    /** @type {Chart[]} */
    this.charts = []
    /** @type {Run[]} */
    this.runs = []
    /** @type {[number, number] | null} where the visitor has zoomed in, in epochs */
    this.window = null
    this.following = false // whether the last epoch is shown, as it goes on
    this.log = false
    /** @type {number | null} the epoch that is read */
    this.cursor = null
    /** @type {[number, number] | null} the range that is being selected, in epochs */
    this.selected = null
    this.legend = "" // what its texts are
    /** @type {string | null} */
    this.announcement = null
    /** @type {Record<string, number> | null} what is to be acknowledged soon */
    this.acknowledgement = null
    this.runId = ""
    /** @type {LiveData & Words | undefined} */
    this.data = undefined
    this.listen()
    new ResizeObserver(() => this.draw()).observe(this.root)
  }

  /**
   * @param {LiveData} sent what is new
   * @param {import("../shared/component.js").Send} send
   */
  update(sent, send) {
    const { complete, acknowledgement } = buffer.receive(sent)
    const { name } = sent.words
    const words = buffer.words.get(name)
    if (words) this.show({ ...sent, ...words }, complete)
    if (acknowledgement) this.acknowledge(acknowledgement, complete ? ACKNOWLEDGE_AFTER_MS : 0, send)
  }

  /**
   * @param {LiveData & Words} data
   * @param {boolean} complete whether all of it is here
   */
  show(data, complete) {
    if (!this.charts.length) this.build(data)
    this.data = data
    this.runs = data.runs.map((run) => buffer.drawable(run))
    const withTutorial = data.show_tutorial || !this.runs.some((run) => run.batches.length)
    this.charts.forEach((chart, i) => {
      chart.spec = withTutorial ? data.charts[i] : { ...data.charts[i], tutorial: null, test: null }
    })
    this.root.classList.toggle("no-tutorial", !withTutorial)
    this.lookAt(data.runs[0]?.curve.split("/")[0] ?? "")
    this.style(data)
    this.write(data)
    this.sampleDigits.paint(data.digits.source, buffer.digits.get(data.digits.source), data.palette)
    this.draw()
    if (complete) this.announce(data.announcement)
  }

  /**
   * Tell the server what is here, unless the visitor leaves the page.
   * @param {Record<string, number>} acknowledgement
   * @param {number} delay in milliseconds
   * @param {import("../shared/component.js").Send} send
   */
  acknowledge(acknowledgement, delay, send) {
    const isPlanned = this.acknowledgement !== null
    this.acknowledgement = acknowledgement
    if (isPlanned) return
    setTimeout(() => {
      if (this.root.isConnected && !isLeaving()) send("acknowledged", this.acknowledgement)
      this.acknowledgement = null
    }, delay)
  }

  /** @param {LiveData & Words} data */
  build(data) {
    this.charts = data.charts.map((spec) => new Chart(spec))
    find(this.root, ".charts").replaceChildren(...this.charts.map((chart) => chart.figure))
    for (const chart of this.charts) listenToPointer(this, chart)
  }

  /**
   * Forget where the visitor has zoomed in and read when another run is selected.
   * @param {string} runId
   */
  lookAt(runId) {
    if (runId === this.runId) return
    this.runId = runId
    this.window = this.cursor = this.selected = null
    this.following = false
  }

  /** @param {LiveData} data */
  style({ palette, presenting }) {
    this.root.style.setProperty("--lead", palette.lead)
    this.root.style.setProperty("--second", palette.second)
    this.root.style.setProperty("--grey", palette.grey)
    this.root.classList.toggle("several", this.runs.length > 1)
    this.root.classList.toggle("presenting", presenting)
  }

  /** @param {LiveData & Words} data */
  write({ text, header, note, terms }) {
    writeTexts(this.root, text)
    this.logButton.title = text.log_help
    this.header.show(header, note, terms)
    this.writeLegend(text, terms)
    // In the charts there is little room for names.
    const named = this.runs.length > 1 ? this.runs : []
    find(this.root, ".runs").replaceChildren(...named.map(({ name, colour }) => {
      const item = make("li")
      item.style.setProperty("--colour", colour)
      item.append(make("i"), name)
      return item
    }))
  }

  /**
   * @param {Record<string, string>} text
   * @param {Record<string, string>} terms
   */
  writeLegend(text, terms) {
    const wanted = JSON.stringify([text, terms])
    if (wanted === this.legend) return // an explanation that is open stays open
    this.legend = wanted
    for (const element of this.root.querySelectorAll("[data-explained]")) {
      if (element instanceof HTMLElement) writeExplained(element, text[element.dataset.explained ?? ""], terms)
    }
  }

  /**
   * The epochs in view.
   * @param {LiveData} data
   * @returns {[number, number]}
   */
  inView(data) {
    if (!this.following) return this.window ?? [0, data.n_epochs]
    const newest = this.runs[0]?.batches.at(-1)?.epoch ?? 0
    return [Math.max(newest - 1, 0), Math.max(newest, 1)]
  }

  draw() {
    if (!this.data) return
    const { palette, text, terms } = this.data
    const [from, to] = this.inView(this.data)
    const zoomed = this.following || this.window !== null
    const view = { runs: this.runs, from, to, palette, zoomed, log: this.log, text, terms }
    for (const chart of this.charts) chart.draw(view)
    setPressed(this.all, !zoomed)
    setPressed(this.last, this.following)
    setPressed(this.logButton, this.log)
    this.read(this.cursor)
    if (this.selected) this.select(this.selected)
  }

  /**
   * Read all charts and the sample digits at an epoch.
   * @param {number | null} epoch null for the newest point
   */
  read(epoch) {
    if (!this.data) return
    this.cursor = epoch
    const { charts, text } = this.data
    const run = /** @type {Run | undefined} */ (this.runs[0])
    const point = run && epoch !== null ? pointAt(run, epoch) : undefined
    for (const chart of this.charts) chart.overlay.read(epoch)
    setText(find(this.root, ".reading"), run && point ? reading(charts, run, point, text) : this.hint(text))
    // Where the run has not come yet, the digits stay as they are.
    this.sampleDigits.show(point ?? run?.batches.at(-1), text)
  }

  /** @param {Record<string, string>} text */
  hint(text) {
    return matchMedia("(pointer: coarse)").matches ? text.hint_touch : text.hint_mouse
  }

  /**
   * Let a screen reader say what has changed.
   * @param {string} announcement
   */
  announce(announcement) {
    const isNew = this.announcement !== null && this.announcement !== announcement
    this.announcement = announcement
    if (isNew) find(this.root, ".announcement").textContent = announcement
  }

  announceReading() {
    find(this.root, ".announcement").textContent = find(this.root, ".reading").textContent
  }

  listen() {
    this.all.addEventListener("click", () => this.zoom(null))
    this.last.addEventListener("click", () => this.follow())
    this.logButton.addEventListener("click", () => {
      this.log = !this.log
      this.draw()
    })
    const area = find(this.root, ".charts")
    area.addEventListener("dblclick", () => this.zoom(null))
    area.addEventListener("keydown", (event) => handleKey(this, event))
    onStep((by) => {
      if (this.root.isConnected) stepEpoch(this, by)
      return this.root.isConnected
    })
    onCover((covered) => this.root.classList.toggle("covered", covered))
  }

  /** @param {[number, number]} epochs */
  select(epochs) {
    this.selected = epochs
    for (const chart of this.charts) chart.overlay.select(chart.x(epochs[0]), chart.x(epochs[1]))
  }

  /** @param {[number, number] | null} window epochs; null for the whole run */
  zoom(window) {
    this.window = window
    this.following = false
    this.cursor = null
    this.draw()
  }

  follow() {
    this.following = !this.following
    this.window = null
    this.draw()
  }
}

export default mounted(LiveCharts)
