// The steps from a drawing to its image, and everything between two steps.

/**
 * Where the canvas lies in the field, see `Placement` of `rnn_demo.data.preprocess`.
 * @typedef {object} Placement
 * @property {number} scale image pixels per canvas pixel
 * @property {number} left image pixels
 * @property {number} top image pixels
 */

/**
 * One step. Opacities run from 0 to 1.
 * @typedef {object} Step
 * @property {Placement} placement
 * @property {number} box opacity of the box around the ink
 * @property {number} mass opacity of the cross at the centre of mass
 * @property {number} image opacity of the finished image
 * @property {string} text what happens in this step
 */

/**
 * The state of the animation at a moment.
 * @param {readonly Step[]} steps
 * @param {number} at 0 for the first step, 1 for the second, and anything between
 * @returns {Step} with the text of the nearer step
 */
export function stepAt(steps, at) {
  const from = steps[Math.floor(at)]
  const to = steps[Math.ceil(at)]
  const fraction = eased(at % 1)
  /**
   * @param {number} start
   * @param {number} end
   */
  const between = (start, end) => start + (end - start) * fraction
  return {
    placement: {
      scale: between(from.placement.scale, to.placement.scale),
      left: between(from.placement.left, to.placement.left),
      top: between(from.placement.top, to.placement.top),
    },
    box: between(from.box, to.box),
    mass: between(from.mass, to.mass),
    image: between(from.image, to.image),
    text: steps[Math.round(at)].text,
  }
}

/**
 * Slow at both ends: the smoothstep function.
 * @param {number} fraction from 0 to 1
 * @returns {number}
 */
function eased(fraction) {
  return fraction * fraction * (3 - 2 * fraction)
}
