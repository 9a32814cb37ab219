// Images of digits, and anything else that is one colour a pixel.

import { mix } from "./colour.js"

const SIDE = 28 // pixels

/**
 * Paint pixels into a canvas, which takes their size.
 * @param {HTMLCanvasElement} canvas
 * @param {number} columns
 * @param {number} rows
 * @param {(index: number) => readonly number[]} colour red, green, blue and perhaps alpha of pixel
 *   `index`, from 0 to 255
 */
export function paintPixels(canvas, columns, rows, colour) {
  canvas.width = columns
  canvas.height = rows
  const context = canvas.getContext("2d")
  if (!context) return
  const pixels = context.createImageData(columns, rows)
  for (let i = 0; i < columns * rows; i++) {
    const [red, green, blue, alpha = 255] = colour(i)
    pixels.data.set([red, green, blue, alpha], i * 4)
  }
  context.putImageData(pixels, 0, 0)
}

/**
 * Paint one of several digits into a canvas, with ink in the colour of text.
 * @param {HTMLCanvasElement} canvas
 * @param {Uint8Array} images 28 x 28 bytes each, 0 for paper to 255 for ink
 * @param {number} index of the digit
 * @param {{ background: string, text: string }} palette
 */
export function paintDigit(canvas, images, index, palette) {
  const first = index * SIDE * SIDE
  paintPixels(canvas, SIDE, SIDE, (i) => mix(palette.background, palette.text, images[first + i] / 255))
}
