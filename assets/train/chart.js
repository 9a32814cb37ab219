// One chart: curves on a canvas, its title, and an overlay with the values under the pointer.

import { make } from "../shared/dom.js"
import { writeExplained } from "../shared/terms.js"
import { fill } from "../shared/text.js"
import { describe } from "./chart_text.js"
import { compact, curveOf, epochMeans, smoothed, tutorialCurve, valueText } from "./curves.js"
import { Overlay } from "./overlay.js"
import { byErrors, linear, linearTicks, logarithmic, rangeOf } from "./scale.js"
import { spread } from "./spread.js"

/** @typedef {import("./types.js").ChartSpec} ChartSpec */
/** @typedef {import("./types.js").Run} Run */
/** @typedef {import("./types.js").Palette} Palette */
/** @typedef {import("./curves.js").Place} Place */
/** @typedef {import("./scale.js").Scale} Scale */

/**
 * What all charts show.
 * @typedef {object} View
 * @property {Run[]} runs
 * @property {number} from epoch at the left
 * @property {number} to epoch at the right
 * @property {Palette} palette
 * @property {boolean} zoomed
 * @property {boolean} log whether the button Log is pressed
 * @property {Record<string, string>} text
 * @property {Record<string, string>} terms
 */

/**
 * The curves of one run.
 * @typedef {object} Curves
 * @property {Run} run
 * @property {Place[]} raw of each point
 * @property {Place[]} line smoothed, where the metric is
 * @property {Place[]} means of whole epochs
 * @property {Place[]} validation
 */

// Pixels at the usual size of type; in presenter mode they grow with it.
const TYPE_SIZE = 11
const MARGIN = { left: 46, right: 10, top: 8, bottom: 20 }
const MAX_NAME_WIDTH = 124 // for the names of runs at the ends of their lines
const TALL = 120 // a chart this high has room for five ticks
const TICK_DISTANCE = 50 // between two ticks of the epochs
const MARKER = 6 // pixels: half a symbol, which is whole at the ends of the axes
/** @type {Record<string, Scale>} */
const LOG_SCALES = { logarithmic, errors: byErrors }

export class Chart {
  /** @param {ChartSpec} spec */
  constructor(spec) {
    this.spec = spec
    this.figure = make("figure", { "data-chart": spec.name })
    this.figure.classList.toggle("tall", spec.usual !== null)
    this.title = make("span", { class: "title" })
    this.now = make("span", { class: "now", translate: "no" })
    this.canvas = make("canvas", { role: "img" })
    this.plot = make("div", { class: "plot" })
    const over = make("div", { class: "over", "aria-hidden": "true" })
    const caption = make("figcaption")
    caption.append(this.title, " ", this.now)
    this.plot.append(this.canvas, over)
    this.figure.append(caption, this.plot)
    this.overlay = new Overlay(over, this)
    const context = this.canvas.getContext("2d")
    if (!context) throw new Error("This browser has no canvas.")
    this.context = context
    this.left = this.right = this.top = this.bottom = 0 // of the axes, pixels
    this.zoom = 1 // of the type
    this.scale = linear
    /** @type {[number, number]} of the vertical axis */
    this.range = [0, 1]
    /** @type {View} */
    this.view = {
      runs: [],
      from: 0,
      to: 1,
      palette: { background: "", text: "", grey: "", lead: "", second: "" },
      zoomed: false,
      log: false,
      text: {},
      terms: {},
    }
    this.written = "" // the title: an explanation that is open stays open
  }

  /** @param {View} view */
  draw(view) {
    this.view = view
    const { width, height } = this.fit()
    const compares = view.runs.length > 1
    const { zoom } = this
    this.left = MARGIN.left * zoom
    this.right = width - (compares ? Math.min(MAX_NAME_WIDTH * zoom, width / 4) : MARGIN.right * zoom)
    this.top = MARGIN.top * zoom
    this.bottom = height - MARGIN.bottom * zoom
    this.scale = (view.log && this.spec.log && LOG_SCALES[this.spec.log]) || linear
    const curves = view.runs.map((run) => this.curves(run))
    const values = this.visible(curves)
    this.range = rangeOf(values, this.spec, this.scale, view.zoomed)
    this.drawAxes(height, values.some((each) => each.length))
    this.clipped(0, () => {
      view.runs.forEach((run) => this.drawChanges(run))
      this.drawTutorial()
      curves.forEach((each) => this.drawLines(each, compares))
    })
    this.clipped(MARKER, () => {
      this.drawTutorialTest()
      curves.forEach((each) => this.drawMarkers(each, compares))
    })
    this.nameTutorial()
    if (compares && this.spec.usual) this.nameRuns(curves)
    if (!compares && this.spec.usual) curves.forEach((each) => this.nameCutOff(each))
    this.writeTitle()
    this.now.textContent = this.newest()
    this.canvas.setAttribute("aria-label", describe(this.spec, view))
  }

