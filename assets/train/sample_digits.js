// Twelve test digits, what the network takes each for, and how sure it is.

class Dozen {
  constructor(section) {
    this.title = section.querySelector("h3")
    this.list = section.querySelector("ol")
    this.painted = ""
  }

  // Paint the images, unless they are on screen already.
  paint(source, palette) {
    const images = keptImages.get(source)
    const wanted = `${source} ${palette.background}`
    if (!images || wanted === this.painted) return
    this.painted = wanted
    this.labels = images.labels
    this.list.replaceChildren(...Array.from(images.labels, (_, index) => {
      const item = make("li")
      const canvas = make("canvas", { "aria-hidden": "true" })
      paintDigit(canvas, images.images, index, palette)
      const bar = make("span", { class: "track", "aria-hidden": "true" })
      bar.append(make("i"))
      item.append(canvas, make("b"), make("span", { class: "sure" }), bar)
      return item
    }))
  }

  // What a point says of them; undefined while nothing has been read.
  show(point, title) {
    this.title.textContent = title
    const items = [...this.list.children]
    items.forEach((item, index) => this.tell(item, this.labels[index], point, index))
  }

  tell(item, label, point, index) {
    const answer = point?.[ANSWERS]?.[index]
    const sureness = point?.[SURENESS]?.[index] ?? 0
    const wrong = answer !== undefined && answer !== label
    item.classList.toggle("wrong", wrong)
    item.querySelector("b").textContent = answer === undefined ? "?" : wrong ? `✗ ${answer}` : answer
    item.querySelector(".sure").textContent =
      answer === undefined ? "" : `${sureness} %${wrong ? `, is ${label}` : ""}`
    item.querySelector("i").style.width = `${sureness}%`
  }
}
