// The unrolled network: its cells, its wires, and its frames. Time runs left to right; inputs below,
// hidden states above, the weights once, at the left, where they stay while the steps scroll.

import { diverging, textOn } from "../shared/colour.js"
import { find, make, svg } from "../shared/dom.js"
import { fill } from "../shared/text.js"
import { indexed, range, valuesOf, written } from "./cells.js"
import { N_PHASES, statesUpTo } from "./frames.js"
import { layoutOf } from "./layout.js"

/** @typedef {import("./cells.js").Cell} Cell */
/** @typedef {import("./cells.js").Payload} Payload */
/** @typedef {import("./cells.js").Tensor} Tensor */
/** @typedef {import("./layout.js").Layout} Layout */

/** @typedef {[line: SVGPathElement, chip: HTMLElement]} Wire */
/** @typedef {Record<"input" | "recurrent" | "bias" | "activation", Wire>} Link the wires of a step */

/** @typedef {{ rows: number[], numbers: boolean, width: number, size: number, zoom: number }} BuildOptions see `layoutOf` */

// Pixels where type has its usual size.
const TITLE_HEIGHT = 20 // above a matrix
const BIAS_LENGTH = 25 // of the wire of the bias

/** The network on screen. */
export class Net {
  /** @type {Payload} */
  data
  /** @type {BuildOptions} */
  options
  /** @type {Layout} */
  layout

  /**
   * @param {HTMLElement} frame which scrolls
   * @param {HTMLElement} sheet in it, to draw on
   */
  constructor(frame, sheet) {
    this.frame = frame
    this.sheet = sheet
    this.wires = svg("svg", { "aria-hidden": "true", class: "wires" })
    this.weights = make("div", { class: "weights" })
    /** @type {Map<string, Tensor>} */
    this.tensors = new Map()
    /** @type {Link[]} */
    this.links = []
    this.now = 0 // the frame of the play on screen
    frame.addEventListener("scroll", () => frame.classList.toggle("scrolled", frame.scrollLeft > 0), { passive: true })
  }

  /**
   * Build all cells: the sizes, the examples shown or the width have changed.
   * @param {Payload} data
   * @param {BuildOptions} options
   */
  build(data, options) {
    this.data = data
    this.options = options
    this.layout = layoutOf(data, options)
    const { width, height, pinned, isPinned, cellHeight, places } = this.layout
    const arrow = svg("marker", { id: "arrow", refX: 5, refY: 3, markerWidth: 6, markerHeight: 6, orient: "auto" })
    arrow.append(svg("path", { d: "M0 0L5 3L0 6z" }))
    this.wires.replaceChildren(arrow)
    this.wires.setAttribute("viewBox", `0 0 ${width} ${height}`)
    this.tensors.clear()
    this.weights.replaceChildren()
    this.sheet.replaceChildren(this.wires, this.weights)
    Object.assign(this.sheet.style, { width: `${width}px`, height: `${height}px` })
    this.sheet.style.setProperty("--cell-height", `${cellHeight}px`)
    this.frame.style.setProperty("--pinned", `${pinned}px`)
    this.frame.classList.toggle("is-pinned", isPinned)
    this.sheet.classList.toggle("with-numbers", options.numbers)
    for (const place of places) this.add(place)
    this.draw(data)
    for (const tensor of this.tensors.values()) this.paint(tensor)
    this.show(this.now)
  }

  /**
   * Whether other numbers need wider cells.
   * @param {Payload} data
   * @returns {boolean}
   */
  isTooNarrowFor(data) {
    const widths = layoutOf(data, this.options).places.map(({ cell }) => cell)
    return this.layout.places.some(({ cell }, i) => cell < widths[i])
  }

