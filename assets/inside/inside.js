// The page Inside: the network plays, a number shows its formula, an edit shows what it changed.
// One answer of the server holds every time step; everything that moves, moves here.

import { mounted } from "../shared/component.js"
import { find, isPressed, make, setPressed } from "../shared/dom.js"
import { unpack } from "../shared/float32.js"
import { fill, plural, writeTexts } from "../shared/text.js"
import { Transport } from "../shared/transport.js"
import { drawActivation } from "./activation_plot.js"
import { address, affects, isSource, range, valuesOf, written } from "./cells.js"
import { changeInWords, withoutRounding } from "./change.js"
import { CodePanel } from "./code_panel.js"
import { formulaOf } from "./formula.js"
import { GAP, N_PHASES, Net } from "./net.js"
import { SharePanel } from "./share_panel.js"
import { diverging } from "../shared/colour.js"

/** @typedef {import("./cells.js").Cell} Cell */
/** @typedef {import("./cells.js").Payload} Payload */

/** @typedef {Omit<Payload, "tensors"> & {
 *   tensors: Record<string, string>, signature: string, error: string,
 * }} Received what the server sends */

const STEPS_PER_SECOND = 1.5
const ALL = "all" // examples
const MANY_NEURONS = 9 // from here on numbers are not shown until they are asked for

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
    this.examples = find(this.root, "select.example", HTMLSelectElement)
    this.net = new Net(this.find(".sheet"))
    this.code = new CodePanel(this.root)
    this.share = new SharePanel(this.root, () => this.view())
    this.signature = ""
    this.follows = true // whether the formula follows the play
    /** @type {Map<string, Float32Array>} values before the last edit, by tensor */
    this.previous = new Map()
    /** @type {Cell[]} */
    this.marked = []
    /** @type {Cell | undefined} */
    this.tabStop = undefined
    /** @type {import("../shared/component.js").Send} */
    this.send = () => undefined
    this.transport = new Transport(this.find(".transport"), {
      framesPerSecond: STEPS_PER_SECOND,
      describe: (frame) => this.describe(frame),
      show: (frame) => this.show(frame),
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
    this.examples.addEventListener("change", () => this.rebuild())
    this.onToggle(".show-numbers", () => this.rebuild())
    this.onToggle(".affects", () => this.mark())
    this.find(".edit").addEventListener("click", () => this.startEdit(this.selected))
    let width = 0
    const resized = new ResizeObserver(() => {
      if (!this.data || this.frame.clientWidth === width) return
      width = this.frame.clientWidth
      this.rebuild()
    })
    resized.observe(this.frame)
  }

  /**
   * @param {string} selector of a toggle button
   * @param {() => void} react
   */
  onToggle(selector, react) {
    const button = this.find(selector)
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
    this.showError(received.error)
    if (received.signature === this.signature) return
    this.signature = received.signature
    const before = /** @type {Payload | undefined} */ (this.data)
    const text = before && isEqual(before.text, received.text) ? before.text : received.text
    const data = { ...received, text, tensors: unpack(received.tensors) }
    this.data = data
    this.label(data)
    this.code.update(data)
    this.share.update(data)
    const isSameModel = before?.model === data.model
    if (data.view !== "" && data.view !== before?.view) this.open(data.view)
    else if (before?.token === data.token) this.repaint()
    else if (before && isSameModel && SIZES.every((name) => before[name] === data[name])) this.compare(before)
    else this.startOver(isSameModel)
    drawActivation(this.find(".activation-plot"), data)
  }

  /**
   * Colours and words, which may have changed with the theme and the language.
   * @param {Payload} data
   */
  label({ palette, text, hidden }) {
    this.root.style.setProperty("--negative", palette.negative)
    this.root.style.setProperty("--positive", palette.positive)
    this.root.style.setProperty("--grey", palette.grey)
    this.root.classList.toggle("without-code", hidden.includes("code"))
    writeTexts(this.root, text)
    this.transport.label(text.transport)
    for (const option of this.examples.options) option.textContent = this.optionText(option.value)
  }

  /** The same numbers in other colours or words. */
  repaint() {
    this.net.repaint(this.data)
    this.transport.draw(this.transport.frame)
    this.formula.replaceChildren(...formulaOf(this.selected, this.data))
    this.showPrevious(this.previous)
  }

  /** @param {boolean} isSameModel then the last frame is shown at once */
  startOver(isSameModel) {
    this.previous = new Map()
    this.find(".change").textContent = ""
    this.setChoices()
    this.net.frame = 0
    this.rebuild()
    this.follows = true
    this.transport.restart(this.data.n_steps * N_PHASES)
    if (isSameModel) this.transport.go(this.transport.count - 1)
  }

  setChoices() {
    const { batch, n_neurons: neurons } = this.data
    const values = [...range(batch).map(String), ...(batch > 1 ? [ALL] : [])]
    const options = values.map((value) => new Option(this.optionText(value), value))
    this.examples.replaceChildren(...options)
    setPressed(this.find(".show-numbers"), neurons < MANY_NEURONS)
  }

  /**
   * @param {string} value of an option for the examples
   * @returns {string}
   */
  optionText(value) {
    const { batch, text } = this.data
    if (value === ALL) return plural(text.all_examples, batch)
    return fill(text.one_example, { example: Number(value) + 1, batch })
  }

  /**
   * Show what a link or a file says: frame, example or "all", selected cell.
   * @param {string} view such as "4,0,Y1[0,2]"
   */
  open(view) {
    this.startOver(false)
    const [, frame, example, id, index] = /^(\d+),(\w+),(?:(\w+)\[(.*)\])?$/.exec(view) ?? []
    if ([...this.examples.options].some(({ value }) => value === example)) this.examples.value = example
    this.rebuild()
    if (id) {
      const [column, row = 0] = index.split(",").map(Number).reverse()
      const cell = this.net.find(id, row, column)
      if (cell) this.select(cell, { quietly: true })
      this.follows = !cell
    }
    this.transport.go(Number(frame))
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

  /**
   * The examples that are shown.
   * @returns {number[]}
   */
  rows() {
    const { value } = this.examples
    return value === ALL ? range(this.data.batch) : [Number(value)]
  }

  /** Build the cells anew; the same number stays selected where it is still shown. */
  rebuild() {
    const selected = /** @type {Cell | undefined} */ (this.selected)
    const rows = this.rows()
    this.net.build(this.data, {
      rows,
      numbers: isPressed(this.find(".show-numbers")),
      width: this.frame.clientWidth,
    })
    if (!selected) return
    const { tensor, row, column } = selected
    const shown = tensor.perExample && !rows.includes(row) ? rows[0] : row
    const cell = this.net.find(tensor.id, shown, column) ?? this.net.find("hx", rows[0], 0)
    if (cell) this.select(cell, { quietly: true })
    this.showPrevious(this.previous)
  }

  /**
   * The same network with other numbers: what changed keeps its previous value beside it.
   * @param {Payload} before
   */
  compare(before) {
    const past = before.stored || this.data.stored ? withoutRounding(before, this.data) : before
    const previous = [...this.net.tensors.keys()].map((id) => /** @type {const} */ ([id, valuesOf(past, id)]))
    this.net.repaint(this.data)
    this.transport.go(this.transport.count - 1)
    this.showPrevious(new Map(previous))
    this.find(".change").textContent = changeInWords(this.data, past, this.rows())
    this.select(this.selected, { quietly: true })
  }

  /** @param {Map<string, Float32Array>} previous values by tensor; empty for none */
  showPrevious(previous) {
    this.previous = previous
    for (const { id, cols, cells } of this.net.tensors.values()) {
      const old = previous.get(id)
      for (const cell of cells) {
        cell.querySelector("s")?.remove()
        const value = old?.[cell.row * cols + cell.column]
        const isChanged = value !== undefined && written(value, id) !== written(cell.value, id)
        cell.classList.toggle("changed", isChanged)
        if (!isChanged) continue
        const element = make("s")
        element.textContent = written(value, id)
        element.style.setProperty("--previous", `rgb(${diverging(value / cell.limit, this.data.palette)})`)
        cell.append(element)
      }
    }
  }

  forgetPrevious() {
    this.showPrevious(new Map())
    this.find(".change").textContent = ""
  }

  /**
   * A frame in a few words, for the slider.
   * @param {number} frame
   * @returns {string}
   */
  describe(frame) {
    const { text } = this.data
    const [t, phase] = split(frame)
    const phases = [
      text.input_phase, text.recurrent_phase, text.bias_phase, text.activation_phase, text.passed_on_phase,
    ]
    return fill(text.frame, { t, phase: phases[phase] })
  }

  /** @param {number} frame */
  show(frame) {
    this.net.show(frame)
    this.find(".now").textContent = this.inWords(frame)
    this.code.markLine(frame)
    this.scrollToStep(split(frame)[0])
    this.showFormula(frame)
  }

  /**
   * Show the formula: it follows the play until a number is chosen. It marks the term that the
   * frame adds, and hides the result until the network shows it.
   * @param {number} frame
   */
  showFormula(frame) {
    const [now, phase] = split(frame)
    if (this.follows) {
      const cell = this.net.find(`${phase < 3 ? "z" : "Y"}${now}`, this.rows()[0], 0)
      if (cell && cell !== this.selected) this.select(cell, { quietly: true })
    }
    const { tensor } = this.selected
    this.formula.dataset.phase = tensor.t === now && /^[zY]/.test(tensor.id) ? String(phase) : ""
    this.formula.classList.toggle("not-yet", frame < this.net.ready(tensor))
  }

  /**
   * A frame in a sentence, for the eye.
   * @param {number} frame
   * @returns {string}
   */
  inWords(frame) {
    const [t, phase] = split(frame)
    const { names, activation, text } = this.data
    const hasActivation = activation !== "none"
    const isLast = t === this.data.n_steps - 1
    const templates = [
      text.input_now,
      text.recurrent_now,
      text.bias_now,
      hasActivation ? text.activation_now : text.no_activation_now,
      isLast ? text.last_now : text.passed_on_now,
    ]
    const happens = fill(templates[phase], {
      activation,
      next: t + 1,
      previous: t === 0 ? names.hx : names[`Y${t - 1}`],
      X: names[`X${t}`],
      Y: names[`Y${t}`],
      z: names[`z${t}`],
    })
    return `t = ${t}   ${happens}`
  }

  /**
   * Scroll the frame of the network, never the page, to a time step.
   * @param {number} t
   */
  scrollToStep(t) {
    const { frame } = this
    const { x, cols } = this.net.tensor(`Y${t}`)
    const right = x + cols * this.net.cell + GAP.end
    if (right > frame.scrollLeft + frame.clientWidth) frame.scrollLeft = right - frame.clientWidth
    if (x < frame.scrollLeft) frame.scrollLeft = Math.max(0, x - 60)
  }

  /** @param {MouseEvent} event */
  click(event) {
    const cell = cellOf(event)
    if (!cell || isField(event.target)) return
    const root = /** @type {ShadowRoot | Document} */ (this.root.getRootNode())
    const isFocused = cell === this.selected && cell === root.activeElement
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
    else if (event.key === "Escape") this.forgetPrevious()
    else if (/^[-+\d.,]$/.test(event.key)) this.startEdit(cell, event.key)
    else return void this.transport.key(event)
    event.preventDefault()
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
    const forward = isPressed(this.find(".affects"))
    for (const cell of this.marked) cell.classList.remove("selected", "source", "target")
    this.marked = [this.selected]
    this.selected.classList.add("selected")
    for (const { cells, t } of this.net.tensors.values()) {
      if (!forward && t >= 0 && Math.abs(t - this.selected.tensor.t) > 1) continue
      for (const cell of cells) {
        if (!(forward ? affects(this.selected, cell) : isSource(cell, this.selected))) continue
        cell.classList.add(forward ? "target" : "source")
        this.marked.push(cell)
      }
    }
  }

  /**
   * Open a text field in a cell; for a computed number, mark what can be edited instead.
   * @param {Cell | null} cell
   * @param {string} [typed] what it starts with; the cell's number unless given
   */
  startEdit(cell, typed) {
    if (!cell || cell.querySelector("input")) return
    this.select(cell, { quietly: true })
    if (!address(cell)) {
      setPressed(this.find(".affects"), false)
      this.mark()
      return this.showError(fill(this.data.text.computed, { cell: cell.indexed }))
    }
    const label = fill(this.data.text.new_value, { cell: cell.indexed })
    const field = make("input", { type: "text", inputmode: "text", "aria-label": label })
    field.value = typed ?? String(Number(cell.value.toPrecision(7)))
    cell.append(field)
    field.focus()
    if (typed === undefined) field.select()
    const close = () => {
      cell.focus() // which removes the field
      field.remove()
    }
    field.addEventListener("keydown", (event) => {
      event.stopPropagation()
      if (event.key === "Enter") this.commit(cell, field.value.trim(), close)
      else if (event.key === "Escape") close()
      else return
      event.preventDefault()
    })
    field.addEventListener("blur", () => queueMicrotask(() => field.remove()))
  }

  /**
   * Send what was typed, or say what is wrong with it.
   * @param {Cell} cell
   * @param {string} typed
   * @param {() => void} close
   */
  commit(cell, typed, close) {
    close()
    const { limit, text } = this.data
    const value = typed === "" ? NaN : Number(typed.replace(",", "."))
    if (typed === "") return this.showError(text.empty)
    if (!Number.isFinite(value)) return this.showError(fill(text.not_a_number, { typed }))
    if (Math.abs(value) > limit) return this.showError(fill(text.out_of_range, { typed, limit }))
    this.showError("")
    this.send("edit", { ...address(cell), value })
  }

  /** @param {string} sentence */
  showError(sentence) {
    this.find(".error").textContent = sentence
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
 * The time step of a frame, and which phase of it.
 * @param {number} frame
 * @returns {[t: number, phase: number]}
 */
function split(frame) {
  return [Math.floor(frame / N_PHASES), frame % N_PHASES]
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
