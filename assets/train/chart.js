// One chart on a canvas, and what lies over it: the values under the pointer.

const MARGIN = { left: 46, right: 10, top: 8, bottom: 20 }
const NAMES = 124 // pixels at most for names at the ends of lines
const APART = 13 // pixels between two labels

// What each chart shows. `printed` names the tutorial's own figures.
const CHARTS = [
  {
    name: "loss", title: "Loss", column: LOSS, held: HELD_LOSS, printed: "loss",
    home: [0, 1], limits: [0, Infinity], log: logarithmic,
    text: (value) => value.toFixed(4),
  },
  {
    name: "accuracy", title: "Accuracy", column: ACCURACY, held: HELD_ACCURACY, printed: "accuracy",
    home: [50, 100], limits: [0, 100], log: byErrors, unit: " %", tested: true,
    text: (value) => `${value.toFixed(2)} %`,
  },
  { name: "rate", title: "Learning rate", column: RATE, limits: [0, Infinity], text: short },
  { name: "norm", title: "Gradient norm", column: NORM, limits: [0, Infinity], text: short },
]

function short(value) {
  return String(Number(value.toPrecision(4)))
}

class Chart {
  constructor(figure, spec) {
    Object.assign(this, spec)
    this.plot = figure.querySelector(".plot")
    this.canvas = figure.querySelector("canvas")
    this.over = figure.querySelector(".over")
    this.now = figure.querySelector(".now")
  }

  // view: runs as `drawable` gives them, from and to in epochs, printed, palette, zoomed, log.
  draw(view) {
    this.view = view
    const { width, height } = this.fit()
    const named = view.runs.length > 1
    this.left = MARGIN.left
    this.right = width - (named ? Math.min(NAMES, width / 4) : MARGIN.right)
    this.top = MARGIN.top
    this.bottom = height - MARGIN.bottom
    this.scale = view.log && this.log ? this.log : linear
    const values = this.visible()
    this.range = rangeOf(values, this, this.scale, view.zoomed)
    this.drawAxes(height, values.length > 0)
    this.clipped(() => {
      view.runs.forEach((run) => this.drawChanges(run))
      if (this.printed) this.drawPrinted()
      view.runs.forEach((run) => this.drawRun(run, named))
    })
    if (this.printed) this.namePrinted()
    if (named && this.printed) this.nameRuns()
    this.describe()
  }

  // Give the canvas the pixels it has on screen; only a new size empties it.
  fit() {
    const { clientWidth: width, clientHeight: height } = this.plot
    const ratio = window.devicePixelRatio
    const [columns, rows] = [width, height].map((length) => Math.round(length * ratio))
    if (this.canvas.width !== columns || this.canvas.height !== rows) {
      this.canvas.width = columns
      this.canvas.height = rows
    }
    this.pen = this.canvas.getContext("2d")
    this.pen.setTransform(ratio, 0, 0, ratio, 0, 0)
    this.pen.clearRect(0, 0, width, height)
    this.pen.font = `11px ${getComputedStyle(this.plot).fontFamily}`
    this.pen.lineJoin = "round"
    return { width, height }
  }

  x(step) {
    const { from, to } = this.view
    return this.left + ((step - from) / (to - from)) * (this.right - this.left)
  }

  step(x) {
    const { from, to } = this.view
    return from + ((x - this.left) / (this.right - this.left)) * (to - from)
  }

  y(value) {
    const [low, high] = this.range.map(this.scale.to)
    const share = (this.scale.to(value) - low) / (high - low)
    return this.bottom - share * (this.bottom - this.top)
  }

  // All values between from and to that the range has to fit.
  visible() {
    const { runs, from, to, printed } = this.view
    const lines = runs.flatMap((run) => [
      this.line(run),
      this.means(run),
      this.held ? this.heldOut(run) : [],
    ])
    if (this.printed) lines.push(middles(printed[this.printed]))
    return lines.flat().filter(([step]) => step >= from && step <= to).map(([, value]) => value)
  }

  line(run) {
    return run.smooth.get(this.column) ?? this.raw(run)
  }

  raw(run) {
    return run.batches.map((point) => [point[STEP], point[this.column]]).filter(known)
  }

  // A mean over an epoch belongs to its middle: there it meets the curve of the batches.
  means(run) {
    if (!this.printed) return []
    return run.epochs.map((point) => [point[STEP] - 0.5, point[this.column]]).filter(known)
  }

  heldOut(run) {
    return run.epochs.map((point) => [point[STEP], point[this.held]]).filter(known)
  }

