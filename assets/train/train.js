// The training hall: the curves of one run or of several, and a dozen digits being learnt.

const LEGEND = [
  ["raw", "batches"],
  ["smooth", "smoothed"],
  ["mean", "mean of an epoch"],
  ["held", "held out"],
  ["printed", "the tutorial, as printed"],
  ["tested", "on the test images"],
]
const CLICK = 6 // pixels; who drags less means a click
const FINGER = 24 // pixels; two taps so near to each other are at the same place

class Hall {
  constructor(root) {
    this.root = root.querySelector(".hall")
    this.find = (selector) => this.root.querySelector(selector)
    this.charts = CHARTS.map((spec) => new Chart(this.find(`.${spec.name}`), spec))
    this.dozen = new Dozen(this.find(".dozen"))
    this.window = null // [from, to] in epochs where the visitor has zoomed in
    this.following = false // the last epoch, as it goes on
    this.log = false
    this.cursor = null // the step being read
    this.selected = null // [from, to] in epochs while they are being dragged over
    this.told = null
    this.id = "" // of the run that is looked at
    this.buildLegend()
    this.listen()
    this.news = () => this.receive(globalThis.rnnDemoHallNews)
    new ResizeObserver(() => this.data && this.draw()).observe(this.root)
  }

  buildLegend() {
    this.find(".legend").append(...LEGEND.map(([kind, text]) => {
      const item = make("li", { class: kind })
      item.append(make("i"), text)
      return item
    }))
  }

  // data: what is new. say: tells the server what is here.
  receive({ data, say }) {
    const { whole, counts } = keep(data)
    this.update(data)
    if (whole) this.tell()
    if (counts) say(counts)
  }

  update(data) {
    this.data = data
    this.find(".note").textContent = data.note
    this.runs = data.runs.map(drawable)
    this.lookAt(data.runs[0]?.curve.split("/")[0] ?? "")
    this.nameRuns()
    for (const name of ["lead", "second", "grey"]) {
      this.root.style.setProperty(`--${name}`, data.palette[name])
    }
    this.root.classList.toggle("several", data.runs.length > 1)
    const held = this.runs.some((run) => run.epochs.some((point) => point[HELD_LOSS] !== null))
    this.root.classList.toggle("nothing-held", !held)
    this.dozen.paint(data.digits.source, data.palette)
    this.draw()
  }

  // Where one looks in a run says nothing about another.
  lookAt(id) {
    if (id === this.id) return
    this.id = id
    this.window = this.cursor = this.selected = null
    this.following = false
  }

  // Whose line is whose, where there are several: at their ends is little room for names.
  nameRuns() {
    const runs = this.runs.length > 1 ? this.runs : []
    this.find(".runs").replaceChildren(...runs.map(({ name, colour }) => {
      const item = make("li")
      item.style.setProperty("--colour", colour)
      item.append(make("i"), name)
      return item
    }))
  }

  // How far the newest point of the first run is, in epochs.
  get head() {
    return this.runs[0]?.batches.at(-1)?.[STEP] ?? 0
  }

  get shown() {
    const { epochs } = this.data
    if (this.following) return [Math.max(this.head - 1, 0), Math.max(this.head, 1)]
    return this.window ?? [0, epochs]
  }

  draw() {
    const [from, to] = this.shown
    const zoomed = this.following || this.window !== null
    const { palette, printed } = this.data
    const view = { runs: this.runs, from, to, printed, palette, zoomed, log: this.log }
    for (const chart of this.charts) chart.draw(view)
    this.press('[data-range="all"]', !zoomed)
    this.press('[data-range="last"]', this.following)
    this.press("[data-log]", this.log)
    this.read(this.cursor)
    if (this.selected) this.select(this.selected)
  }

  press(selector, pressed) {
    this.find(selector).setAttribute("aria-pressed", pressed)
  }

  // Read all charts and the digits at a step; null for the newest point.
  read(step) {
    this.cursor = step
    const [run] = this.runs
    const point = run && (step === null ? run.batches.at(-1) : reached(run, step))
    for (const chart of this.charts) chart.read(step)
    this.find(".reading").textContent = this.inWords(run, step === null ? undefined : point)
    const when = point ? `, at epoch ${point[STEP].toFixed(2)}` : ""
    this.dozen.show(point, `Twelve test digits${when || " it will learn to read"}`)
  }

  inWords(run, point) {
    if (!point) return this.hint()
    const values = this.charts
      .filter((chart) => point[chart.column] != null)
      .map((chart) => `${chart.title.toLowerCase()} ${chart.text(point[chart.column])}`)
    return `Epoch ${point[STEP].toFixed(2)}: ${values.join(", ")}.${this.ofEpoch(run, point)}`
  }

