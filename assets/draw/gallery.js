// Digits to choose from as small images; a longer list has pages.

import { mounted } from "../shared/component.js"
import { paintDigit } from "../shared/digit_image.js"
import { find, iconButton, make, setName, setPressed } from "../shared/dom.js"
import { bytes } from "../shared/float32.js"

const BACK = "M15 5l-7 7 7 7z"
const FORWARD = "M9 5l7 7-7 7z"

/**
 * What `gallery_component.py` sends.
 * @typedef {object} Data
 * @property {string[]} names of the images
 * @property {string} images 28 x 28 bytes each, base64
 * @property {number | null} chosen the position of the chosen image
 * @property {number} columns
 * @property {{ range: string, first: boolean, last: boolean } | null} pages null for one page only
 * @property {{ background: string, text: string }} palette
 * @property {Record<"list" | "previous" | "next", string>} text
 */

class Gallery {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.list = find(root, "ul")
    this.pages = find(root, ".pages")
    this.previous = this.pageButton("previous", BACK, -1)
    this.next = this.pageButton("next", FORWARD, 1)
    this.shown = "" // the images that are painted
    /** @type {import("../shared/component.js").Send} */
    this.send = () => {}
  }

  /**
   * @param {string} name its class
   * @param {string} icon
   * @param {number} by pages
   */
  pageButton(name, icon, by) {
    const button = iconButton(icon, () => this.send("turned", by))
    find(this.pages, `.${name}`).replaceWith(button)
    return button
  }

  /**
   * @param {[Data]} sent
   * @param {import("../shared/component.js").Send} send
   */
  update([{ names, images, chosen, columns, pages, palette, text }], send) {
    this.send = send
    const shown = JSON.stringify([names, images, palette])
    if (shown !== this.shown) {
      this.shown = shown
      this.list.replaceChildren(...newButtons(names, images, palette, (place) => this.send("chosen", place)))
    }
    this.list.setAttribute("aria-label", text.list)
    this.list.style.setProperty("--columns", String(columns))
    this.list.querySelectorAll("button").forEach((button, place) => setPressed(button, place === chosen))
    this.pages.hidden = pages === null
    if (!pages) return
    setName(this.previous, text.previous)
    setName(this.next, text.next)
    this.previous.disabled = pages.first
    this.next.disabled = pages.last
    find(this.pages, ".range").textContent = pages.range
  }
}

/**
 * @param {string[]} names
 * @param {string} images
 * @param {{ background: string, text: string }} palette
 * @param {(place: number) => void} choose
 */
function newButtons(names, images, palette, choose) {
  const pixels = bytes(images)
  return names.map((name, place) => {
    const canvas = make("canvas", { "aria-hidden": "true" })
    paintDigit(canvas, pixels, place, palette)
    const button = make("button", { type: "button" })
    setName(button, name)
    button.addEventListener("click", () => choose(place))
    button.append(canvas)
    const item = make("li")
    item.append(button)
    return item
  })
}

export default mounted(Gallery)
