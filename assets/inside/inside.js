// The page Inside: the network plays, a number shows its formula, an edit shows what it changed.
// One answer of the server holds every time step; everything that moves, moves here.

import { mounted } from "../shared/component.js"
import { find, isPressed, setPressed } from "../shared/dom.js"
import { unpack } from "../shared/float32.js"
import { startsNumber } from "../shared/number.js"
import { recall, remember } from "../shared/position.js"
import { onCover } from "../shared/presenter.js"
import { writeExplained } from "../shared/terms.js"
import { fill, writeTexts } from "../shared/text.js"
import { Transport } from "../shared/transport.js"
import { drawActivation } from "./activation_plot.js"
import { CellEditor } from "./cell_editor.js"
import { address, valuesOf } from "./cells.js"
import { changeInWords, withoutRounding } from "./change.js"
import { CodePanel } from "./code_panel.js"
import { ExampleChoice } from "./example_choice.js"
import { formulaOf } from "./formula.js"
import { N_PHASES, frameName, frameSentence, split, statesUpTo } from "./frames.js"
import { MANY_NEURONS } from "./layout.js"
import { Marks } from "./marks.js"
import { Net } from "./net.js"
import { QuestionPanel } from "./question_panel.js"
import { SharePanel } from "./share_panel.js"
import { SliderPanel } from "./slider_panel.js"
import { drawStrip } from "./strip_chart.js"

/** @typedef {import("./cells.js").Cell} Cell */
/** @typedef {import("./cells.js").Payload} Payload */

/** @typedef {Omit<Payload, "tensors"> & {
 *   tensors: Record<string, string>, signature: string, error: string,
 * }} Received what the server sends */

const STEPS_PER_SECOND = 1.5
const PRESENTER_ZOOM = 1.25 // there, small type is as large as all other
const POSITION = "inside" // name of the remembered frame

/** @type {("n_steps" | "batch" | "n_inputs" | "n_neurons")[]} */
const SIZES = ["n_steps", "batch", "n_inputs", "n_neurons"]

/** The component. */
export class Inside {
  /** @type {Payload} */
  data
  /** @type {Cell} */
  selected

  /** @param {ParentNode} root */
  constructor(root) {
    this.root = find(root, ".inside")
    this.frame = this.find(".net")
    this.formula = this.find(".terms")
    this.affects = this.find(".affects")
    this.numbers = this.find(".show-numbers")
    this.examples = new ExampleChoice(this.root, () => this.rebuild())
    this.net = new Net(this.frame, this.find(".sheet"))
    this.marks = new Marks(this.net)
    this.code = new CodePanel(this.root)
    this.share = new SharePanel(this.root, () => this.view())
    this.signature = ""
    this.plotted = "" // what the plots show
    this.follows = true // whether the formula follows the play
    /** @type {Cell | undefined} */
    this.tabStop = undefined
    /** @type {import("../shared/component.js").Send} */
    this.send = () => undefined
    /** @type {import("../shared/component.js").Send} */
    const send = (name, value) => this.send(name, value)
    this.editor = new CellEditor(this.find(".picture"), (edit) => send("edit", edit))
    this.slider = new SliderPanel(this.root, (edit) => send("edit", edit))
    this.question = new QuestionPanel(this.root, send)
    this.transport = new Transport(this.find(".transport"), {
      framesPerSecond: STEPS_PER_SECOND,
      describe: (frame) => frameName(frame, this.data),
      show: (frame) => this.show(frame),
      main: true,
    })
    this.listen()
  }

  /**
   * @param {string} selector
   * @returns {HTMLElement}
   */
  find(selector) {
    return find(this.root, selector)
  }

