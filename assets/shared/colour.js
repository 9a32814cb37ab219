// Colours: mixed, read as numbers, and the text colour that stands out on them.

/** @typedef {[number, number, number]} Rgb red, green and blue from 0 to 255 */

/** @type {Map<string, Rgb>} */
const known = new Map() // the same few colours are read thousands of times

/**
 * Red, green and blue of a colour.
 * @param {string} hex such as "#fdfdfc"
 * @returns {Rgb}
 */
export function rgb(hex) {
  let channels = known.get(hex)
  if (!channels) {
    const [red, green, blue] = [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16))
    channels = [red, green, blue]
    known.set(hex, channels)
  }
  return channels
}

/**
 * A colour between two others.
 * @param {string} from such as "#fdfdfc"
 * @param {string} to
 * @param {number} fraction 0 for `from`, 1 for `to`; values beyond are clamped
 * @returns {Rgb}
 */
export function mix(from, to, fraction) {
  const [red, green, blue] = rgb(from)
  const [toRed, toGreen, toBlue] = rgb(to)
  const part = Math.min(Math.max(fraction, 0), 1)
  return [
    Math.round(red + (toRed - red) * part),
    Math.round(green + (toGreen - green) * part),
    Math.round(blue + (toBlue - blue) * part),
  ]
}

/**
 * The colour of a signed number: background at 0, the negative or positive colour at the ends.
 * @param {number} fraction of the scale, from -1 to 1
 * @param {{ background: string, negative: string, positive: string }} palette
 * @returns {Rgb}
 */
export function diverging(fraction, palette) {
  const end = fraction < 0 ? palette.negative : palette.positive
  return mix(palette.background, end, Math.abs(fraction))
}

/**
 * Black or white, whichever stands out more on a colour: the contrast is at least 4.5.
 * @param {Rgb} colour
 * @returns {"#000" | "#fff"}
 */
export function textOn(colour) {
  return luminance(colour) > 0.179 ? "#000" : "#fff"
}

/**
 * Relative luminance from 0 to 1, as WCAG 2 defines it.
 * @param {Rgb} colour
 * @returns {number}
 */
export function luminance(colour) {
  const [red, green, blue] = colour.map((channel) =>
    channel <= 10 ? channel / 255 / 12.92 : ((channel / 255 + 0.055) / 1.055) ** 2.4)
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
