// The unrolled network: where everything stands, its cells, its wires, and its frames.
// Time runs left to right; inputs below, hidden states above, the weights once, at the left.

const PHASES = ["input term", "recurrent term", "bias", "activation", "handed on"]
const NUMBERS_FROM = 36 // pixels of a cell's width from which its number stands in it
const CELL = { roomy: 58, number: 44, wide: 34, least: 14, height: 30 }
const GAP = { across: 52, title: 20, down: 58, weights: 10, end: 36 }

class Net {
  // sheet: the element to draw on. data: what the server sent, its tensors unpacked.
  constructor(sheet) {
    this.sheet = sheet
    this.tensors = new Map()
    this.frame = 0
  }

  // Build the cells anew: sizes, the shown instances or the width have changed.
  build(data, { instance, numbers, width }) {
    this.data = data
    this.rows = instance === "all" ? range(data.batch) : [Number(instance)]
    this.measure(numbers, width)
    this.wires = svg("svg", { "aria-hidden": "true", class: "wires" })
    const arrow = svg("marker", { id: "arrow", refX: 5, refY: 3, markerWidth: 6, markerHeight: 6, orient: "auto" })
    arrow.append(svg("path", { d: "M0 0L5 3L0 6" }))
    this.wires.append(arrow)
    this.tensors.clear()
    this.sheet.replaceChildren(this.wires)
    this.place()
    this.draw()
    for (const tensor of this.tensors.values()) this.paint(tensor)
    this.show(this.frame)
  }

  // The width and height of a cell: as wide as the frame allows, but wide enough for numbers
  // where they are wanted.
  measure(numbers, width) {
    const { n_steps: steps, n_neurons: neurons, n_inputs: inputs } = this.data
    this.across = Math.max(neurons, inputs)
    const fits = Math.floor((width - steps * GAP.across - GAP.end) / ((steps + 1) * this.across))
    const [least, most] = numbers ? [CELL.number, CELL.roomy] : [CELL.least, CELL.wide]
    this.cell = Math.min(Math.max(fits, least), most)
    this.cellHeight = this.cell >= NUMBERS_FROM ? CELL.height : Math.max(CELL.least, this.cell * 0.7)
    this.sheet.classList.toggle("with-numbers", this.cell >= NUMBERS_FROM)
    this.sheet.style.setProperty("--cell", `${this.cell}px`)
    this.sheet.style.setProperty("--cell-height", `${this.cellHeight}px`)
  }

  place() {
    const { data, rows } = this
    const { n_steps: steps, n_neurons: neurons, n_inputs: inputs } = data
    const column = this.across * this.cell
    const block = rows.length * this.cellHeight
    const weights = (neurons + 1 + inputs) * this.cellHeight + 3 * (GAP.title + GAP.weights)
    const down = Math.max(GAP.down, (weights - block) / 2 - GAP.title)
    const top = GAP.title
    const [middle, bottom] = [top + block + down, top + 2 * (block + down)]
    const left = (t) => 2 + (t + 1) * (column + GAP.across)
    const centred = (t, size) => left(t) + (column - size * this.cell) / 2

    this.add("hx", { x: centred(-1, neurons), y: top, rows, cols: neurons, t: -1 })
    let y = top + block + GAP.title + GAP.weights
    for (const [id, count] of [["Wy", neurons], ["b", 1], ["Wx", inputs]]) {
      this.add(id, { x: centred(-1, neurons), y, rows: range(count), cols: neurons, t: -1 })
      y += count * this.cellHeight + GAP.title + GAP.weights
    }
    for (let t = 0; t < steps; t++) {
      this.add(`Y${t}`, { x: centred(t, neurons), y: top, rows, cols: neurons, t })
      this.add(`z${t}`, { x: centred(t, neurons), y: middle, rows, cols: neurons, t })
      this.add(`X${t}`, { x: centred(t, inputs), y: bottom, rows, cols: inputs, t })
    }
    this.height = Math.max(bottom + block, y - GAP.title - GAP.weights) + 10
    this.width = left(steps - 1) + column + GAP.end
    Object.assign(this.sheet.style, { width: `${this.width}px`, height: `${this.height}px` })
    this.wires.setAttribute("viewBox", `0 0 ${this.width} ${this.height}`)
  }