  listen() {
    this.frame.addEventListener("click", (event) => this.click(event))
    this.frame.addEventListener("dblclick", (event) => this.startEdit(cellOf(event)))
    this.frame.addEventListener("keydown", (event) => this.key(event))
    this.frame.addEventListener("focusin", (event) => {
      const name = cellOf(event)?.getAttribute("aria-label")
      if (name) this.find(".now").textContent = name
    })
    this.onToggle(this.numbers, () => this.rebuild())
    this.onToggle(this.affects, () => this.mark())
    this.find(".edit").addEventListener("click", () => this.startEdit(this.selected))
    this.find(".show-changed").addEventListener("click", () => this.examples.showAll())
    const resized = new ResizeObserver(() => {
      const built = /** @type {import("./net.js").BuildOptions | undefined} */ (this.net.options)
      if (!built || (this.frame.clientWidth === built.width && typeSize() === built.size)) return
      this.rebuild()
    })
    resized.observe(this.frame)
    resized.observe(this.root)
    const stop = onCover((covered) => {
      if (this.root.isConnected) this.root.classList.toggle("covered", covered)
      else stop()
    })
  }

  /**
   * @param {HTMLElement} button that stays pressed
   * @param {() => void} react
   */
  onToggle(button, react) {
    button.addEventListener("click", () => {
      setPressed(button, !isPressed(button))
      react()
    })
  }

  /**
   * Take what the server sent. After an edit, the last frame shows what it changed.
   * @param {[Received]} received
   * @param {import("../shared/component.js").Send} send
   */
  update([received], send) {
    this.send = send
    this.editor.showError(received.error)
    if (received.signature === this.signature) return
    this.signature = received.signature
    const before = /** @type {Payload | undefined} */ (this.data)
    const text = before && isEqual(before.text, received.text) ? before.text : received.text
    const data = { ...received, text, tensors: unpack(received.tensors) }
    this.data = data
    this.label(data)
    this.code.update(data)
    this.share.update(data)
    this.question.update(data.question ?? null)
    this.showSlider(data)
    this.follow(before)
  }

  /**
   * Show what is new: an edit with what it changed, another network from its start.
   * @param {Payload | undefined} before what was on screen
   */
  follow(before) {
    const { data } = this
    const isSameCard = before?.model === data.model && before.card === data.card
    const at = before ? undefined : recall(POSITION, this.positionSignature())
    const isReset = before !== undefined && data.n_resets > before.n_resets
    if (data.view !== "" && data.view !== before?.view) this.open(data.view, at)
    else if (!before || !isSameCard || isReset) this.startOver(isSameCard, at)
    else if (before.token === data.token) this.repaint()
    else if (SIZES.every((name) => before[name] === data[name])) this.compare(before)
    else this.startOver(true)
  }

  /**
   * Colours and words, which may have changed with the theme and the language.
   * @param {Payload} data
   */
  label({ palette, text, terms, presenting }) {
    this.root.classList.toggle("presenting", presenting)
    this.root.style.setProperty("--negative", palette.negative)
    this.root.style.setProperty("--positive", palette.positive)
    this.root.style.setProperty("--grey", palette.grey)
    writeTexts(this.root, text)
    writeExplained(this.find(".flat-text"), text.flat, terms)
    this.transport.label(text.transport)
    this.examples.write(this.data)
  }

  /** @param {Payload} data */
  showSlider(data) {
    const slider = data.slider ?? null
    const name = slider?.cell.name ?? "b"
    const [row, column = 0] = slider?.cell.index ?? [0]
    const columns = name === "X" ? data.n_inputs : data.n_neurons
    this.slider.update(slider, data.tensors[name][row * columns + column])
  }

  /** The same numbers in other colours or words. */
  repaint() {
    this.net.repaint(this.data)
    this.transport.draw(this.transport.frame)
    this.formula.replaceChildren(...formulaOf(this.selected, this.data))
    this.marks.showPrevious(this.marks.previous)
  }

  /**
   * Show a network for the first time: clean, without anything that changed.
   * @param {boolean} isSameCard then the last frame is shown at once
   * @param {number} [at] the frame to show instead of playing from the first one
   */
  startOver(isSameCard, at) {
    this.forgetChange()
    this.editor.showError("")
    setPressed(this.affects, false)
    this.examples.startOver(this.data)
    setPressed(this.numbers, this.data.n_neurons < MANY_NEURONS)
    this.net.now = 0
    this.rebuild()
    this.follows = true
    const count = this.data.n_steps * N_PHASES
    this.transport.restart(count, { at: isSameCard ? count - 1 : at })
  }

