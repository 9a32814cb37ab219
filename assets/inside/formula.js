// What a number of the network is made of, and what it goes on to make.

class Formula {
  // element: where the formula goes. net: the network it is about.
  constructor(element, net) {
    this.element = element
    this.net = net
  }

  show(cell, data) {
    this.data = data
    const lines = { z: "sum", Y: "state" }[cell.tensor.id[0]] ?? "typed"
    this.element.replaceChildren(...this[lines](cell))
  }

  typed(cell) {
    const { id } = cell.tensor
    const value = sliceOf(this.data, id)[cell.row * cell.tensor.cols + cell.column]
    const what = {
      X: `an input: it enters the sum at t = ${cell.tensor.t}`,
      h: "the state before t = 0",
      W: "a weight, the same at every step",
      b: "a bias, the same at every step",
    }[id[0]]
    return [line([this.net.indexed(cell), "name"], [" = "], [written(value, id), "result"], [`   ${what}`, "aside"])]
  }

  sum(cell) {
    const { tensor, row, column } = cell
    const t = tensor.t
    const [input, recurrent] = ["input", "recurrent"].map((name) => this.at(name, t, row, column))
    const bias = this.data.tensors.b[column]
    return [
      this.expanded(cell, ""),
      line(["= "], [written(input), "input"], [" + "], [bracketed(recurrent), "recurrent"], [" + "], [bracketed(bias), "bias"]),
      line(["= "], [written(this.at("z", t, row, column)), "result"]),
    ]
  }

  state(cell) {
    const { tensor, row, column } = cell
    const [, subtotals] = this.sum(cell)
    const { activation } = this.data
    const open = activation === "none" ? "" : `${activation}(`
    const z = written(this.at("z", tensor.t, row, column))
    const result = [written(this.at("Y", tensor.t, row, column)), "result"]
    if (!open) return [this.expanded(cell, ""), subtotals, line(["= "], result)]
    return [this.expanded(cell, open), subtotals, line([`= ${open}${z}) = `], result)]
  }

  at(name, t, row, column) {
    const { batch, n_neurons: neurons } = this.data
    return this.data.tensors[name][(t * batch + row) * neurons + column]
  }

  // Every product with its own two numbers, and the bias.
  expanded(cell, open) {
    const { tensor, row, column } = cell
    const { n_inputs: inputs, n_neurons: neurons, scale, names } = this.data
    const { t } = tensor
    const before = t === 0 ? "hx" : `Y${t - 1}`
    const [X, state, Wx, Wy, b] = [`X${t}`, before, "Wx", "Wy", "b"].map((id) => sliceOf(this.data, id))
    const factor = scale === 1 ? "" : `${Number(scale.toFixed(2))}·`
    const fromInputs = range(inputs).map((i) => [
      `${factor}${bracketed(X[row * inputs + i], "X")}·${bracketed(Wx[i * neurons + column])}`,
      "input",
      `${names[`X${t}`]}[${row}, ${i}] · Wx[${i}, ${column}]`,
    ])
    const fromState = range(neurons).map((i) => [
      `${bracketed(state[row * neurons + i])}·${bracketed(Wy[i * neurons + column])}`,
      "recurrent",
      `${names[before]}[${row}, ${i}] · Wy[${i}, ${column}]`,
    ])
    const terms = [...fromInputs, ...fromState, [bracketed(b[column]), "bias", `b[${column}]`]]
    const parts = terms.flatMap((term, i) => (i === 0 ? [term] : [[" + "], term]))
    return line([this.net.indexed(cell), "name"], [` = ${open}`], ...parts, [open ? ")" : ""])
  }
}

// One line of text in parts: [text, class, what it is].
function line(...parts) {
  const element = make("p")
  for (const [text, kind, title] of parts) {
    const part = make("span", { ...(kind && { class: kind }), ...(title && { title }) })
    part.textContent = text
    element.append(part)
  }
  return element
}

// A number inside a formula, in brackets where it is negative.
function bracketed(value, id) {
  return value < 0 ? `(${written(value, id)})` : written(value, id)
}

// The final values of a tensor.
function sliceOf(data, id) {
  const [, name, t] = /^([A-Za-z]+?)(\d+)?$/.exec(id)
  const all = data.tensors[name]
  if (t === undefined) return all
  const size = all.length / data.n_steps
  return all.subarray(t * size, (Number(t) + 1) * size)
}

// What Python calls a number that can be typed; null where it is computed.
function address({ tensor, row, column }) {
  const { id, t } = tensor
  if (id[0] === "X") return { name: "X", index: [t, row, column] }
  if (id === "b") return { name: "b", index: [column] }
  if (["Wx", "Wy", "hx"].includes(id)) return { name: id, index: [row, column] }
  return null
}

// Whether a number is one that another was computed from directly.
function feeds(source, cell) {
  const [from, to] = [source.tensor, cell.tensor]
  if (to.id[0] !== "z" && to.id[0] !== "Y") return false
  const mine = source.row === cell.row
  if (from.id === `X${to.t}`) return mine
  if (from.id === (to.t === 0 ? "hx" : `Y${to.t - 1}`)) return mine
  if (["Wx", "Wy", "b"].includes(from.id)) return source.column === cell.column
  return from.id === `z${to.t}` && to.id[0] === "Y" && mine && source.column === cell.column
}

// Whether a change of a number can be felt in another one.
function reaches(cell, target) {
  const [from, to] = [cell.tensor, target.tensor]
  if (to.id[0] !== "z" && to.id[0] !== "Y") return false
  if (from.perInstance && cell.row !== target.row) return false
  const column = cell.column === target.column
  if (!from.perInstance) return column || to.t > 0
  if (from.id === "hx") return true
  if (from.id[0] === "X") return to.t >= from.t
  if (to.t > from.t) return true
  return from.id[0] === "z" && to.id === `Y${from.t}` && column
}

const ROUNDING = 1e-6 // of 1, or of the largest number of a tensor

// The numbers before, without what rounding makes of them: a stored picture was computed by
// another processor, perhaps, whose last digits differ.
function settled(before, now) {
  const settle = ([name, old]) => {
    const values = now.tensors[name]
    const least = ROUNDING * Math.max(1, ...values.map(Math.abs))
    return [name, old.map((was, i) => (Math.abs(was - values[i]) > least ? was : values[i]))]
  }
  return { ...before, tensors: Object.fromEntries(Object.entries(before.tensors).map(settle)) }
}

// What an edit did, step by step: exactly nothing, too little to be seen, or something.
function story(now, before) {
  const verdicts = range(now.n_steps).map((t) => {
    const [new_, old] = [now, before].map((data) => sliceOf(data, `Y${t}`))
    const seen = new_.filter((value, i) => written(value) !== written(old[i])).length
    const any = new_.some((value, i) => value !== old[i])
    if (seen) return `moved in ${seen} of ${new_.length} numbers`
    return any ? "moved by less than 0.0001" : "did not move"
  })
  const sentences = []
  for (let t = 0; t < verdicts.length; ) {
    let last = t
    while (verdicts[last + 1] === verdicts[t]) last++
    const names = last === t ? now.names[`Y${t}`] : `${now.names[`Y${t}`]} to ${now.names[`Y${last}`]}`
    sentences.push(`${names} ${verdicts[t]}.`)
    t = last + 1
  }
  return sentences.join(" ")
}
