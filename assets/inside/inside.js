// The flow lab: the network plays, a number tells its formula, an edit leaves ghosts.
// One answer of the server holds every step; everything that moves, moves here.

const STEPS_PER_SECOND = 1.5

class Lab {
  constructor(root) {
    this.root = root.querySelector(".lab")
    this.find = (selector) => this.root.querySelector(selector)
    this.net = new Net(this.find(".sheet"))
    this.formula = new Formula(this.find(".sum"), this.net)
    this.transport = new Transport(this.find(".transport"), {
      framesPerSecond: STEPS_PER_SECOND,
      describe: (frame) => this.describe(frame),
      show: (frame) => this.show(frame),
    })
    this.listen()
  }

  listen() {
    const frame = this.find(".net")
    frame.addEventListener("click", (event) => this.click(event))
    frame.addEventListener("dblclick", (event) => this.startEdit(this.cellOf(event)))
    frame.addEventListener("keydown", (event) => this.key(event))
    frame.addEventListener("focusin", (event) => {
      const name = this.cellOf(event)?.getAttribute("aria-label")
      if (name) this.find(".now").textContent = name
    })
    this.find(".instance").addEventListener("change", () => this.rebuild())
    this.find(".numbers").addEventListener("click", (event) => {
      toggle(event.currentTarget)
      this.rebuild()
    })
    this.find(".goes").addEventListener("click", (event) => {
      toggle(event.currentTarget)
      this.mark()
    })
    this.find(".edit").addEventListener("click", () => this.startEdit(this.selected))
    this.take = new TakeAlong(this.root, () => this.view())
    let width = 0
    this.resized = new ResizeObserver(() => {
      if (!this.data || frame.clientWidth === width) return
      width = frame.clientWidth
      this.rebuild()
    })
    this.resized.observe(frame)
  }

  // Take over what the server sent. An edit goes to the end, so that what it did is seen.
  update([data], send) {
    this.send = send
    this.find(".problem").textContent = data.problem
    if (data.signature === this.signature) return
    this.signature = data.signature
    const before = this.data
    this.data = { ...data, tensors: unpack(data.tensors) }
    const sameNetwork = before?.model === data.model
    const sameShape = sameNetwork && SHAPE.every((name) => before[name] === data[name])
    for (const name of ["negative", "positive", "grey"]) {
      this.root.style.setProperty(`--${name}`, data.palette[name])
    }
    this.take.update(this.data)
    if (data.view !== "" && data.view !== before?.view) this.open(data.view)
    else if (before?.token === data.token) this.recolour()
    else if (sameShape) this.compare(before)
    else this.startOver(sameNetwork)
    drawCurve(this.find(".curve"), this.data)
  }

  // The same numbers in other colours.
  recolour() {
    this.net.repaint(this.data)
    this.take.markLine(this.transport.frame)
    this.showGhosts(this.ghosts ?? new Map())
  }

  startOver(sameNetwork) {
    this.ghosts = undefined
    this.find(".story").textContent = ""
    this.setChoices()
    this.net.frame = 0
    this.rebuild()
    this.follows = true
    this.transport.restart(this.data.n_steps * PHASES.length)
    if (sameNetwork) this.transport.go(this.transport.count - 1)
  }

  setChoices() {
    const { batch, n_neurons: neurons } = this.data
    const options = range(batch).map((i) => new Option(String(i), String(i)))
    if (batch > 1) options.push(new Option("all", "all"))
    this.find(".instance").replaceChildren(...options)
    this.find(".numbers").setAttribute("aria-pressed", String(neurons <= 8))
  }

  // A link or a state file says what was looked at: frame, instance or "all", selected cell.
  open(view) {
    this.startOver(false)
    const [, frame, instance, id, index] = /^(\d+),(\w+),(?:(\w+)\[(.*)\])?$/.exec(view)
    const select = this.find(".instance")
    if ([...select.options].some((option) => option.value === instance)) select.value = instance
    this.rebuild()
    if (id) {
      const [column, row = 0] = index.split(",").map(Number).reverse()
      const cell = this.net.find(id, row, column)
      if (cell) this.select(cell, { quietly: true })
      this.follows = !cell
    }
    this.transport.go(Number(frame))
  }

