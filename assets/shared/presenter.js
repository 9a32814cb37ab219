// Presenter mode in the browser: its keys, and whether the answer is covered.

// These two are needed on every page, as this module is.
import "./focus.js"
import "./translation.js"

/** @typedef {(covered: boolean) => void} CoverListener */
/** @typedef {(by: number) => boolean} StepListener steps a picture; false if it is gone */

/** @type {Set<CoverListener>} */
const coverListeners = new Set()
/** @type {Set<StepListener>} */
const stepListeners = new Set()
let covered = false

/** @type {Record<string, number>} */
const STEPS = { ArrowLeft: -1, ArrowUp: -1, PageUp: -1, ArrowRight: 1, ArrowDown: 1, PageDown: 1 }

/** @returns {boolean} */
export const isPresenting = () => "presenting" in document.documentElement.dataset

/**
 * Call a function when the answer is covered or uncovered, and at once.
 * @param {CoverListener} listener
 * @returns {() => void} ends it
 */
export function onCover(listener) {
  coverListeners.add(listener)
  listener(covered)
  return () => coverListeners.delete(listener)
}

/** Cover the answer, or uncover it. */
export function toggleCover() {
  covered = !covered
  document.documentElement.toggleAttribute("data-covered", covered)
  for (const listener of coverListeners) listener(covered)
}

/**
 * Step a picture by the keys of presenter mode, wherever the focus is, until the picture is gone.
 * @param {StepListener} listener
 */
export function onStep(listener) {
  stepListeners.add(listener)
}

addEventListener("keydown", (event) => {
  if (event.key === "Escape") dismissTerm()
  if (!isPresenting() || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return
  if (event.key.toLowerCase() === "b") toggleCover()
  else if (event.key in STEPS) step(STEPS[event.key])
  else return
  event.preventDefault()
  event.stopPropagation() // the picture's own controls would step it once more
}, { capture: true })

/** @param {number} by */
function step(by) {
  for (const listener of stepListeners) if (!listener(by)) stepListeners.delete(listener)
}

/** Hide the explanation of a term until the pointer or the focus comes back. */
function dismissTerm() {
  for (const term of document.querySelectorAll(".term:hover, .term:focus")) {
    term.classList.add("dismissed")
    for (const end of ["pointerleave", "blur"]) {
      term.addEventListener(end, () => term.classList.remove("dismissed"), { once: true })
    }
  }
}

/**
 * Whether the visitor is typing into a field.
 * @param {Event} event
 * @returns {boolean}
 */
function isTyping(event) {
  const target = event.composedPath()[0]
  if (target instanceof HTMLInputElement) return !["button", "checkbox", "radio", "range"].includes(target.type)
  return target instanceof HTMLTextAreaElement || (target instanceof HTMLElement && target.isContentEditable)
}

/**
 * Switch presenter mode on or off.
 * @param {import("./component.js").Arguments} arguments_ data: whether it is on, in a list
 */
export default function ({ data: [on] }) {
  document.documentElement.toggleAttribute("data-presenting", on)
  if (covered && !on) toggleCover()
}