  drawAxes(height, withValues) {
    const { pen, view } = this
    if (!withValues) this.write(this.nothing(), this.left + 8, (this.top + this.bottom) / 2, "left")
    pen.fillStyle = view.palette.text
    pen.strokeStyle = view.palette.grey
    pen.lineWidth = 1
    pen.textAlign = "right"
    pen.textBaseline = "middle"
    const ticks = withValues ? this.scale.ticks(...this.range, height > 120 ? 5 : 2) : [0]
    for (const tick of ticks) {
      pen.globalAlpha = 0.25
      this.stroke([[this.left, this.y(tick)], [this.right, this.y(tick)]])
      pen.globalAlpha = 0.75
      if (withValues) pen.fillText(`${tick}${this.unit ?? ""}`, this.left - 6, this.y(tick))
    }
    pen.textAlign = "center"
    pen.textBaseline = "top"
    const steps = linearTicks(view.from, view.to, (this.right - this.left) / 50)
    for (const tick of steps) {
      pen.fillText(tick === steps[0] ? `epoch ${tick}` : tick, this.x(tick), this.bottom + 6)
    }
    pen.globalAlpha = 1
  }

  // Why there is nothing to be seen.
  nothing() {
    return this.view.runs.some((run) => run.batches.length) ? "nothing here" : "starts with the first batch"
  }

  // A little beyond the axes, so that what is drawn at their ends is whole.
  clipped(draw) {
    this.pen.save()
    this.pen.beginPath()
    this.pen.rect(this.left, this.top - 2, this.right - this.left + 6, this.bottom - this.top + 4)
    this.pen.clip()
    draw()
    this.pen.restore()
  }

  // A line through places in pixels.
  stroke(places) {
    this.pen.beginPath()
    for (const place of places) this.pen.lineTo(...place)
    this.pen.stroke()
  }

  drawLine(points, colour, { width = 1, alpha = 1, dashes = [] }) {
    Object.assign(this.pen, { strokeStyle: colour, lineWidth: width, globalAlpha: alpha })
    this.pen.setLineDash(dashes)
    this.stroke(points.map(([step, value]) => [this.x(step), this.y(value)]))
    this.pen.setLineDash([])
    this.pen.globalAlpha = 1
  }

  drawPrinted() {
    const points = middles(this.view.printed[this.printed])
    this.drawLine(points, this.view.palette.grey, { width: 2, dashes: [6, 4] })
    if (this.tested) this.drawRing([points.length, this.view.printed.test], this.view.palette.grey)
  }

  drawRun(run, named) {
    const { palette } = this.view
    const colour = named ? run.colour : palette.lead
    if (!named) this.drawLine(this.raw(run), colour, { alpha: this.printed ? 0.35 : 0.5 })
    this.drawLine(this.line(run), colour, { width: this.printed ? 2.5 : 1.5 })
    if (!this.printed) return
    const held = this.heldOut(run)
    const heldColour = named ? colour : palette.second
    this.drawLine(held, heldColour, named ? { width: 1.5, dashes: [2, 3] } : { width: 2 })
    for (const point of held) this.drawSquare(point, heldColour, named ? 2 : 3)
    if (!named) for (const point of this.means(run)) this.drawDot(point, colour)
    if (this.tested && run.tested !== null) this.drawRing([run.batches.at(-1)?.[STEP], run.tested], colour)
  }

  // What came out on the test images, at the end of a training.
  drawRing([step, value], colour) {
    const { pen } = this
    pen.beginPath()
    pen.arc(this.x(step), this.y(value), 4.5, 0, 2 * Math.PI)
    Object.assign(pen, { fillStyle: this.view.palette.background, strokeStyle: colour, lineWidth: 2 })
    pen.fill()
    pen.stroke()
  }

  drawDot([step, value], colour) {
    const { pen } = this
    pen.beginPath()
    pen.arc(this.x(step), this.y(value), 4, 0, 2 * Math.PI)
    Object.assign(pen, { fillStyle: colour, strokeStyle: this.view.palette.background, lineWidth: 1.5 })
    pen.fill()
    pen.stroke()
  }

  drawSquare([step, value], colour, half) {
    this.pen.fillStyle = colour
    this.pen.fillRect(this.x(step) - half, this.y(value) - half, 2 * half, 2 * half)
  }

  // Where the learning rate was changed.
  drawChanges(run) {
    for (const [step, rate] of run.changes) {
      const x = this.x(step)
      Object.assign(this.pen, { strokeStyle: this.view.palette.text, lineWidth: 1, globalAlpha: 0.45 })
      this.pen.setLineDash([2, 3])
      this.stroke([[x, this.top], [x, this.bottom]])
      this.pen.setLineDash([])
      this.pen.globalAlpha = 1
      if (this.column === RATE) this.write(short(rate), x + 4, this.bottom - 7, "left")
    }
  }

  namePrinted() {
    const inView = middles(this.view.printed[this.printed]).filter(([step]) => step <= this.view.to)
    const [step, value] = inView.at(-1) ?? [0, this.range[0]]
    const above = this.printed === "loss"
    const place = Math.min(Math.max(this.y(value) + (above ? -11 : 13), this.top + 6), this.bottom - 6)
    if (step > this.view.from) this.write("as printed", this.x(step), place, "right")
  }