  // One matrix of cells with its name above it.
  add(id, { x, y, rows, cols, t }) {
    const element = make("div", { class: `tensor ${id.replace(/\d+$/, "")}`, role: "group" })
    element.setAttribute("aria-label", this.data.names[id])
    const [width, height] = [cols * this.cell, rows.length * this.cellHeight]
    element.style.cssText = `left:${x}px;top:${y}px;width:${width}px;height:${height}px`
    element.style.setProperty("--columns", cols)
    element.style.setProperty("--t", t + 1)
    const title = make("span", { class: "title" })
    title.textContent = this.data.titles[id]
    element.append(title)
    const perInstance = !["Wx", "Wy", "b"].includes(id)
    const tensor = { id, x, y, rows, cols, t, element, perInstance, cells: [] }
    for (const row of rows) {
      for (let column = 0; column < cols; column++) {
        const cell = make("div", { class: "cell", role: "button", tabindex: -1 })
        cell.append(make("span"))
        Object.assign(cell, { tensor, row, column })
        tensor.cells.push(cell)
        element.append(cell)
      }
    }
    this.tensors.set(id, tensor)
    this.sheet.append(element)
  }

  draw() {
    const before = (t) => this.tensors.get(t === 0 ? "hx" : `Y${t - 1}`)
    const right = (tensor) => tensor.x + tensor.cols * this.cell
    const half = (tensor) => tensor.y + (tensor.rows.length * this.cellHeight) / 2
    const [activation, factor] = [this.activationLabel(), this.inputLabel()]
    this.links = range(this.data.n_steps).map((t) => {
      const [X, z, Y] = ["X", "z", "Y"].map((name) => this.tensors.get(`${name}${t}`))
      const middle = z.x + (z.cols * this.cell) / 2
      const zEnd = z.y + z.rows.length * this.cellHeight
      const yEnd = Y.y + Y.rows.length * this.cellHeight
      const [x0, y0, x1, y1] = [right(before(t)), half(before(t)), z.x, half(z)]
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

  inputLabel() {
    return this.data.scale === 1 ? "· Wx" : `· ${Number(this.data.scale.toFixed(2))} · Wx`
  }

  activationLabel() {
    return this.data.activation === "none" ? "as it is" : this.data.activation
  }

  // The same network with other numbers.
  repaint(data) {
    this.data = data
    for (const link of this.links) {
      link.input[1].textContent = this.inputLabel()
      link.activation[1].textContent = this.activationLabel()
    }
    for (const tensor of this.tensors.values()) {
      tensor.element.querySelector(".title").textContent = data.titles[tensor.id]
      this.paint(tensor)
    }
  }

  wire(path, label, x, y) {
    const line = svg("path", { d: path, "marker-end": "url(#arrow)" })
    this.wires.append(line)
    const chip = make("span", { class: "chip", "aria-hidden": "true" })
    chip.textContent = label
    chip.style.cssText = `left:${x}px;top:${y}px`
    this.sheet.append(chip)
    return [line, chip]
  }

  value(tensor, row, column) {
    return tensor.values[row * tensor.cols + column]
  }

  // Colour and number of every cell of a tensor.
  paint(tensor) {
    tensor.values = this.valuesOf(tensor.id)
    const limit = this.data.limits[tensor.id.replace(/\d+$/, "")]
    const withNumbers = this.cell >= NUMBERS_FROM
    for (const cell of tensor.cells) {
      const value = this.value(tensor, cell.row, cell.column)
      if (cell.value === value && cell.limit === limit && cell.painted === this.data.palette) continue
      Object.assign(cell, { value, limit, painted: this.data.palette })
      const [background, text] = signed(value / limit, this.data.palette)
      cell.style.background = background
      cell.style.color = text
      const number = withNumbers ? written(value, tensor.id) : ""
      cell.firstChild.textContent = number
      cell.classList.toggle("long", number.length > 7)
      cell.setAttribute("aria-label", this.nameOf(cell))
      cell.title = `${this.indexed(cell)} = ${Number(value.toPrecision(8))}` // all its digits
    }
  }

  valuesOf(id) {
    const step = /^([XYz])(\d+)$/.exec(id)
    if (!step) return this.data.tensors[id]
    const [, name, t] = step
    if (name === "z") return this.partial(Number(t))
    const all = this.data.tensors[name]
    const size = all.length / this.data.n_steps
    return all.subarray(t * size, (Number(t) + 1) * size)
  }

  // What has been summed up at step t in this frame.
  partial(t) {
    const size = this.data.batch * this.data.n_neurons
    const at = (name) => this.data.tensors[name].subarray(t * size, (t + 1) * size)
    const phase = this.frame - t * PHASES.length
    if (phase === 0) return at("input")
    if (phase === 1) return at("input").map((value, i) => value + at("recurrent")[i])
    return at("z")
  }

  nameOf({ tensor, row, column, value }) {
    const { id } = tensor
    const name = this.data.names[id]
    const number = written(value, id)
    if (id === "b") return `${name}, neuron ${column}, ${number}`
    if (id === "Wx") return `${name}, from input ${row} to neuron ${column}, ${number}`
    if (id === "Wy") return `${name}, from neuron ${row} to neuron ${column}, ${number}`
    return `${name}, instance ${row}, ${id[0] === "X" ? "input" : "neuron"} ${column}, ${number}`
  }

  // The number as PyTorch would ask for it.
  indexed({ tensor, row, column }) {
    const index = tensor.id === "b" ? [column] : [row, column]
    return `${this.data.names[tensor.id]}[${index.join(", ")}]`
  }

  // One frame: what has happened stands there, what happens now is lit, the rest is empty.
  show(frame) {
    this.frame = frame
    const now = Math.floor(frame / PHASES.length)
    const phase = frame % PHASES.length
    const lit = [
      [`X${now}`, "Wx", `z${now}`],
      [now === 0 ? "hx" : `Y${now - 1}`, "Wy", `z${now}`],
      ["b", `z${now}`],
      [`z${now}`, `Y${now}`],
      [`Y${now}`],
    ][phase]
    for (const tensor of this.tensors.values()) {
      const since = frame - tensor.t * PHASES.length
      const empty = (tensor.id[0] === "z" && since < 0) || (tensor.id[0] === "Y" && since < 3)
      tensor.element.classList.toggle("empty", empty)
      tensor.element.classList.toggle("lit", lit.includes(tensor.id))
      const partial = tensor.id[0] === "z" && since >= 0 && since < 3
      if (partial || tensor.partial) this.paint(tensor)
      tensor.partial = partial
    }
    this.links.forEach((link, t) => {
      const on = { 0: "input", 1: "recurrent", 2: "bias", 3: "activation" }[phase]
      for (const [name, parts] of Object.entries(link)) {
        const isNow = (t === now && name === on) || (phase === 4 && t === now + 1 && name === "recurrent")
        for (const part of parts) part.classList.toggle("on", isNow)
      }
    })
  }

  // The frame from which on a tensor holds its final values.
  ready(tensor) {
    const phase = { z: 2, Y: 3 }[tensor.id[0]]
    return phase === undefined ? 0 : tensor.t * PHASES.length + phase
  }

  find(id, row, column) {
    const tensor = this.tensors.get(id)
    return tensor?.cells.find((cell) => cell.row === row && cell.column === column)
  }

  // The next cell in a direction: in the same matrix, or in the nearest one that way.
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
      .map(([other, x, y]) => [other, (x - here.x) * dx + (y - here.y) * dy, x, y])
      .filter(([, forward]) => forward > 0)
      .map(([other, forward, x, y]) => {
        const aside = Math.abs((x - here.x) * dy) + Math.abs((y - here.y) * dx)
        return [other, forward + 3 * aside]
      })
    return ahead.sort((a, b) => a[1] - b[1])[0]?.[0]
  }

  // The cell of a tensor that is nearest to a point, and its centre.
  nearest(tensor, { x, y }) {
    const clamp = (value, count) => Math.min(Math.max(Math.round(value), 0), count - 1)
    const j = clamp((x - tensor.x) / this.cell - 0.5, tensor.cols)
    const i = clamp((y - tensor.y) / this.cellHeight - 0.5, tensor.rows.length)
    const cell = tensor.cells[i * tensor.cols + j]
    const centre = this.centre(cell)
    return [cell, centre.x, centre.y]
  }

  centre({ tensor, row, column }) {
    return {
      x: tensor.x + (column + 0.5) * this.cell,
      y: tensor.y + (tensor.rows.indexOf(row) + 0.5) * this.cellHeight,
    }
  }
}

function range(count) {
  return [...Array(count).keys()]
}

// A number as PyTorch prints it; what can be typed, as one would type it.
function written(value, id = "Y") {
  if (id[0] === "X" || (/^(W|b|hx)/.test(id) && Number.isInteger(value))) {
    return String(Number(value.toPrecision(7)))
  }
  return Math.abs(value) < 1000 ? value.toFixed(4) : value.toPrecision(4)
}

// Background and text of a value from -1 to 1.
function signed(share, palette) {
  const ends = [palette.background, share < 0 ? palette.negative : palette.positive].map(channels)
  const part = Math.min(Math.abs(share), 1)
  const mixed = ends[0].map((from, i) => Math.round(from + (ends[1][i] - from) * part))
  // Black on it or white, whichever stands out more: one of the two has a contrast of 4.5 at least.
  return [`rgb(${mixed})`, luminance(mixed) > 0.179 ? "#000" : "#fff"]
}

const known = new Map() // a picture asks for the same few colours thousands of times

function channels(hex) {
  if (!known.has(hex)) known.set(hex, [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16)))
  return known.get(hex)
}

// As WCAG has it, from 0 to 1.
function luminance(colour) {
  const [red, green, blue] = colour.map((part) =>
    part <= 10 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4)
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
