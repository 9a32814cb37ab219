// The unrolled network: where everything stands, its cells, its wires, and its frames.
// Time runs left to right; inputs below, hidden states above, the weights once, at the left.

import { diverging, textOn } from "../shared/colour.js"
import { find, make, svg } from "../shared/dom.js"
import { fill } from "../shared/text.js"
import { indexed, range, valuesOf, written } from "./cells.js"

/** @typedef {import("./cells.js").Cell} Cell */
/** @typedef {import("./cells.js").Payload} Payload */
/** @typedef {import("./cells.js").Tensor} Tensor */

/** @typedef {[line: SVGPathElement, chip: HTMLElement]} Wire */
/** @typedef {Record<"input" | "recurrent" | "bias" | "activation", Wire>} Link the wires of a step */

export const N_PHASES = 5 // of a time step: input, recurrent, bias, activation, passed on
export const GAP = { across: 52, title: 20, down: 58, weights: 10, end: 36 } // pixels
const MIN_NUMBER_WIDTH = 36 // pixels of a cell from which its number stands in it
const CELL = { roomy: 58, number: 44, wide: 34, least: 14, height: 30 } // pixels
const LONG_NUMBER = 7 // characters; longer ones are written smaller

/** The network on screen. */
export class Net {
  /** @type {Payload} */
  data
  /** @type {number[]} examples on screen */
  rows = []

  /** @param {HTMLElement} sheet to draw on */
  constructor(sheet) {
    this.sheet = sheet
    this.wires = svg("svg", { "aria-hidden": "true", class: "wires" })
    /** @type {Map<string, Tensor>} */
    this.tensors = new Map()
    /** @type {Link[]} */
    this.links = []
    this.frame = 0
    this.cell = this.cellHeight = 0 // pixels
  }

  /**
   * Build all cells: the sizes, the examples shown or the width have changed.
   * @param {Payload} data
   * @param {object} options
   * @param {number[]} options.rows examples to show
   * @param {boolean} options.numbers whether every cell is wide enough for its number
   * @param {number} options.width pixels
   */
  build(data, { rows, numbers, width }) {
    this.data = data
    this.rows = rows
    this.measure(data, numbers, width)
    const arrow = svg("marker", { id: "arrow", refX: 5, refY: 3, markerWidth: 6, markerHeight: 6, orient: "auto" })
    arrow.append(svg("path", { d: "M0 0L5 3L0 6" }))
    this.wires.replaceChildren(arrow)
    this.tensors.clear()
    this.sheet.replaceChildren(this.wires)
    this.place(data)
    this.draw(data)
    for (const tensor of this.tensors.values()) this.paint(tensor)
    this.show(this.frame)
  }

  /**
   * Choose the size of a cell: as wide as there is room, but wide enough for numbers where they
   * are wanted.
   * @param {Payload} data
   * @param {boolean} numbers
   * @param {number} width
   */
  measure({ n_steps: steps, n_neurons: neurons, n_inputs: inputs }, numbers, width) {
    const across = Math.max(neurons, inputs)
    const fits = Math.floor((width - steps * GAP.across - GAP.end) / ((steps + 1) * across))
    const [least, most] = numbers ? [CELL.number, CELL.roomy] : [CELL.least, CELL.wide]
    this.cell = Math.min(Math.max(fits, least), most)
    this.cellHeight = this.cell >= MIN_NUMBER_WIDTH ? CELL.height : Math.max(CELL.least, this.cell * 0.7)
    this.sheet.classList.toggle("with-numbers", this.cell >= MIN_NUMBER_WIDTH)
    this.sheet.style.setProperty("--cell", `${this.cell}px`)
    this.sheet.style.setProperty("--cell-height", `${this.cellHeight}px`)
  }

  /** @param {Payload} data */
  place({ n_steps: steps, n_neurons: neurons, n_inputs: inputs }) {
    const rows = this.rows
    const column = Math.max(neurons, inputs) * this.cell
    const block = rows.length * this.cellHeight
    const weights = (neurons + 1 + inputs) * this.cellHeight + 3 * (GAP.title + GAP.weights)
    const down = Math.max(GAP.down, (weights - block) / 2 - GAP.title)
    const top = GAP.title
    const [middle, bottom] = [top + block + down, top + 2 * (block + down)]
    /** @param {number} t */
    const left = (t) => 2 + (t + 1) * (column + GAP.across)
    /** @param {number} t @param {number} size */
    const centred = (t, size) => left(t) + (column - size * this.cell) / 2

    this.add("hx", { x: centred(-1, neurons), y: top, rows, cols: neurons, t: -1 })
    let y = top + block + GAP.title + GAP.weights
    /** @type {[string, number][]} */
    const parameters = [["Wy", neurons], ["b", 1], ["Wx", inputs]]
    for (const [id, count] of parameters) {
      this.add(id, { x: centred(-1, neurons), y, rows: range(count), cols: neurons, t: -1 })
      y += count * this.cellHeight + GAP.title + GAP.weights
    }
    for (let t = 0; t < steps; t++) {
      this.add(`Y${t}`, { x: centred(t, neurons), y: top, rows, cols: neurons, t })
      this.add(`z${t}`, { x: centred(t, neurons), y: middle, rows, cols: neurons, t })
      this.add(`X${t}`, { x: centred(t, inputs), y: bottom, rows, cols: inputs, t })
    }
    const height = Math.max(bottom + block, y - GAP.title - GAP.weights) + 10
    const width = left(steps - 1) + column + GAP.end
    Object.assign(this.sheet.style, { width: `${width}px`, height: `${height}px` })
    this.wires.setAttribute("viewBox", `0 0 ${width} ${height}`)
  }