  // The epoch that a point is in, as a whole, beside what the tutorial printed after it.
  ofEpoch(run, point) {
    const epoch = Math.ceil(point[STEP] - 1e-9)
    const whole = run.epochs.find((each) => Math.round(each[STEP]) === epoch)
    const { loss, accuracy, test, exact } = this.data.printed
    const parts = []
    if (whole) parts.push(`mean ${whole[LOSS].toFixed(4)}, ${whole[ACCURACY].toFixed(2)} %`)
    if (whole?.[HELD_LOSS] != null) {
      parts.push(`held out ${whole[HELD_LOSS].toFixed(4)}, ${whole[HELD_ACCURACY].toFixed(2)} %`)
    }
    if (loss[epoch - 1] !== undefined) {
      parts.push(`as printed ${loss[epoch - 1].toFixed(4)}, ${accuracy[epoch - 1].toFixed(2)} %`)
    }
    if (epoch === loss.length) {
      parts.push(`on the test images ${test.toFixed(2)} % as printed, ${exact.toFixed(2)} % exact`)
    }
    return parts.length ? ` Epoch ${epoch} as a whole: ${parts.join("; ")}.` : ""
  }

  hint() {
    if (matchMedia("(pointer: coarse)").matches) {
      return "Tap a chart to read its values; tap there again for the newest."
    }
    return "Point at a chart to read it, drag to zoom in, double-click for the whole run."
  }

  // What a screen reader says after each epoch and when the state changes.
  tell() {
    const { announcement } = this.data
    const isNews = this.told !== null && this.told !== announcement
    this.told = announcement
    if (isNews) this.find(".told").textContent = announcement
  }

  listen() {
    this.find('[data-range="all"]').addEventListener("click", () => this.zoom(null))
    this.find('[data-range="last"]').addEventListener("click", () => this.follow())
    this.find("[data-log]").addEventListener("click", () => {
      this.log = !this.log
      this.draw()
    })
    const area = this.find(".charts")
    area.addEventListener("dblclick", () => this.zoom(null))
    area.addEventListener("keydown", (event) => this.key(event))
    for (const chart of this.charts) this.listenTo(chart)
  }

  listenTo(chart) {
    const place = (event) => {
      const x = event.clientX - chart.plot.getBoundingClientRect().left
      return Math.min(Math.max(x, chart.left), chart.right)
    }
    let start = null // where a drag began
    let touched = null // where a finger came down
    chart.plot.addEventListener("pointerdown", (event) => {
      if (event.pointerType !== "mouse") touched = place(event)
      else if (event.button === 0) {
        start = place(event)
        chart.plot.setPointerCapture(event.pointerId)
      }
    })
    chart.plot.addEventListener("pointermove", (event) => {
      const x = place(event)
      if (touched !== null && Math.abs(x - touched) < CLICK) return
      if (start === null || Math.abs(x - start) < CLICK) return this.read(chart.step(x))
      this.select([start, x].map((each) => chart.step(each)))
    })
    chart.plot.addEventListener("pointerup", (event) => {
      const from = start
      if (touched !== null && Math.abs(place(event) - touched) < CLICK) this.tap(chart, touched)
      start = touched = this.selected = null
      if (from === null || Math.abs(place(event) - from) < CLICK) return
      this.zoom([from, place(event)].map((x) => chart.step(x)).sort((a, b) => a - b))
    })
    // The finger was about to scroll the page.
    chart.plot.addEventListener("pointercancel", () => {
      start = touched = this.selected = null
    })
    chart.plot.addEventListener("pointerleave", (event) => {
      if (event.pointerType === "mouse" && start === null) this.read(null)
    })
  }

  // A finger reads where it taps; tapping there again goes back to the newest point.
  tap(chart, x) {
    const again = this.cursor !== null && Math.abs(chart.x(this.cursor) - x) < FINGER
    this.read(again ? null : chart.step(x))
  }

  select(steps) {
    this.selected = steps
    for (const chart of this.charts) chart.select(...steps.map((step) => chart.x(step)))
  }

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

  key(event) {
    const steps = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 }
    const batches = this.runs[0]?.batches ?? []
    if (event.key === "Escape") {
      this.zoom(null)
    } else if (event.key in steps && batches.length) {
      event.preventDefault()
      const at = this.cursor === null ? batches.length : batches.indexOf(nearest(batches, this.cursor))
      const index = Math.min(Math.max(at + steps[event.key], 0), batches.length - 1)
      this.read(batches[index][STEP])
      this.find(".told").textContent = this.find(".reading").textContent
    }
  }
}

const halls = new WeakMap()

export default function ({ parentElement }) {
  if (!halls.has(parentElement)) halls.set(parentElement, new Hall(parentElement))
  const { news } = halls.get(parentElement)
  if (globalThis.rnnDemoHallNews) news()
  // This is called again for each theme, and what it returns only at the end: the same listener
  // is added once.
  addEventListener("rnn-demo-hall-news", news)
  return () => removeEventListener("rnn-demo-hall-news", news)
}