  /**
   * Show what a link or a file says: frame, example or "all", selected cell.
   * @param {string} view such as "4,0,Y1[0,2]"
   * @param {number} [at] the frame to show instead
   */
  open(view, at) {
    this.startOver(false, at)
    const [, frame, example, id, index] = /^(\d+),(\w+),(?:(\w+)\[(.*)\])?$/.exec(view) ?? []
    this.examples.choose(example)
    this.rebuild()
    if (id) {
      const [column, row = 0] = index.split(",").map(Number).reverse()
      const cell = this.net.find(id, row, column)
      if (cell) this.select(cell, { quietly: true })
      this.follows = !cell
    }
    this.transport.go(at ?? Number(frame))
  }

  /**
   * What the remembered position belongs to.
   * @returns {string}
   */
  positionSignature() {
    const { card, token, view } = this.data
    return [card, token, view].join()
  }

  /**
   * What is looked at, as text for a link.
   * @returns {string}
   */
  view() {
    const { tensor, row, column } = this.selected
    const index = tensor.id === "b" ? [column] : [row, column]
    return `${this.transport.frame},${this.examples.value},${tensor.id}[${index}]`
  }

  /** Build the cells anew; the same number stays selected where it is still shown. */
  rebuild() {
    const selected = /** @type {Cell | undefined} */ (this.selected)
    const isFocused = selected !== undefined && selected === this.focused()
    const rows = this.examples.rows
    this.net.build(this.data, {
      rows,
      numbers: isPressed(this.numbers),
      width: this.frame.clientWidth,
      size: typeSize(),
      zoom: this.data.presenting ? PRESENTER_ZOOM : 1,
    })
    this.showPlots()
    if (!selected) return
    const { tensor, row, column } = selected
    const shown = tensor.perExample && !rows.includes(row) ? rows[0] : row
    const cell = this.net.find(tensor.id, shown, column) ?? this.net.find("hx", rows[0], 0)
    if (cell) this.select(cell, { quietly: true })
    if (isFocused) cell?.focus()
    this.marks.showPrevious(this.marks.previous)
  }

  /**
   * The same network with other numbers: what changed keeps its previous value beside it.
   * @param {Payload} before
   */
  compare(before) {
    const { data, net } = this
    const past = before.stored || data.stored ? withoutRounding(before, data) : before
    const previous = [...net.tensors.keys()].map((id) => /** @type {const} */ ([id, valuesOf(past, id)]))
    this.marks.previous = new Map(previous)
    if (net.isTooNarrowFor(data)) this.rebuild()
    else net.repaint(data)
    this.marks.showPrevious(this.marks.previous)
    this.past = past
    this.showChange(changeInWords(data, past, this.examples.rows))
    this.transport.go(this.transport.count - 1)
    this.select(this.selected, { quietly: true })
  }

  /** @param {import("./change.js").Summary} summary */
  showChange({ sentence, examples, isElsewhere }) {
    this.find(".change").textContent = sentence
    this.find(".show-changed").hidden = !isElsewhere
    this.examples.write(this.data, isElsewhere ? examples : [])
  }

  forgetChange() {
    this.past = undefined
    this.marks.showPrevious(new Map())
    this.showChange({ sentence: "", examples: [], isElsewhere: false })
  }

  /** @param {number} frame */
  show(frame) {
    this.net.show(frame)
    this.find(".now").textContent = frameSentence(frame, this.data)
    this.code.markLine(frame)
    this.net.scrollTo(split(frame)[0])
    this.showFormula(frame)
    this.showPlots()
    remember(POSITION, this.positionSignature(), frame)
  }

  /** The plots beside the network, as far as it has been computed; a frame seldom changes them. */
  showPlots() {
    const rows = this.examples.rows
    const count = statesUpTo(this.net.now)
    const neuron = /** @type {Cell | undefined} */ (this.selected)?.column ?? 0
    const plotted = [this.signature, rows, count, neuron, this.past?.token].join()
    if (plotted === this.plotted) return
    this.plotted = plotted
    drawActivation(this.find(".activation-plot"), this.data, { rows, count })
    drawStrip(this.find(".strip"), this.data, { example: rows[0], count, previous: this.past?.tensors.Y, neuron })
  }