  /**
   * Add one matrix of cells with its name above it.
   * @param {string} id
   * @param {Pick<Tensor, "x" | "y" | "rows" | "cols" | "t">} place
   */
  add(id, { x, y, rows, cols, t }) {
    const element = make("div", { class: `tensor ${kindOf(id)}`, role: "group" })
    element.setAttribute("aria-label", this.data.names[id])
    const [width, height] = [cols * this.cell, rows.length * this.cellHeight]
    element.style.cssText = `left:${x}px;top:${y}px;width:${width}px;height:${height}px`
    element.style.setProperty("--columns", String(cols))
    element.style.setProperty("--t", String(t + 1))
    const title = make("span", { class: "title" })
    title.textContent = this.data.titles[id]
    element.append(title)
    const perExample = !["Wx", "Wy", "b"].includes(id)
    /** @type {Tensor} */
    const tensor = {
      id, x, y, rows, cols, t, element, perExample, cells: [], values: new Float32Array(), partial: false,
    }
    for (const row of rows) {
      for (let column = 0; column < cols; column++) {
        const place = { tensor, row, column }
        const name = indexed(this.data.names, place)
        const button = make("div", { class: "cell", role: "button", tabindex: -1, "data-cell": name })
        const number = make("span")
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
    this.sheet.append(element)
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
    /** @param {Tensor} tensor */
    const right = (tensor) => tensor.x + tensor.cols * this.cell
    /** @param {Tensor} tensor */
    const half = (tensor) => tensor.y + (tensor.rows.length * this.cellHeight) / 2
    const [activation, factor] = [activationLabel(data), inputLabel(data)]
    this.links = range(data.n_steps).map((t) => {
      const [X, z, Y] = ["X", "z", "Y"].map((name) => this.tensor(`${name}${t}`))
      const before = this.tensor(previous(t))
      const middle = z.x + (z.cols * this.cell) / 2
      const zEnd = z.y + z.rows.length * this.cellHeight
      const yEnd = Y.y + Y.rows.length * this.cellHeight
      const [x0, y0, x1, y1] = [right(before), half(before), z.x, half(z)]
      const bend = (x0 + x1) / 2
      return {
        input: this.wire(`M${middle} ${X.y - GAP.title}V${zEnd}`, factor, middle, (X.y - GAP.title + zEnd) / 2),
        recurrent: this.wire(
          `M${x0} ${y0}C${bend} ${y0} ${bend} ${y1} ${x1} ${y1}`, "· Wy", bend, (y0 + y1) / 2,
        ),
        bias: this.wire(`M${right(z) + 26} ${half(z)}H${right(z)}`, "+ b", right(z) + 24, half(z)),
        activation: this.wire(
          `M${middle} ${z.y - GAP.title}V${yEnd}`, activation, middle, (z.y - GAP.title + yEnd) / 2,
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
    const withNumbers = this.cell >= MIN_NUMBER_WIDTH
    for (const cell of tensor.cells) {
      const value = tensor.values[cell.row * tensor.cols + cell.column]
      if (cell.value === value && cell.limit === limit && cell.palette === data.palette) continue
      Object.assign(cell, { value, limit, palette: data.palette })
      const colour = diverging(value / limit, data.palette)
      cell.style.background = `rgb(${colour})`
      cell.style.color = textOn(colour)
      const number = withNumbers ? written(value, tensor.id) : ""
      cell.number.textContent = number
      cell.classList.toggle("long", number.length > LONG_NUMBER)
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
    const phase = this.frame - t * N_PHASES
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
    this.frame = frame
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
    const j = clamp((x - tensor.x) / this.cell - 0.5, tensor.cols)
    const i = clamp((y - tensor.y) / this.cellHeight - 0.5, tensor.rows.length)
    return tensor.cells[i * tensor.cols + j]
  }

  /**
   * @param {Cell} cell
   * @returns {{ x: number, y: number }}
   */
  centre({ tensor, row, column }) {
    return {
      x: tensor.x + (column + 0.5) * this.cell,
      y: tensor.y + (tensor.rows.indexOf(row) + 0.5) * this.cellHeight,
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
 * A cell's name for a screen reader, with its number. Words count from 1, PyTorch's brackets
 * from 0.
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
  const [first, second] = [row + 1, column + 1]
  if (id === "b") return fill(text.bias_name, { tensor, neuron: second })
  if (id === "Wx") return fill(text.input_weight_name, { tensor, input: first, neuron: second })
  if (id === "Wy") return fill(text.hidden_weight_name, { tensor, source: first, neuron: second })
  if (id[0] === "X") return fill(text.input_name, { tensor, example: first, input: second })
  return fill(text.state_name, { tensor, example: first, neuron: second })
}
