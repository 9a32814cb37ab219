// Play, pause, step, scrub and speed for anything that has frames. Shared by the components:
// it is joined in front of their own script.

const SPEEDS = [0.25, 0.5, 1, 2, 4]

// Paths in a box of 24 by 24; fonts differ in which of these signs they have.
const SIGNS = {
  back: "M6 5h2v14H6zM20 5v14L9 12z",
  play: "M7 4v16l13-8z",
  pause: "M6 4h4v16H6zM14 4h4v16h-4z",
  forward: "M4 5v14l11-7zM16 5h2v14h-2z",
}

class Transport {
  // element: where the controls go. describe(frame): the frame in words. show(frame): draws it.
  constructor(element, { framesPerSecond, describe, show }) {
    this.framesPerSecond = framesPerSecond
    this.describe = describe
    this.show = show
    this.count = 1
    this.frame = 0
    this.playing = false
    this.request = 0
    this.build(element)
  }

  build(element) {
    this.back = button("Step back", SIGNS.back, () => this.step(-1))
    this.toggle = button("Play", SIGNS.play, () => this.flip())
    this.forward = button("Step forward", SIGNS.forward, () => this.step(1))
    this.slider = make("input", { type: "range", min: 0, value: 0, "aria-label": "Time" })
    this.slider.addEventListener("input", () => this.go(Number(this.slider.value)))
    this.speed = make("select", { "aria-label": "Speed" })
    for (const speed of SPEEDS) {
      this.speed.append(new Option(`${speed}x`, speed, speed === 1, speed === 1))
    }
    element.replaceChildren(this.back, this.toggle, this.forward, this.slider, this.speed)
    element.addEventListener("keydown", (event) => this.key(event))
  }

  // Clickers of presenters send PageUp and PageDown. The list of speeds keeps its own keys while
  // it has the focus, and a button keeps Space. Home is ours because a slider that already stands
  // at its end tells nobody that it was pressed, and the film would run on.
  key(event) {
    const { key, target } = event
    const steps = { ArrowLeft: -1, ArrowRight: 1, PageUp: -1, PageDown: 1 }
    const ends = { Home: 0, End: this.count - 1 }
    if (key === " " && target === this.slider) this.flip()
    else if (target === this.speed && !key.startsWith("Page")) return
    else if (key in steps) this.step(steps[key])
    else if (key in ends) this.go(ends[key])
    else return
    event.preventDefault()
  }

  // Start over with a number of frames: at the first one, playing, or at the last for those
  // who want no motion.
  restart(count) {
    this.count = count
    this.slider.max = count - 1
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches
    this.draw(still ? count - 1 : 0)
    if (!still) this.play()
  }

  play() {
    cancelAnimationFrame(this.request) // of a film that is still running
    if (this.frame >= this.count - 1) this.draw(0)
    this.setPlaying(true)
    let last = performance.now()
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

  step(by) {
    this.go(this.frame + by)
  }

  go(frame) {
    this.pause()
    this.draw(Math.min(Math.max(frame, 0), this.count - 1))
  }

  draw(frame) {
    this.frame = frame
    this.slider.value = frame
    this.slider.setAttribute("aria-valuetext", this.describe(frame))
    this.show(frame)
  }

  setPlaying(playing) {
    this.playing = playing
    this.toggle.querySelector("path").setAttribute("d", playing ? SIGNS.pause : SIGNS.play)
    this.toggle.setAttribute("aria-label", playing ? "Pause" : "Play")
  }
}

// What a component exports: one part a place on the page, which is told every answer of the
// server and has a transport.
function mounted(Part) {
  const parts = new WeakMap()
  return ({ data, parentElement, setTriggerValue }) => {
    if (!parts.has(parentElement)) parts.set(parentElement, new Part(parentElement))
    const part = parts.get(parentElement)
    part.update(data, setTriggerValue)
    return () => part.transport.pause()
  }
}

function make(tag, attributes = {}) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  return element
}

function svg(tag, attributes = {}) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  return element
}

function button(label, sign, onClick) {
  const element = make("button", { type: "button", "aria-label": label, title: label })
  const picture = svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" })
  picture.append(svg("path", { d: sign }))
  element.append(picture)
  element.addEventListener("click", onClick)
  return element
}
