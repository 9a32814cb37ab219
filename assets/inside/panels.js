// Beside the picture: the code twin, the curve of the activation, and what can be taken along.

class TakeAlong {
  // view(): what is looked at, as text for a link.
  constructor(root, view) {
    this.root = root
    this.find = (selector) => root.querySelector(selector)
    this.view = view
    const on = (selector, act) => this.find(selector).addEventListener("click", act)
    on(".copy", () => this.copy(this.data.code.source, this.find(".copy")))
    on(".py", () => save(`${this.data.code.name}.py`, this.data.code.source))
    on(".ipynb", () => save(`${this.data.code.name}.ipynb`, this.data.code.notebook))
    on(".copy-link", () => this.copyLink())
    on(".file", () => this.saveState())
    this.find(".address").addEventListener("focus", (event) => event.target.select())
  }

  update(data) {
    this.data = data
    for (const part of ["code", "share"]) this.find(`.${part}`).hidden = data.hidden.includes(part)
    this.root.classList.toggle("without-code", data.hidden.includes("code"))
    this.lines = data.code.source.split("\n").map((text) => {
      const line = make("span")
      line.textContent = `${text}\n`
      return line
    })
    this.find("pre").replaceChildren(...this.lines)
    this.find(".told").textContent = ""
    this.find(".address").hidden = true
  }

  // The line that computes this frame; the box scrolls to it, the page does not.
  markLine(frame) {
    const line = this.lines[this.data.code.lines[frame]]
    if (line === this.running) return
    this.running?.classList.remove("running")
    line.classList.add("running")
    this.running = line
    const box = this.find("pre")
    box.scrollTop = line.offsetTop - box.offsetTop - box.clientHeight / 2
  }

  address() {
    const { origin, pathname } = location
    const query = new URLSearchParams({ lab: this.data.token, view: this.view() })
    if (this.data.hide.length) query.set("hide", this.data.hide.join(","))
    if (this.find(".embed").checked) query.set("embed", "true")
    return `${origin}${pathname}?${query}`
  }

  // Whether there is a link; where it would be too long, the file is offered instead.
  writeAddress() {
    const address = this.address()
    const fits = address.length <= this.data.link_limit
    this.find(".address").hidden = !fits
    this.find(".address").value = address
    this.find(".told").textContent = fits
      ? ""
      : `Too many changed numbers for a link (${address.length} characters): take the state file.`
    return fits
  }

  copyLink() {
    if (this.writeAddress()) this.copy(this.find(".address").value, this.find(".copy-link"))
  }

  saveState() {
    save("flow-lab.json", JSON.stringify({ ...this.data.state, view: this.view() }, null, 1))
  }

  async copy(text, button) {
    const label = button.textContent
    try {
      await navigator.clipboard.writeText(text)
      button.textContent = "Copied"
    } catch {
      button.textContent = "Select and copy"
    }
    setTimeout(() => (button.textContent = label), 1500)
  }
}

function save(name, text) {
  const link = make("a", { download: name, href: URL.createObjectURL(new Blob([text])) })
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 1000)
}

const CURVE = { width: 240, height: 100, margin: 8, least: 3, most: 8 }

// Every pre-activation as a dot on the curve; those beyond the box pile up at its ends.
function drawCurve(figure, { tensors, activation, saturation }) {
  const z = tensors.z
  const largest = z.reduce((most, value) => Math.max(most, Math.abs(value)), CURVE.least)
  const reach = Math.min(largest, CURVE.most)
  const apply = { tanh: Math.tanh, relu: (value) => Math.max(value, 0), none: (value) => value }[activation]
  const top = activation === "tanh" ? 1.15 : reach
  const x = (value) => CURVE.width / 2 + (value / reach) * (CURVE.width / 2 - CURVE.margin)
  const y = (value) => CURVE.height / 2 - (value / top) * (CURVE.height / 2 - CURVE.margin)
  const clamp = (value) => Math.min(Math.max(value, -reach), reach)
  const points = range(121).map((i) => (i / 60 - 1) * reach)
  const curve = points.map((value) => `${x(value)},${y(apply(value))}`).join(" ")
  const dots = [...z].map((value) => `M${x(clamp(value)).toFixed(1)} ${y(apply(clamp(value))).toFixed(1)}h0`)
  const label = (text, place) => {
    const element = svg("text", place)
    element.textContent = text
    return element
  }
  figure.querySelector("svg").setAttribute("aria-label", saturation)
  figure.querySelector("svg").replaceChildren(
    svg("path", { class: "axis", d: `M0 ${y(0)}H${CURVE.width}M${x(0)} 0V${CURVE.height}` }),
    svg("polyline", { class: "function", points: curve }),
    svg("path", { class: "dots", d: dots.join(""), "stroke-width": dots.length > 200 ? 3 : 6 }),
    label(`${reach < largest ? "≤ " : ""}-${reach.toFixed(0)}`, { x: 2, y: y(0) - 4 }),
    label(`${reach < largest ? "≥ " : ""}${reach.toFixed(0)}`, { x: CURVE.width - 2, y: y(0) + 12, "text-anchor": "end" }),
  )
  figure.querySelector("figcaption").textContent = saturation
}