  /**
   * Add one matrix of cells with its name above it.
   * @param {import("./layout.js").Place} place
   */
  add({ id, x, y, rows, cols, t, cell: cellWidth }) {
    const element = make("div", { class: `tensor ${kindOf(id)}`, role: "group" })
    element.setAttribute("aria-label", this.data.names[id])
    const [width, height] = [cols * cellWidth, rows.length * this.layout.cellHeight]
    element.style.cssText = `left:${x}px;top:${y}px;width:${width}px;height:${height}px`
    element.style.setProperty("--columns", String(cols))
    element.style.setProperty("--cell", `${cellWidth}px`)
    element.style.setProperty("--t", String(t + 1))
    const title = make("span", { class: "title" })
    title.textContent = this.data.titles[id]
    element.append(title)
    const perExample = !["Wx", "Wy", "b"].includes(id)
    /** @type {Tensor} */
    const tensor = {
      id, x, y, rows, cols, t, cellWidth, element, perExample, cells: [], values: new Float32Array(), partial: false,
    }
    for (const row of rows) {
      for (let column = 0; column < cols; column++) {
        const place = { tensor, row, column }
        const name = indexed(this.data.names, place)
        const button = make("div", { class: "cell", role: "button", tabindex: -1, "data-cell": name })
        const number = make("span", { translate: "no" })
        button.append(number)
        /** @type {Cell} */
        const cell = Object.assign(button, place, {
          value: NaN, limit: NaN, palette: this.data.palette,
          number, indexed: name, text: undefined, nameTemplate: "",
        })
        tensor.cells.push(cell)
        element.append(cell)
      }
    }
    this.tensors.set(id, tensor)
    const parent = t < 0 ? this.weights : this.sheet
    parent.append(element)
  }

  /**
   * A tensor that is on screen.
   * @param {string} id
   * @returns {Tensor}
   */
  tensor(id) {
    return /** @type {Tensor} */ (this.tensors.get(id))
  }

  /**
   * Draw the wires.
   * @param {Payload} data
   */
  draw(data) {
    const { cellHeight, unit } = this.layout
    const [titleHeight, bias] = [TITLE_HEIGHT, BIAS_LENGTH].map((length) => length * unit)
    /** @param {Tensor} tensor */
    const right = (tensor) => tensor.x + tensor.cols * tensor.cellWidth
    /** @param {Tensor} tensor */
    const half = (tensor) => tensor.y + (tensor.rows.length * cellHeight) / 2
    const [activation, factor] = [activationLabel(data), inputLabel(data)]
    this.links = range(data.n_steps).map((t) => {
      const [X, z, Y] = ["X", "z", "Y"].map((name) => this.tensor(`${name}${t}`))
      const before = this.tensor(previous(t))
      const middle = (z.x + right(z)) / 2
      const zEnd = z.y + z.rows.length * cellHeight
      const yEnd = Y.y + Y.rows.length * cellHeight
      const [x0, y0, x1, y1] = [right(before), half(before), z.x, half(z)]
      const bend = (x0 + x1) / 2
      return {
        input: this.wire(`M${middle} ${X.y - titleHeight}V${zEnd}`, factor, middle, (X.y - titleHeight + zEnd) / 2),
        recurrent: this.wire(
          `M${x0} ${y0}C${bend} ${y0} ${bend} ${y1} ${x1} ${y1}`, "· Wy", bend, (y0 + y1) / 2,
        ),
        bias: this.wire(`M${right(z) + bias} ${half(z)}H${right(z)}`, "+ b", right(z) + bias, half(z)),
        activation: this.wire(
          `M${middle} ${z.y - titleHeight}V${yEnd}`, activation, middle, (z.y - titleHeight + yEnd) / 2,
        ),
      }
    })
  }

  /**
   * Show other numbers, colours or words in the same cells.
   * @param {Payload} data
   */
  repaint(data) {
    this.data = data
    for (const link of this.links) {
      link.input[1].textContent = inputLabel(data)
      link.activation[1].textContent = activationLabel(data)
    }
    for (const tensor of this.tensors.values()) {
      find(tensor.element, ".title").textContent = data.titles[tensor.id]
      this.paint(tensor)
    }
  }

  /**
   * Add a wire with its label.
   * @param {string} path
   * @param {string} label
   * @param {number} x of the label
   * @param {number} y
   * @returns {Wire}
   */
  wire(path, label, x, y) {
    const line = svg("path", { d: path, "marker-end": "url(#arrow)" })
    this.wires.append(line)
    const chip = make("span", { class: "chip", "aria-hidden": "true" })
    chip.textContent = label
    chip.style.cssText = `left:${x}px;top:${y}px`
    this.sheet.append(chip)
    return [line, chip]
  }

