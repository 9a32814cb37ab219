// An ImageRNN reads a digit: the image, the hidden state and the belief, row by row in step.
// One answer of the server holds all rows; everything that moves, moves here.

const ROWS = 28
const CLASSES = 10
const HINT =
  "The output layer was trained on the last state only. " +
  "Point at any cell for its number, at a hidden unit for its course and weights."
const LINES = { width: 280, height: 100, apart: 11 } // apart: pixels between two labels

class Reader {
  constructor(root) {
    this.root = root.querySelector(".reader")
    this.find = (selector) => this.root.querySelector(selector)
    this.all = (selector) => this.root.querySelectorAll(selector)
    this.signature = null
    this.transport = new Transport(this.find(".transport"), {
      framesPerSecond: 10,
      describe: (row) => `row ${row} of ${ROWS}`,
      show: (row) => this.showRow(row),
    })
    this.buildBars()
    this.find(".readout").textContent = HINT
    for (const panel of ["image", "hidden", "belief"]) this.listen(panel)
  }

  buildBars() {
    this.bars = Array.from({ length: CLASSES }, (_, digit) => {
      const item = make("li")
      for (const part of ["digit", "track", "value"]) item.append(make("span", { class: part }))
      item.querySelector(".digit").textContent = digit
      item.querySelector(".track").append(make("div", { class: "bar" }))
      return item
    })
    this.find(".now ol").append(...this.bars)
    this.classes = this.bars.map((_, digit) => {
      const label = make("span")
      label.textContent = digit
      return label
    })
    this.find(".classes").append(...this.classes)
  }

  // Draw a reading and play it, unless it is the one already on screen.
  update([data]) {
    this.data = { ...data, ...unpack(data.numbers) }
    const colours = JSON.stringify(data.palette)
    const signature = data.signature
    if (signature === this.signature && colours === this.colours) return
    const isNew = signature !== this.signature
    this.signature = signature
    this.colours = colours
    for (const name of ["lead", "second", "grey"]) {
      this.root.style.setProperty(`--${name}`, data.palette[name])
    }
    const answer = this.find('[role="status"]')
    answer.textContent = data.answer
    answer.classList.toggle("none", !/^\d/.test(data.answer))
    this.find(".story").textContent = data.story
    this.paintPanels()
    this.drawLines()
    if (isNew) this.transport.restart(ROWS)
    else this.showRow(this.transport.frame)
  }

  belief(row, digit) {
    return this.data.probabilities[row * CLASSES + digit]
  }

  // The likeliest digit after a row, and the runner-up.
  leaders(row) {
    const order = [...Array(CLASSES).keys()]
    order.sort((a, b) => this.belief(row, b) - this.belief(row, a))
    return order
  }

  rank(row) {
    const [first, second] = this.leaders(row)
    return (digit) => (digit === first ? "first" : digit === second ? "second" : "")
  }

  paintPanels() {
    const { palette, image, hidden, n_neurons: units, limit } = this.data
    const rank = this.rank(ROWS - 1)
    const column = [...Array(CLASSES).keys()].map(
      (digit) => ({ first: palette.lead, second: palette.second })[rank(digit)] ?? palette.text,
    )
    const ink = (i) => mix(palette.background, palette.text, image[i])
    const signed = (i) => {
      const share = Math.min(Math.abs(hidden[i]) / limit, 1)
      return mix(palette.background, hidden[i] < 0 ? palette.negative : palette.positive, share)
    }
    const belief = (i) => mix(palette.background, column[i % CLASSES], this.data.probabilities[i])
    paint(this.find(".image canvas"), ROWS, ink, "The image, 28 by 28")
    paint(this.find(".hidden canvas"), units, signed, `Hidden state, 28 rows of ${units} units`)
    paint(this.find(".belief canvas"), CLASSES, belief, "Ten probabilities after each of 28 rows")
    this.classes.forEach((label, digit) => (label.className = rank(digit)))
  }

  drawLines() {
    const x = (row) => (row / (ROWS - 1)) * LINES.width
    const y = (p) => (1 - p) * LINES.height
    const chart = this.find(".lines svg")
    chart.setAttribute("viewBox", `0 0 ${LINES.width} ${LINES.height}`)
    chart.setAttribute("aria-label", this.data.story)
    const rank = this.rank(ROWS - 1)
    const { palette } = this.data
    const lines = this.leaders(ROWS - 1).reverse().map((digit) => {
      const points = Array.from({ length: ROWS }, (_, row) => `${x(row)},${y(this.belief(row, digit))}`)
      const place = rank(digit)
      return svg("polyline", {
        points: points.join(" "),
        stroke: { first: palette.lead, second: palette.second }[place] ?? palette.grey,
        "stroke-width": place === "first" ? 3 : place === "second" ? 2 : 1,
      })
    })
    this.cursor = svg("line", { class: "cursor", y1: 0, y2: LINES.height, "stroke-width": 2 })
    const axes = [0, 1].map((p) =>
      svg("line", { class: "axis", x1: 0, x2: LINES.width, y1: y(p), y2: y(p) }),
    )
    this.course = svg("polyline", { class: "course", stroke: palette.text, "stroke-width": 2 })
    chart.replaceChildren(...axes, ...lines, this.course, this.cursor)
    this.labelEnds(chart, rank)
  }

