// The numbers of an image, row by row.

export const SIDE = 28 // rows, and pixels a row

/**
 * The pixels of one image, from 0 for paper to 1 for ink.
 * @param {Uint8Array} images 28 x 28 bytes each
 * @param {number} image index
 * @returns {Float32Array}
 */
export function imagePixels(images, image) {
  const size = SIDE * SIDE
  return Float32Array.from(images.subarray(image * size, (image + 1) * size), (byte) => byte / 255)
}

/**
 * The 28 numbers of one row of an image.
 * @param {Uint8Array} images 28 x 28 bytes each
 * @param {number} image index
 * @param {number} row
 * @returns {Float32Array}
 */
export function rowPixels(images, image, row) {
  return imagePixels(images, image).subarray(row * SIDE, (row + 1) * SIDE)
}

/**
 * A number from 0 to 1 in as few characters as two decimals need.
 * @param {number} value
 * @returns {string}
 */
export function written(value) {
  return value === 0 || value === 1 ? String(value) : value.toFixed(2)
}