  view() {
    const { tensor, row, column } = this.selected
    const index = tensor.id === "b" ? [column] : [row, column]
    return `${this.transport.frame},${this.find(".instance").value},${tensor.id}[${index}]`
  }

  rows() {
    const { value } = this.find(".instance")
    return value === "all" ? range(this.data.batch) : [Number(value)]
  }

  rebuild() {
    const { tensor, row, column } = this.selected ?? {}
    const ghosts = this.ghosts
    this.net.build(this.data, {
      instance: this.find(".instance").value,
      numbers: this.find(".numbers").getAttribute("aria-pressed") === "true",
      width: this.find(".net").clientWidth,
    })
    if (!tensor) return
    const shown = tensor.perInstance && !this.rows().includes(row) ? this.rows()[0] : row
    this.select(this.net.find(tensor.id, shown, column) ?? this.net.find("hx", this.rows()[0], 0), {
      quietly: true,
    })
    if (ghosts) this.showGhosts(ghosts)
  }

  // The same network with other numbers: what moved keeps its old value as a ghost.
  compare(before) {
    const past = before.stored || this.data.stored ? settled(before, this.data) : before
    const ids = [...this.net.tensors.keys()]
    const old = new Map(ids.map((id) => [id, sliceOf(past, id)]))
    this.net.repaint(this.data)
    this.transport.go(this.transport.count - 1)
    this.showGhosts(old)
    this.find(".story").textContent = story(this.data, past)
    this.select(this.selected, { quietly: true })
  }

  showGhosts(old) {
    this.ghosts = old
    for (const tensor of this.net.tensors.values()) {
      for (const cell of tensor.cells) {
        const was = old.get(tensor.id)?.[cell.row * tensor.cols + cell.column]
        const moved = was !== undefined && written(was, tensor.id) !== written(cell.value, tensor.id)
        cell.classList.toggle("moved", moved)
        cell.querySelector("s")?.remove()
        if (!moved) continue
        const ghost = make("s")
        ghost.textContent = written(was, tensor.id)
        ghost.style.setProperty("--was", signed(was / cell.limit, this.data.palette)[0])
        cell.append(ghost)
      }
    }
  }

  clearGhosts() {
    this.showGhosts(new Map())
    this.find(".story").textContent = ""
  }

  describe(frame) {
    const t = Math.floor(frame / PHASES.length)
    return `t = ${t}: ${PHASES[frame % PHASES.length]}`
  }

  show(frame) {
    this.net.show(frame)
    this.find(".now").textContent = this.tell(frame)
    this.take.markLine(frame)
    this.keepInSight(Math.floor(frame / PHASES.length))
    this.showFormula(frame)
  }

  // The formula follows the play until a number is chosen. It tells what is summed up so far,
  // and its result not before the picture does.
  showFormula(frame) {
    const [now, phase] = [Math.floor(frame / PHASES.length), frame % PHASES.length]
    if (this.follows) {
      const cell = this.net.find(`${phase < 3 ? "z" : "Y"}${now}`, this.rows()[0], 0)
      if (cell !== this.selected) this.select(cell, { quietly: true })
    }
    const { tensor } = this.selected
    this.find(".sum").dataset.phase = tensor.t === now && /^[zY]/.test(tensor.id) ? phase : ""
    this.find(".sum").classList.toggle("not-yet", frame < this.net.ready(tensor))
  }

  // The frame in words, for the eye; the slider says it to a screen reader.
  tell(frame) {
    const t = Math.floor(frame / PHASES.length)
    const { titles, activation } = this.data
    const before = t === 0 ? "hx" : titles[`Y${t - 1}`]
    const last = t === this.data.n_steps - 1
    return `t = ${t}   ` + [
      `the input comes in: X${t} · Wx`,
      `the past comes in: + ${before} · Wy`,
      "the bias: + b",
      activation === "none" ? `no activation: the sum is ${titles[`Y${t}`]}` : `${activation} of the sum is ${titles[`Y${t}`]}`,
      last ? `${titles[`Y${t}`]} is the final state` : `${titles[`Y${t}`]} is handed on to t = ${t + 1}`,
    ][frame % PHASES.length]
  }

