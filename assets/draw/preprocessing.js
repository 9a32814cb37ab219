// A drawing on its way into a 28 x 28 image: from stop to stop it glides, and in the end it is
// the image itself.

const FIELD = 28
const GLIDE = 20 // frames from one stop to the next
const STOPS = [
  { placement: "whole", text: "Your drawing, on the canvas." },
  { placement: "whole", text: "The box around its ink is found.", box: 1 },
  { placement: "boxed", text: "The box is made 20 pixels large and centred.", box: 1 },
  { placement: "centred", text: "The centre of mass, the cross, goes to the middle.", box: 0.3, mass: 1 },
  { placement: "centred", text: "28 x 28 pixels: what the network gets.", image: 1 },
]

class Journey {
  constructor(root) {
    this.canvas = root.querySelector("canvas")
    this.caption = root.querySelector("figcaption")
    this.signature = null
    this.transport = new Transport(root.querySelector(".transport"), {
      framesPerSecond: 20,
      describe: (frame) => STOPS[Math.round(frame / GLIDE)].text,
      show: (frame) => this.show(frame / GLIDE),
    })
  }

  update(data) {
    const isNew = data.signature !== this.signature
    this.signature = data.signature
    this.data = data
    const drawing = bytes(data.drawing)
    this.drawing = picture(data.side, (i) => drawing[i], data.palette.text)
    this.image = picture(FIELD, (i) => data.image[i] * 255, data.palette.text)
    if (isNew) this.transport.restart((STOPS.length - 1) * GLIDE + 1)
    else this.transport.draw(this.transport.frame)
  }

  // at: 0 at the first stop, 1 at the second, and anything between.
  show(at) {
    const from = STOPS[Math.floor(at)]
    const to = STOPS[Math.ceil(at)]
    const share = ease(at % 1)
    const between = (a = 0, b = 0) => a + (b - a) * share
    const { journey, side, every, palette } = this.data
    const [start, end] = [from, to].map((stop) => journey[stop.placement])
    const [scale, left, top] = ["scale", "left", "top"].map((name) => between(start[name], end[name]))
    const unit = this.canvas.width / FIELD // canvas pixels per image pixel
    const pen = this.canvas.getContext("2d")
    const place = (x, y) => [(scale * x + left) * unit, (scale * y + top) * unit]
    const width = scale * side * every * unit
    pen.clearRect(0, 0, this.canvas.width, this.canvas.height)
    pen.globalAlpha = 1 - between(from.image, to.image)
    pen.imageSmoothingEnabled = true
    pen.drawImage(this.drawing, ...place(0, 0), width, width)
    pen.globalAlpha = between(from.image, to.image)
    pen.imageSmoothingEnabled = false
    pen.drawImage(this.image, 0, 0, this.canvas.width, this.canvas.height)
    pen.globalAlpha = between(from.box, to.box)
    pen.strokeStyle = palette.lead
    pen.lineWidth = 2
    const [x0, y0, x1, y1] = [...place(...journey.box.slice(0, 2)), ...place(...journey.box.slice(2))]
    pen.strokeRect(x0, y0, x1 - x0, y1 - y0)
    pen.globalAlpha = between(from.mass, to.mass)
    this.cross(pen, ...place(...journey.mass))
    this.caption.textContent = STOPS[Math.round(at)].text
    this.canvas.setAttribute("aria-label", this.caption.textContent)
  }

  cross(pen, x, y) {
    pen.beginPath()
    pen.moveTo(x - 10, y)
    pen.lineTo(x + 10, y)
    pen.moveTo(x, y - 10)
    pen.lineTo(x, y + 10)
    pen.stroke()
  }
}

function ease(share) {
  return share * share * (3 - 2 * share)
}

// A square picture in one colour; alpha(i): how much of it lies on a pixel, 0 to 255.
function picture(side, alpha, colour) {
  const canvas = make("canvas", { width: side, height: side })
  const pen = canvas.getContext("2d")
  const pixels = pen.createImageData(side, side)
  const rgb = [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16))
  for (let i = 0; i < side * side; i++) pixels.data.set([...rgb, alpha(i)], i * 4)
  pen.putImageData(pixels, 0, 0)
  return canvas
}

export default mounted(Journey)