  /**
   * Colour, number and name of every cell of a tensor.
   * @param {Tensor} tensor
   */
  paint(tensor) {
    const { data } = this
    tensor.values = tensor.id[0] === "z" ? this.partial(tensor.t) : valuesOf(data, tensor.id)
    const limit = data.limits[kindOf(tensor.id)]
    for (const cell of tensor.cells) {
      const value = tensor.values[cell.row * tensor.cols + cell.column]
      if (cell.value === value && cell.limit === limit && cell.palette === data.palette) continue
      Object.assign(cell, { value, limit, palette: data.palette })
      const colour = diverging(value / limit, data.palette)
      cell.style.background = `rgb(${colour})`
      cell.style.color = textOn(colour)
      cell.number.textContent = this.options.numbers ? written(value, tensor.id) : ""
      cell.setAttribute("aria-label", nameOf(cell, data))
      cell.title = `${cell.indexed} = ${Number(value.toPrecision(8))}` // all its digits
    }
  }

  /**
   * The pre-activation of step t as far as this frame has summed it up.
   * @param {number} t
   * @returns {Float32Array}
   */
  partial(t) {
    /** @param {string} name */
    const at = (name) => valuesOf(this.data, `${name}${t}`)
    const phase = this.now - t * N_PHASES
    if (phase === 0) return at("input")
    if (phase === 1) {
      const recurrent = at("recurrent")
      return at("input").map((value, i) => value + recurrent[i])
    }
    return at("z")
  }

  /**
   * Show a frame: past results stand there, what happens now is marked, the rest is empty.
   * @param {number} frame
   */
  show(frame) {
    this.now = frame
    const now = Math.floor(frame / N_PHASES)
    const phase = frame % N_PHASES
    const active = [
      [`X${now}`, "Wx", `z${now}`],
      [previous(now), "Wy", `z${now}`],
      ["b", `z${now}`],
      [`z${now}`, `Y${now}`],
      [`Y${now}`],
    ][phase]
    for (const tensor of this.tensors.values()) {
      const since = frame - tensor.t * N_PHASES
      const empty = (tensor.id[0] === "z" && since < 0) || (tensor.id[0] === "Y" && since < 3)
      tensor.element.classList.toggle("empty", empty)
      tensor.element.classList.toggle("active", active.includes(tensor.id))
      tensor.element.classList.toggle("newest", tensor.id === `Y${statesUpTo(frame) - 1}`)
      const partial = tensor.id[0] === "z" && since >= 0 && since < 3
      if (partial || tensor.partial) this.paint(tensor)
      tensor.partial = partial
    }
    this.links.forEach((link, t) => {
      const on = ["input", "recurrent", "bias", "activation"][phase]
      for (const [name, parts] of Object.entries(link)) {
        const isNow = (t === now && name === on) || (phase === 4 && t === now + 1 && name === "recurrent")
        for (const part of parts) part.classList.toggle("on", isNow)
      }
    })
  }

  /**
   * Scroll the frame of the network, never the page, so that a time step is in sight: its state
   * and its inputs, of which there may be more.
   * @param {number} t
   */
  scrollTo(t) {
    const { frame, layout } = this
    const step = ["X", "z", "Y"].map((name) => this.tensor(`${name}${t}`))
    const left = Math.min(...step.map(({ x }) => x))
    const right = Math.max(...step.map(({ x, cols, cellWidth }) => x + cols * cellWidth))
    const covered = layout.isPinned ? layout.pinned : 0
    const margin = Math.max(0, Math.min(layout.end, frame.clientWidth - covered - (right - left)))
    if (right + margin > frame.scrollLeft + frame.clientWidth) frame.scrollLeft = right + margin - frame.clientWidth
    if (left - margin < frame.scrollLeft + covered) frame.scrollLeft = t === 0 ? 0 : left - margin - covered
  }

  /**
   * The first frame in which a tensor holds its final values.
   * @param {Tensor} tensor
   * @returns {number}
   */
  ready({ id, t }) {
    if (id[0] === "z") return t * N_PHASES + 2
    return id[0] === "Y" ? t * N_PHASES + 3 : 0
  }