  writeTitle() {
    const { terms } = this.view
    const wanted = JSON.stringify([this.spec.title, terms])
    if (wanted === this.written) return
    this.written = wanted
    writeExplained(this.title, this.spec.title, terms)
  }

  /**
   * Give the canvas the pixels that it has on screen, and clear it.
   * @returns {{ width: number, height: number }}
   */
  fit() {
    const { clientWidth: width, clientHeight: height } = this.plot
    const ratio = window.devicePixelRatio
    const [columns, rows] = [width, height].map((length) => Math.round(length * ratio))
    if (this.canvas.width !== columns || this.canvas.height !== rows) {
      this.canvas.width = columns
      this.canvas.height = rows
    }
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0)
    this.context.clearRect(0, 0, width, height)
    const { fontFamily, fontSize } = getComputedStyle(this.plot)
    this.zoom = parseFloat(fontSize) / TYPE_SIZE
    this.context.font = `${fontSize} ${fontFamily}`
    this.context.lineJoin = "round"
    return { width, height }
  }

  /** @param {number} epoch */
  x(epoch) {
    const { from, to } = this.view
    return this.left + ((epoch - from) / (to - from)) * (this.right - this.left)
  }

  /** @param {number} x */
  epochAt(x) {
    const { from, to } = this.view
    return from + ((x - this.left) / (this.right - this.left)) * (to - from)
  }

  /** @param {number} value */
  y(value) {
    const [low, high] = this.range.map(this.scale.to)
    const fraction = (this.scale.to(value) - low) / (high - low)
    return this.bottom - fraction * (this.bottom - this.top)
  }

  /**
   * A vertical place within the axes.
   * @param {number} y
   */
  within(y) {
    return Math.min(Math.max(y, this.top), this.bottom)
  }

  /** @param {number} value */
  valueText(value) {
    return valueText(value, this.spec)
  }

  /**
   * @param {Run} run
   * @returns {Curves}
   */
  curves(run) {
    const { metric, validation, stepwise } = this.spec
    const raw = curveOf(run.batches, metric)
    return {
      run,
      raw,
      line: stepwise ? raw : smoothed(raw),
      means: validation ? epochMeans(run, metric) : [],
      validation: validation ? curveOf(run.epochs, validation) : [],
    }
  }

  /**
   * The values in view that the vertical axis has to fit.
   * @param {Curves[]} curves
   * @returns {number[][]} a list for each curve, in the order of its epochs
   */
  visible(curves) {
    const { from, to } = this.view
    const places = curves.flatMap(({ line, means, validation }) => [line, means, validation])
    if (this.spec.tutorial) places.push(tutorialCurve(this.spec.tutorial))
    return places.map((curve) =>
      curve.filter(([epoch]) => epoch >= from && epoch <= to).map(([, value]) => value))
  }

  /**
   * @param {number} height of the canvas
   * @param {boolean} hasValues
   */
  drawAxes(height, hasValues) {
    const { context, view } = this
    if (!hasValues) this.write(this.whyEmpty(), this.left + 8, (this.top + this.bottom) / 2, "left")
    context.fillStyle = view.palette.text
    context.strokeStyle = view.palette.grey
    context.lineWidth = 1
    context.textAlign = "right"
    context.textBaseline = "middle"
    const unit = this.spec.unit ? ` ${this.spec.unit}` : ""
    const ticks = hasValues ? this.scale.ticks(...this.range, height > TALL * this.zoom ? 5 : 2) : [0]
    for (const tick of ticks) {
      context.globalAlpha = 0.25
      this.stroke([[this.left, this.y(tick)], [this.right, this.y(tick)]])
      context.globalAlpha = 0.75
      if (hasValues) context.fillText(`${compact(tick)}${unit}`, this.left - 6 * this.zoom, this.y(tick))
    }
    this.drawEpochs()
    context.globalAlpha = 1
  }

  drawEpochs() {
    const { context, view } = this
    context.textAlign = "center"
    context.textBaseline = "top"
    const epochs = linearTicks(view.from, view.to, (this.right - this.left) / (TICK_DISTANCE * this.zoom))
    epochs.forEach((epoch, i) => {
      const label = i === 0 ? fill(view.text.epoch_tick, { epoch }) : String(epoch)
      context.fillText(label, this.x(epoch), this.bottom + 6 * this.zoom)
    })
  }

  /** Why a chart has no curve in view. */
  whyEmpty() {
    const { runs, text } = this.view
    return runs.some((run) => run.batches.length) ? text.no_data : text.waiting
  }

  /**
   * Draw within the axes.
   * @param {number} beyond pixels around them that are drawn too
   * @param {() => void} draw
   */
  clipped(beyond, draw) {
    const { context } = this
    context.save()
    context.beginPath()
    context.rect(
      this.left - beyond, this.top - beyond,
      this.right - this.left + 2 * beyond, this.bottom - this.top + 2 * beyond,
    )
    context.clip()
    draw()
    context.restore()
  }

  /**
   * A line through places in pixels.
   * @param {[x: number, y: number][]} places
   */
  stroke(places) {
    this.context.beginPath()
    for (const place of places) this.context.lineTo(...place)
    this.context.stroke()
  }

  /**
   * @param {Place[]} places
   * @param {string} colour
   * @param {{ width?: number, alpha?: number, dashes?: number[] }} [style]
   */
  drawLine(places, colour, { width = 1, alpha = 1, dashes = [] } = {}) {
    Object.assign(this.context, { strokeStyle: colour, lineWidth: width, globalAlpha: alpha })
    this.context.setLineDash(dashes)
    this.stroke(places.map(([epoch, value]) => [this.x(epoch), this.y(value)]))
    this.context.setLineDash([])
    this.context.globalAlpha = 1
  }

  drawTutorial() {
    const { tutorial } = this.spec
    if (!tutorial) return
    this.drawLine(tutorialCurve(tutorial), this.view.palette.grey, { width: 2, dashes: [6, 4] })
  }

  drawTutorialTest() {
    const { tutorial, test } = this.spec
    if (tutorial && test) this.drawRing([tutorial.length, test.published], this.view.palette.grey)
  }

  /**
   * @param {Curves} curves
   * @param {boolean} compares whether there are several runs
   */
  drawLines({ run, raw, line, validation }, compares) {
    const colour = this.colourOf(run)
    const isMain = this.spec.usual !== null
    if (!compares) this.drawLine(raw, colour, { alpha: isMain ? 0.35 : 0.5 })
    this.drawLine(line, colour, { width: isMain ? 2.5 : 1.5 })
    if (compares) this.drawLine(validation, colour, { width: 1.5, dashes: [2, 3] })
    else this.drawLine(validation, this.view.palette.second, { width: 2 })
  }

  /**
   * @param {Curves} curves
   * @param {boolean} compares whether there are several runs
   */
  drawMarkers({ run, means, validation }, compares) {
    const colour = this.colourOf(run)
    for (const place of validation) {
      this.drawSquare(place, compares ? colour : this.view.palette.second, compares ? 2 : 3)
    }
    if (!compares) for (const place of means) this.drawDot(place, colour)
    const end = run.batches.at(-1)?.epoch
    if (this.spec.tested && run.test_accuracy !== null && end !== undefined) {
      this.drawRing([end, run.test_accuracy], colour)
    }
  }

  /**
   * The colour of a run; a single one has that of the most important line.
   * @param {Run} run
   */
  colourOf(run) {
    return this.view.runs.length > 1 ? run.colour : this.view.palette.lead
  }

  /**
   * A ring: the accuracy on the test images, at the end of a training.
   * @param {Place} place
   * @param {string} colour
   */
  drawRing([epoch, value], colour) {
    const { background } = this.view.palette
    this.drawCircle([epoch, value], 4.5, { fillStyle: background, strokeStyle: colour, lineWidth: 2 })
  }

  /**
   * @param {Place} place
   * @param {string} colour
   */
  drawDot([epoch, value], colour) {
    const { background } = this.view.palette
    this.drawCircle([epoch, value], 4, { fillStyle: colour, strokeStyle: background, lineWidth: 1.5 })
  }

  /**
   * @param {Place} place
   * @param {number} radius
   * @param {{ fillStyle: string, strokeStyle: string, lineWidth: number }} style
   */
  drawCircle([epoch, value], radius, style) {
    Object.assign(this.context, style)
    this.context.beginPath()
    this.context.arc(this.x(epoch), this.y(value), radius, 0, 2 * Math.PI)
    this.context.fill()
    this.context.stroke()
  }

  /**
   * @param {Place} place
   * @param {string} colour
   * @param {number} half of its side
   */
  drawSquare([epoch, value], colour, half) {
    this.context.fillStyle = colour
    this.context.fillRect(this.x(epoch) - half, this.y(value) - half, 2 * half, 2 * half)
  }

  /**
   * Lines where the learning rate was changed; on its own chart with the new rate.
   * @param {Run} run
   */
  drawChanges(run) {
    const { context, view } = this
    for (const [epoch, rate] of run.changes) {
      const x = this.x(epoch)
      Object.assign(context, { strokeStyle: view.palette.text, lineWidth: 1, globalAlpha: 0.45 })
      context.setLineDash([2, 3])
      this.stroke([[x, this.top], [x, this.bottom]])
      context.setLineDash([])
      context.globalAlpha = 1
      if (this.spec.stepwise) this.write(this.valueText(rate), x + 4, this.bottom - 7, "left")
    }
  }

  nameTutorial() {
    const { tutorial } = this.spec
    if (!tutorial) return
    const { from, to, text } = this.view
    const inView = tutorialCurve(tutorial).filter(([epoch]) => epoch <= to)
    const [epoch, value] = inView.at(-1) ?? [0, this.range[0]]
    // On the free side of the curve: above one that falls, below one that rises.
    const falls = tutorial[0] > tutorial[tutorial.length - 1]
    const distance = (falls ? -11 : 13) * this.zoom
    const y = Math.min(Math.max(this.y(value) + distance, this.top + 6), this.bottom - 6 * this.zoom)
    if (epoch > from) this.write(text.tutorial_label, this.x(epoch), y, "right")
  }

  /**
   * Say how far a curve goes beyond the axis, at the place where it leaves it.
   * @param {Curves} curves
   */
  nameCutOff({ line }) {
    const { from, to } = this.view
    const inView = line.filter(([epoch]) => epoch >= from && epoch <= to)
    const [low, high] = this.range
    const highest = inView.reduce((most, place) => (place[1] > most[1] ? place : most), [0, high])
    const lowest = inView.reduce((least, place) => (place[1] < least[1] ? place : least), [0, low])
    if (highest[1] > high) this.write(`▲ ${this.valueText(highest[1])}`, this.x(highest[0]) + 5, this.top + 6 * this.zoom, "left")
    if (lowest[1] < low) this.write(`▼ ${this.valueText(lowest[1])}`, this.x(lowest[0]) + 5, this.bottom - 6 * this.zoom, "left")
  }

  /**
   * Write the name of each run where its line ends, one below the other.
   * @param {Curves[]} curves
   */
  nameRuns(curves) {
    const { from, to } = this.view
    const names = curves
      .map(({ run, line }) => ({ run, end: line.filter(([epoch]) => epoch <= to).at(-1) }))
      .flatMap(({ run, end }) => (end && end[0] >= from ? [{ run, y: this.within(this.y(end[1])) }] : []))
      .sort((a, b) => a.y - b.y)
    spread(names, this.top + 4, this.bottom - 4, this.zoom)
    for (const { run, y } of names) {
      this.write(this.shortened(run.name), this.right + 6, y, "left", run.colour)
    }
  }

  /** @param {string} name */
  shortened(name) {
    const room = this.plot.clientWidth - this.right - 8
    let text = name
    while (text && this.context.measureText(`${text}…`).width > room) text = text.slice(0, -1)
    return text === name ? name : `${text}…`
  }

  /**
   * Text with a rim of background, so that lines do not cross it out.
   * @param {string} text
   * @param {number} x
   * @param {number} y
   * @param {CanvasTextAlign} align
   * @param {string} [colour]
   */
  write(text, x, y, align, colour = this.view.palette.text) {
    const { context } = this
    Object.assign(context, { textAlign: align, textBaseline: "middle", fillStyle: colour })
    Object.assign(context, { strokeStyle: this.view.palette.background, lineWidth: 4 })
    context.strokeText(text, x, y)
    context.fillText(text, x, y)
  }

  /** The newest value of a single run, for the title; the one accuracy stands in the header. */
  newest() {
    const { runs } = this.view
    const value = runs.length === 1 && !this.spec.tested ? runs[0].batches.at(-1)?.[this.spec.metric] : null
    return value == null ? "" : this.valueText(value)
  }
}