  // Each line ends in its digit; where lines end together, the digits are pushed apart.
  labelEnds(chart, rank) {
    const { height, top } = chart.getBoundingClientRect()
    const offset = top - this.find(".lines").getBoundingClientRect().top
    const order = this.leaders(ROWS - 1)
    const ends = order.map((digit) => (1 - this.belief(ROWS - 1, digit)) * height)
    for (let i = 1; i < CLASSES; i++) ends[i] = Math.max(ends[i], ends[i - 1] + LINES.apart)
    ends[CLASSES - 1] = Math.min(ends[CLASSES - 1], height)
    for (let i = CLASSES - 2; i >= 0; i--) ends[i] = Math.min(ends[i], ends[i + 1] - LINES.apart)
    this.find(".ends").replaceChildren(
      ...order.map((digit, i) => {
        const label = make("span", { class: rank(digit) })
        label.textContent = digit
        label.style.top = `${offset + ends[i]}px`
        return label
      }),
    )
  }

  showRow(row) {
    const read = ((row + 1) / ROWS) * 100
    for (const unread of this.all(".unread")) unread.style.top = `${read}%`
    for (const scan of this.all(".scan")) scan.style.top = `${(row / ROWS) * 100}%`
    const x = (row / (ROWS - 1)) * LINES.width
    this.cursor.setAttribute("x1", x)
    this.cursor.setAttribute("x2", x)
    this.find(".now h3").textContent = `Belief after row ${row} (${row + 1} of ${ROWS} read)`
    const rank = this.rank(row)
    this.bars.forEach((bar, digit) => {
      const p = this.belief(row, digit)
      bar.className = rank(digit)
      bar.querySelector(".bar").style.width = `${p * 100}%`
      bar.querySelector(".value").textContent = p.toFixed(2)
    })
  }

  // Hovering a cell writes its number out.
  listen(panel) {
    const canvas = this.find(`.${panel} canvas`)
    const readout = this.find(".readout")
    canvas.addEventListener("pointermove", (event) => {
      const { row, column } = cellAt(canvas, event)
      readout.textContent = this.describeCell(panel, row, column, row * canvas.width + column)
      if (panel === "hidden") this.drawCourse(column)
    })
    canvas.addEventListener("pointerleave", () => {
      readout.textContent = HINT
      this.course.setAttribute("points", "")
    })
    canvas.addEventListener("click", (event) => this.transport.go(cellAt(canvas, event).row))
  }

  // The course of one hidden unit over the rows, laid over the beliefs: the limit of the
  // scale is at the top, its negative at the bottom.
  drawCourse(column) {
    const { hidden, n_neurons: units, limit } = this.data
    const points = Array.from({ length: ROWS }, (_, row) => {
      const value = Math.min(Math.max(hidden[row * units + column] / limit, -1), 1)
      const share = (1 - value) / 2
      return `${(row / (ROWS - 1)) * LINES.width},${share * LINES.height}`
    })
    this.course.setAttribute("points", points.join(" "))
  }

  describeCell(panel, row, column, index) {
    const { image, hidden, probabilities, units, weights, n_neurons } = this.data
    if (panel === "image") return `Row ${row}, column ${column}: ${image[index].toFixed(2)}`
    if (panel === "hidden") {
      const toward = this.bars.map((_, d) => `${d}: ${weights[d * n_neurons + column].toFixed(2)}`)
      const value = hidden[index].toFixed(4)
      return `After row ${row}, unit ${units[column]}: ${value}. It counts toward ${toward.join(", ")}`
    }
    return `After row ${row}, digit ${column}: ${probabilities[index].toFixed(4)}`
  }
}

// The cell of a panel under the pointer; its border counts to the nearest one.
function cellAt(canvas, event) {
  const box = canvas.getBoundingClientRect()
  const inside = (share, count) => Math.min(Math.max(Math.floor(share * count), 0), count - 1)
  return {
    row: inside((event.clientY - box.top) / box.height, ROWS),
    column: inside((event.clientX - box.left) / box.width, canvas.width),
  }
}

// Paint one pixel a number; CSS makes the pixels large.
function paint(canvas, columns, colour, label) {
  canvas.width = columns
  canvas.height = ROWS
  canvas.setAttribute("aria-label", label)
  const context = canvas.getContext("2d")
  const picture = context.createImageData(columns, ROWS)
  for (let i = 0; i < columns * ROWS; i++) picture.data.set([...colour(i), 255], i * 4)
  context.putImageData(picture, 0, 0)
}

// A colour between two hexadecimal ones.
function mix(from, to, share) {
  return [1, 3, 5].map((i) => {
    const [a, b] = [from, to].map((hex) => parseInt(hex.slice(i, i + 2), 16))
    return Math.round(a + (b - a) * share)
  })
}

export default mounted(Reader)