  /**
   * The cell at a place, if it is on screen.
   * @param {string} id
   * @param {number} row
   * @param {number} column
   * @returns {Cell | undefined}
   */
  find(id, row, column) {
    const cells = this.tensors.get(id)?.cells
    return cells?.find((cell) => cell.row === row && cell.column === column)
  }

  /**
   * The next cell in a direction: in the same matrix, or in the nearest one that way.
   * @param {Cell} cell
   * @param {number} dx
   * @param {number} dy
   * @returns {Cell | undefined}
   */
  neighbour(cell, dx, dy) {
    const { tensor } = cell
    const at = tensor.cells.indexOf(cell)
    const [i, j] = [Math.floor(at / tensor.cols) + dy, (at % tensor.cols) + dx]
    if (i >= 0 && i < tensor.rows.length && j >= 0 && j < tensor.cols) {
      return tensor.cells[i * tensor.cols + j]
    }
    const here = this.centre(cell)
    const ahead = [...this.tensors.values()]
      .filter((other) => other !== tensor)
      .map((other) => this.nearest(other, here))
      .map((other) => {
        const centre = this.centre(other)
        const [x, y] = [centre.x - here.x, centre.y - here.y]
        const forward = x * dx + y * dy
        const aside = Math.abs(x * dy) + Math.abs(y * dx)
        return { cell: other, forward, distance: forward + 3 * aside }
      })
      .filter(({ forward }) => forward > 0)
    return ahead.sort((a, b) => a.distance - b.distance)[0]?.cell
  }

  /**
   * The cell of a tensor that is nearest to a point.
   * @param {Tensor} tensor
   * @param {{ x: number, y: number }} point
   * @returns {Cell}
   */
  nearest(tensor, { x, y }) {
    /** @param {number} value @param {number} count */
    const clamp = (value, count) => Math.min(Math.max(Math.round(value), 0), count - 1)
    const j = clamp((x - tensor.x) / tensor.cellWidth - 0.5, tensor.cols)
    const i = clamp((y - tensor.y) / this.layout.cellHeight - 0.5, tensor.rows.length)
    return tensor.cells[i * tensor.cols + j]
  }

  /**
   * @param {Cell} cell
   * @returns {{ x: number, y: number }}
   */
  centre({ tensor, row, column }) {
    return {
      x: tensor.x + (column + 0.5) * tensor.cellWidth,
      y: tensor.y + (tensor.rows.indexOf(row) + 0.5) * this.layout.cellHeight,
    }
  }
}

/**
 * The tensor that step t takes its memory from.
 * @param {number} t
 * @returns {string}
 */
function previous(t) {
  return t === 0 ? "hx" : `Y${t - 1}`
}

/**
 * A tensor's id without its time step.
 * @param {string} id
 * @returns {string}
 */
function kindOf(id) {
  return id.replace(/\d+$/, "")
}

/**
 * @param {Payload} data
 * @returns {string}
 */
function inputLabel({ scale }) {
  return scale === 1 ? "· Wx" : `· ${Number(scale.toFixed(2))} · Wx`
}

/**
 * @param {Payload} data
 * @returns {string}
 */
function activationLabel({ activation, text }) {
  return activation === "none" ? text.no_activation : activation
}

/**
 * A cell's name for a screen reader, with its number. It counts from 0, as PyTorch's brackets do.
 * @param {Cell} cell
 * @param {Payload} data
 * @returns {string}
 */
function nameOf(cell, data) {
  if (cell.text !== data.text) {
    cell.text = data.text
    cell.nameTemplate = nameTemplateOf(cell, data)
  }
  return cell.nameTemplate.replace("{value}", written(cell.value, cell.tensor.id))
}

/**
 * The same with {value} for its number, which changes more often than the rest.
 * @param {Cell} cell
 * @param {Payload} data
 * @returns {string}
 */
function nameTemplateOf({ tensor: { id }, row, column }, { names, text }) {
  const tensor = names[id]
  if (id === "b") return fill(text.bias_name, { tensor, neuron: column })
  if (id === "Wx") return fill(text.input_weight_name, { tensor, input: row, neuron: column })
  if (id === "Wy") return fill(text.hidden_weight_name, { tensor, source: row, neuron: column })
  if (id[0] === "X") return fill(text.input_name, { tensor, example: row, input: column })
  return fill(text.state_name, { tensor, example: row, neuron: column })
}
