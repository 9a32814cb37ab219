// The frames of the play: which time step and phase a frame is, and what happens in it, in words.

import { fill } from "../shared/text.js"

/** @typedef {import("./cells.js").Payload} Payload */

export const N_PHASES = 5 // of a time step: input, recurrent, bias, activation, passed on

/**
 * The time step of a frame, and which phase of it.
 * @param {number} frame
 * @returns {[t: number, phase: number]}
 */
export function split(frame) {
  return [Math.floor(frame / N_PHASES), frame % N_PHASES]
}

/**
 * How many hidden states a frame shows.
 * @param {number} frame
 * @returns {number}
 */
export function statesUpTo(frame) {
  return Math.floor((frame + 2) / N_PHASES)
}

/**
 * A frame in a few words, for the slider.
 * @param {number} frame
 * @param {Pick<Payload, "text">} data
 * @returns {string}
 */
export function frameName(frame, { text }) {
  const [t, phase] = split(frame)
  const phases = [
    text.input_phase, text.recurrent_phase, text.bias_phase, text.activation_phase, text.passed_on_phase,
  ]
  return fill(text.frame, { t, phase: phases[phase] })
}

/**
 * A frame in a sentence, for the eye.
 * @param {number} frame
 * @param {Pick<Payload, "text" | "names" | "activation" | "n_steps">} data
 * @returns {string}
 */
export function frameSentence(frame, { names, activation, n_steps: steps, text }) {
  const [t, phase] = split(frame)
  const templates = [
    text.input_now,
    text.recurrent_now,
    text.bias_now,
    activation === "none" ? text.no_activation_now : text.activation_now,
    t === steps - 1 ? text.last_now : text.passed_on_now,
  ]
  const happens = fill(templates[phase], {
    activation,
    next: t + 1,
    previous: t === 0 ? names.hx : names[`Y${t - 1}`],
    X: names[`X${t}`],
    Y: names[`Y${t}`],
    z: names[`z${t}`],
  })
  return `t = ${t}   ${happens}`
}
