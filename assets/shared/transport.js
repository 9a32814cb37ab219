// Play, pause, step, scrub and speed for anything that has frames.

import { find, iconButton, make, setName } from "./dom.js"
import { onStep } from "./presenter.js"
import { fill } from "./text.js"

const SPEEDS = [0.25, 0.5, 1, 2, 4]

// Paths instead of characters: fonts differ in which of these symbols they have.
const ICONS = {
  back: "M6 5h2v14H6zM20 5v14L9 12z",
  play: "M7 4v16l13-8z",
  pause: "M6 4h4v16H6zM14 4h4v16h-4z",
  forward: "M4 5v14l11-7zM16 5h2v14h-2z",
}

/**
 * The names of the controls, see `transport_text` of `rnn_demo.app.components`.
 * @typedef {object} TransportText
 * @property {string} back
 * @property {string} play
 * @property {string} pause
 * @property {string} forward
 * @property {string} time of the slider
 * @property {string} speed of the list of speeds
 * @property {string} speed_option template with {factor}
 */

/** The controls of an animation. */
export class Transport {
  /**
   * @param {Element} element where the controls go
   * @param {object} options
   * @param {number} options.framesPerSecond at normal speed
   * @param {(frame: number) => string} options.describe a frame in words
   * @param {(frame: number) => void} options.show draws a frame
   * @param {boolean} [options.main] whether this is the page's picture, which presenter mode steps
   */
  constructor(element, { framesPerSecond, describe, show, main = false }) {
    this.framesPerSecond = framesPerSecond
    this.describe = describe
    this.show = show
    this.count = 1
    this.frame = 0
    this.playing = false
    this.request = 0
    /** @type {TransportText | undefined} */
    this.text = undefined
    this.back = iconButton(ICONS.back, () => this.step(-1))
    this.toggle = iconButton(ICONS.play, () => this.flip())
    this.forward = iconButton(ICONS.forward, () => this.step(1))
    this.slider = make("input", { type: "range", min: 0, value: 0 })
    this.speed = make("select")
    for (const speed of SPEEDS) {
      this.speed.append(new Option("", String(speed), speed === 1, speed === 1))
    }
    this.slider.addEventListener("input", () => this.go(Number(this.slider.value)))
    element.replaceChildren(this.back, this.toggle, this.forward, this.slider, this.speed)
    element.addEventListener("keydown", (event) => this.key(/** @type {KeyboardEvent} */ (event)))
    if (main) onStep((by) => element.isConnected && this.step(by))
  }

  /**
   * Name the controls; to be called before the first frame is shown.
   * @param {TransportText} text
   */
  label(text) {
    this.text = text
    setName(this.back, text.back)
    setName(this.forward, text.forward)
    this.slider.setAttribute("aria-label", text.time)
    this.speed.setAttribute("aria-label", text.speed)
    for (const option of this.speed.options) {
      option.textContent = fill(text.speed_option, { factor: option.value })
    }
    this.setPlaying(this.playing)
  }

  /**
   * Handle a key. Presentation remotes send PageUp and PageDown. The list of speeds keeps its own
   * keys while it has the focus, and a button keeps Space. Home is handled here because a slider
   * that is already at its start fires no input event.
   * @param {KeyboardEvent} event
   */
  key(event) {
    const { key, target } = event
    /** @type {Record<string, number>} */
    const steps = { ArrowLeft: -1, ArrowRight: 1, PageUp: -1, PageDown: 1 }
    /** @type {Record<string, number>} */
    const ends = { Home: 0, End: this.count - 1 }
    if (key === " " && target === this.slider) this.flip()
    else if (target === this.speed && !key.startsWith("Page")) return
    else if (key in steps) this.step(steps[key])
    else if (key in ends) this.go(ends[key])
    else return
    event.preventDefault()
  }

  /**
   * Start over with a number of frames: play from the first one, or show the last one to a
   * visitor who asked for less motion.
   * @param {number} count
   * @param {{ at?: number }} options at: show this frame instead, and do not play
   */
  restart(count, { at } = {}) {
    this.count = count
    this.slider.max = String(count - 1)
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches
    if (at !== undefined) this.go(at)
    else if (still) this.go(count - 1)
    else {
      this.draw(0)
      this.play()
    }
  }

  play() {
    cancelAnimationFrame(this.request) // of an animation that is still running
    if (this.frame >= this.count - 1) this.draw(0)
    this.setPlaying(true)
    let last = performance.now()
    /** @param {number} now */
    const tick = (now) => {
      const wait = 1000 / (this.framesPerSecond * Number(this.speed.value))
      if (now - last >= wait) {
        last = now
        this.draw(this.frame + 1)
      }
      if (this.frame >= this.count - 1) this.setPlaying(false)
      else if (this.playing) this.request = requestAnimationFrame(tick)
    }
    this.request = requestAnimationFrame(tick)
  }

  flip() {
    if (this.playing) this.pause()
    else this.play()
  }

  pause() {
    cancelAnimationFrame(this.request)
    this.setPlaying(false)
  }

  /**
   * @param {number} by frames, negative for back
   * @returns {boolean} true: it is done
   */
  step(by) {
    this.go(this.frame + by)
    return true
  }

  /**
   * Pause and show a frame.
   * @param {number} frame
   */
  go(frame) {
    this.pause()
    this.draw(Math.min(Math.max(frame, 0), this.count - 1))
  }

  /** @param {number} frame */
  draw(frame) {
    this.frame = frame
    this.slider.value = String(frame)
    this.slider.setAttribute("aria-valuetext", this.describe(frame))
    this.show(frame)
  }

  /** @param {boolean} playing */
  setPlaying(playing) {
    this.playing = playing
    const icon = find(this.toggle, "path", SVGPathElement)
    icon.setAttribute("d", playing ? ICONS.pause : ICONS.play)
    if (this.text) this.toggle.setAttribute("aria-label", playing ? this.text.pause : this.text.play)
  }
}