  // Scroll the frame of the picture, never the page, to the time step that plays.
  keepInSight(t) {
    const frame = this.find(".net")
    const { x, cols } = this.net.tensors.get(`Y${t}`)
    const right = x + cols * this.net.cell + GAP.end
    if (right > frame.scrollLeft + frame.clientWidth) frame.scrollLeft = right - frame.clientWidth
    if (x < frame.scrollLeft) frame.scrollLeft = Math.max(0, x - 60)
  }

  cellOf(event) {
    return event.target.closest?.(".cell")
  }

  click(event) {
    const cell = this.cellOf(event)
    if (!cell || event.target.matches("input")) return
    const again = cell === this.selected && cell === this.root.getRootNode().activeElement
    this.select(cell)
    if (again && event.detail <= 1) this.startEdit(cell)
  }

  key(event) {
    const cell = this.cellOf(event)
    if (!cell || event.target.matches("input") || event.ctrlKey || event.metaKey || event.altKey) return
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key]
    if (move) this.focus(this.net.neighbour(cell, ...move) ?? cell)
    else if (event.key === "Enter") this.select(cell)
    else if (event.key === "F2") this.startEdit(cell)
    else if (event.key === " ") this.transport.toggle.click()
    else if (event.key === "Escape") this.clearGhosts()
    else if (/^[-+\d.,]$/.test(event.key)) this.startEdit(cell, event.key)
    else return void this.transport.key(event)
    event.preventDefault()
  }

  focus(cell) {
    this.makeTabStop(cell)
    cell.focus()
  }

  makeTabStop(cell) {
    this.tabStop?.setAttribute("tabindex", -1)
    this.tabStop = cell
    cell.setAttribute("tabindex", 0)
  }

  // Show the formula of a cell; what is not computed yet in this frame is computed first.
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
    this.formula.show(cell, this.data)
    this.find(".edit").hidden = !address(cell)
    this.mark()
  }

  // Light up where the selected number came from, or what it goes on to change.
  mark() {
    const ahead = this.find(".goes").getAttribute("aria-pressed") === "true"
    const [kind, isMarked] = ahead ? ["target", reaches] : ["source", feeds]
    for (const cell of this.marked ?? []) cell.classList.remove("selected", "source", "target")
    this.marked = [this.selected]
    this.selected.classList.add("selected")
    for (const { cells, t } of this.net.tensors.values()) {
      if (!ahead && t >= 0 && Math.abs(t - this.selected.tensor.t) > 1) continue
      for (const cell of cells) {
        const [from, to] = ahead ? [this.selected, cell] : [cell, this.selected]
        if (!isMarked(from, to)) continue
        cell.classList.add(kind)
        this.marked.push(cell)
      }
    }
  }

  startEdit(cell, typed) {
    if (!cell || cell.querySelector("input")) return
    if (!address(cell)) return this.refuse(`${this.net.indexed(cell)} is computed: change what it comes from.`)
    this.select(cell, { quietly: true })
    const field = make("input", { type: "text", inputmode: "text", "aria-label": `New value of ${this.net.indexed(cell)}` })
    field.value = typed ?? String(Number(cell.value.toPrecision(7)))
    cell.append(field)
    field.focus()
    if (typed === undefined) field.select()
    const close = () => {
      cell.focus() // which takes the field away
      field.remove()
    }
    field.addEventListener("keydown", (event) => {
      event.stopPropagation()
      if (event.key === "Enter") this.commit(cell, field.value, close)
      else if (event.key === "Escape") close()
      else return
      event.preventDefault()
    })
    field.addEventListener("blur", () => queueMicrotask(() => field.remove()))
  }

  commit(cell, text, close) {
    close()
    const value = text.trim() === "" ? NaN : Number(text.trim().replace(",", "."))
    const { limit } = this.data
    if (!Number.isFinite(value)) return this.refuse(`${text.trim() === "" ? "An empty cell" : `“${text}”`} is not a number: nothing was changed.`)
    if (Math.abs(value) > limit) return this.refuse(`${text} is not from -${limit} to ${limit}: nothing was changed.`)
    this.refuse("")
    this.send("edit", { ...address(cell), value })
  }

  refuse(sentence) {
    this.find(".problem").textContent = sentence
  }
}

const SHAPE = ["n_steps", "batch", "n_inputs", "n_neurons"]

function toggle(button) {
  button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"))
}

export default mounted(Lab)
