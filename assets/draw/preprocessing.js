// The preprocessing of a drawing as an animation: it glides from step to step, and the last step
// shows the image itself.

import { rgb } from "../shared/colour.js"
import { mounted } from "../shared/component.js"
import { paintPixels } from "../shared/digit_image.js"
import { find, make } from "../shared/dom.js"
import { bytes } from "../shared/float32.js"
import { Transport } from "../shared/transport.js"
import { stepAt } from "./steps.js"

/** @typedef {import("./steps.js").Step} Step */

/**
 * What `preprocessing_component.py` sends.
 * @typedef {object} Data
 * @property {string} signature the same for the same drawing
 * @property {string} ink one byte a pixel, in base64
 * @property {number} side of `ink`, pixels
 * @property {number} block side of a pixel of `ink`, canvas pixels
 * @property {number[]} image 28 x 28 numbers from 0 to 1
 * @property {[number, number, number, number]} box left, top, right, bottom, canvas pixels
 * @property {[number, number]} mass x and y, canvas pixels
 * @property {Step[]} steps
 * @property {Record<string, string>} palette
 * @property {{ transport: import("../shared/transport.js").TransportText }} text
 */

const FIELD = 28 // image pixels
const FRAMES_PER_STEP = 20
const CROSS = 10 // half its size, pixels on screen

class Animation {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.canvas = find(root, "canvas", HTMLCanvasElement)
    this.caption = find(root, "figcaption")
    this.ink = make("canvas")
    this.image = make("canvas")
    /** @type {Data | undefined} */
    this.data = undefined
    this.transport = new Transport(find(root, ".transport"), {
      framesPerSecond: 20,
      describe: (frame) => this.stepAt(frame).text,
      show: (frame) => this.show(frame),
    })
  }

  /** @param {Data} data */
  update(data) {
    const isNew = data.signature !== this.data?.signature
    this.data = data
    const ink = bytes(data.ink)
    const colour = rgb(data.palette.text)
    paintPixels(this.ink, data.side, data.side, (i) => [...colour, ink[i]])
    paintPixels(this.image, FIELD, FIELD, (i) => [...colour, data.image[i] * 255])
    this.transport.label(data.text.transport)
    if (isNew) this.transport.restart((data.steps.length - 1) * FRAMES_PER_STEP + 1)
    else this.transport.draw(this.transport.frame)
  }

  /**
   * @param {number} frame
   * @returns {Step}
   */
  stepAt(frame) {
    return stepAt(this.data?.steps ?? [], frame / FRAMES_PER_STEP)
  }

  /** @param {number} frame */
  show(frame) {
    const pen = this.canvas.getContext("2d")
    if (!pen || !this.data) return
    const { side, block, palette, box, mass } = this.data
    const step = this.stepAt(frame)
    const { scale, left, top } = step.placement
    const unit = this.canvas.width / FIELD // pixels on screen per image pixel
    /**
     * @param {number} x canvas pixels
     * @param {number} y
     * @returns {[number, number]} pixels on screen
     */
    const place = (x, y) => [(scale * x + left) * unit, (scale * y + top) * unit]
    const width = scale * side * block * unit
    pen.clearRect(0, 0, this.canvas.width, this.canvas.height)
    pen.globalAlpha = 1 - step.image
    pen.imageSmoothingEnabled = true
    pen.drawImage(this.ink, ...place(0, 0), width, width)
    pen.globalAlpha = step.image
    pen.imageSmoothingEnabled = false
    pen.drawImage(this.image, 0, 0, this.canvas.width, this.canvas.height)
    pen.strokeStyle = palette.lead
    pen.lineWidth = 2
    pen.globalAlpha = step.box
    const [x0, y0] = place(box[0], box[1])
    const [x1, y1] = place(box[2], box[3])
    pen.strokeRect(x0, y0, x1 - x0, y1 - y0)
    pen.globalAlpha = step.mass
    drawCross(pen, ...place(...mass))
    this.caption.textContent = step.text
    this.canvas.setAttribute("aria-label", step.text)
  }
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {number} x
 * @param {number} y
 */
function drawCross(pen, x, y) {
  pen.beginPath()
  pen.moveTo(x - CROSS, y)
  pen.lineTo(x + CROSS, y)
  pen.moveTo(x, y - CROSS)
  pen.lineTo(x, y + CROSS)
  pen.stroke()
}

export default mounted(Animation)