  /**
   * Show the formula: it follows the play until a number is chosen. It marks the term that the
   * frame adds, and hides the result until the network shows it.
   * @param {number} frame
   */
  showFormula(frame) {
    const [now, phase] = split(frame)
    if (this.follows) {
      const cell = this.net.find(`${phase < 3 ? "z" : "Y"}${now}`, this.examples.rows[0], 0)
      if (cell && cell !== this.selected) this.select(cell, { quietly: true })
    }
    const { tensor } = this.selected
    this.formula.dataset.phase = tensor.t === now && /^[zY]/.test(tensor.id) ? String(phase) : ""
    this.formula.classList.toggle("not-yet", frame < this.net.ready(tensor))
  }

  /** @param {MouseEvent} event */
  click(event) {
    const cell = cellOf(event)
    if (!cell || isField(event.target)) return
    const isFocused = cell === this.selected && cell === this.focused()
    this.select(cell)
    if (isFocused && event.detail <= 1) this.startEdit(cell)
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const cell = cellOf(event)
    if (!cell || isField(event.target) || event.ctrlKey || event.metaKey || event.altKey) return
    /** @type {Record<string, [number, number]>} */
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }
    const move = moves[event.key]
    if (move) this.focus(this.net.neighbour(cell, ...move) ?? cell)
    else if (event.key === "Enter") this.select(cell)
    else if (event.key === "F2") this.startEdit(cell)
    else if (event.key === " ") this.transport.toggle.click()
    else if (event.key === "Escape") this.forgetChange()
    else if (startsNumber(event.key)) this.startEdit(cell, event.key)
    else return void this.transport.key(event)
    event.preventDefault()
  }

  /** @returns {Element | null} */
  focused() {
    const root = /** @type {ShadowRoot | Document} */ (this.root.getRootNode())
    return root.activeElement
  }

  /** @param {Cell} cell */
  focus(cell) {
    this.makeTabStop(cell)
    cell.focus()
  }

  /** @param {Cell} cell */
  makeTabStop(cell) {
    this.tabStop?.setAttribute("tabindex", "-1")
    this.tabStop = cell
    cell.setAttribute("tabindex", "0")
  }

  /**
   * Show the formula of a cell; if this frame has not computed it yet, go to the one that does.
   * @param {Cell} cell
   * @param {{ quietly?: boolean }} options quietly: leave focus and frame alone
   */
  select(cell, { quietly = false } = {}) {
    this.selected = cell
    this.makeTabStop(cell)
    if (!quietly) {
      this.editor.showError("")
      this.follows = false
      cell.focus()
      const ready = this.net.ready(cell.tensor)
      if (this.transport.playing || this.transport.frame < ready) {
        this.transport.go(Math.max(ready, this.transport.frame))
      }
    }
    this.formula.replaceChildren(...formulaOf(cell, this.data))
    this.find(".edit").hidden = !address(cell)
    this.mark()
  }

  /** Mark what the selected number was computed from, or what it affects. */
  mark() {
    this.marks.relate(this.selected, isPressed(this.affects))
  }

  /**
   * Open a text field in a cell; for a computed number, mark what can be edited instead.
   * @param {Cell | null} cell
   * @param {string} [typed] what it starts with; the cell's number unless given
   */
  startEdit(cell, typed) {
    if (!cell) return
    this.select(cell, { quietly: true })
    if (address(cell)) return this.editor.open(cell, this.data, typed)
    setPressed(this.affects, false)
    this.mark()
    this.editor.showError(fill(this.data.text.computed, { cell: cell.indexed }), cell)
  }
}

/**
 * Whether two values are the same as JSON.
 * @param {unknown} a
 * @param {unknown} b
 * @returns {boolean}
 */
function isEqual(a, b) {
  return JSON.stringify(a) === JSON.stringify(b)
}

/**
 * Pixels of the page's type, by which everything here is measured.
 * @returns {number}
 */
function typeSize() {
  return parseFloat(getComputedStyle(document.documentElement).fontSize)
}

/**
 * The cell that an event happened in.
 * @param {Event} event
 * @returns {Cell | null}
 */
function cellOf({ target }) {
  return target instanceof Element ? target.closest(".cell") : null
}

/**
 * @param {EventTarget | null} target
 * @returns {boolean}
 */
function isField(target) {
  return target instanceof HTMLInputElement
}

export default mounted(Inside)