  // The name of each run where its line ends; where lines end together, names are pushed apart.
  nameRuns() {
    const ends = this.view.runs
      .map((run) => ({ run, end: this.line(run).filter(([step]) => step <= this.view.to).at(-1) }))
      .filter(({ end }) => end && end[0] >= this.view.from)
      .map(({ run, end }) => ({ run, y: Math.min(Math.max(this.y(end[1]), this.top), this.bottom) }))
      .sort((a, b) => a.y - b.y)
    spread(ends, this.top + 4, this.bottom - 4)
    for (const { run, y } of ends) {
      this.write(this.shortened(run.name), this.right + 6, y, "left", run.colour)
    }
  }

  shortened(name) {
    const room = this.plot.clientWidth - this.right - 8
    let text = name
    while (text && this.pen.measureText(`${text}…`).width > room) text = text.slice(0, -1)
    return text === name ? name : `${text}…`
  }

  // Text with a rim of background, so that lines do not cross it out.
  write(text, x, y, align, colour = this.view.palette.text) {
    const { pen } = this
    Object.assign(pen, { textAlign: align, textBaseline: "middle", fillStyle: colour })
    Object.assign(pen, { strokeStyle: this.view.palette.background, lineWidth: 4 })
    pen.strokeText(text, x, y)
    pen.fillText(text, x, y)
  }

  // The newest value beside the title, and the picture in words.
  describe() {
    const { runs, printed } = this.view
    const [run] = runs
    const latest = run?.batches.at(-1)
    this.now.textContent = runs.length === 1 && latest?.[this.column] != null ? this.text(latest[this.column]) : ""
    const told = runs.map((each) => this.inWords(each))
    if (this.printed) {
      const ends = [printed[this.printed][0], printed[this.printed].at(-1)].map(this.text)
      told.push(`The tutorial printed ${ends.join(" to ")} over ten epochs.`)
      if (this.tested) {
        told.push(`On the test images it printed ${this.text(printed.test)}, which is ${this.text(printed.exact)} exact.`)
      }
    }
    this.canvas.setAttribute("aria-label", `${this.title} over epochs. ${told.join(" ")}`)
  }

  inWords(run) {
    const [first, last] = [run.batches[0], run.batches.at(-1)]
    if (first?.[this.column] == null || last?.[this.column] == null) return `${run.name}: nothing yet.`
    const values = [first, last].map((point) => this.text(point[this.column]))
    const said = `${run.name}: from ${values[0]} to ${values[1]} at epoch ${last[STEP].toFixed(2)}.`
    if (this.column !== RATE) return said
    const changes = run.changes.map(([step, rate]) => ` Changed to ${short(rate)} at epoch ${step.toFixed(2)}.`)
    return said + changes.join("")
  }

  // A cursor at a step, with the value of each run beside it; null for none.
  read(step) {
    this.over.replaceChildren()
    if (step === null || step < this.view.from || step > this.view.to) return
    const line = make("i", { class: "cursor" })
    line.style.left = `${this.x(step)}px`
    const values = this.view.runs
      .map((run) => ({ run, point: reached(run, step) }))
      .filter(({ point }) => point?.[this.column] != null)
      .map(({ run, point }) => ({ run, point, y: this.inside(this.y(point[this.column])) }))
      .sort((a, b) => a.y - b.y)
    const dots = values.map(({ run, point, y }) => this.mark("dot", run, this.x(point[STEP]), y))
    spread(values, this.top, this.bottom)
    const chips = values.map(({ run, point, y }) => {
      const chip = this.mark("chip", run, this.x(point[STEP]), y)
      chip.classList.toggle("before", this.x(step) > (this.left + this.right) / 2)
      chip.textContent = this.text(point[this.column])
      return chip
    })
    this.over.append(line, ...dots, ...chips)
  }

  inside(y) {
    return Math.min(Math.max(y, this.top), this.bottom)
  }

  mark(kind, run, x, y) {
    const element = make("span", { class: kind })
    element.style.left = `${x}px`
    element.style.top = `${y}px`
    const colour = this.view.runs.length > 1 ? run.colour : this.view.palette.lead
    element.style.setProperty("--colour", colour)
    return element
  }

  // What is being selected, between two places in pixels.
  select(from, to) {
    const band = make("i", { class: "band" })
    band.style.left = `${Math.min(from, to)}px`
    band.style.width = `${Math.abs(to - from)}px`
    this.over.replaceChildren(band)
  }
}

function known([, value]) {
  return value !== null
}

// The figures printed after each epoch, in its middle.
function middles(values) {
  return values.map((value, epoch) => [epoch + 0.5, value])
}

// The point of a run at a step, if it has come that far.
function reached(run, step) {
  const last = run.batches.at(-1)
  return last && step <= last[STEP] + 0.5 ? nearest(run.batches, step) : undefined
}

// Push labels apart that would lie on each other; they come in order.
function spread(labels, top, bottom) {
  for (let i = 1; i < labels.length; i++) labels[i].y = Math.max(labels[i].y, labels[i - 1].y + APART)
  let limit = bottom
  for (const label of labels.toReversed()) {
    label.y = Math.max(Math.min(label.y, limit), top)
    limit = label.y - APART
  }
}
