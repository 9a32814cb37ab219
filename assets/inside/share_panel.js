// The state as a link and as a file.

import { find } from "../shared/dom.js"
import { saveText } from "../shared/download.js"
import { LinkPanel } from "../shared/link_panel.js"
import { fill } from "../shared/text.js"

/** The link and the file below the network. */
export class SharePanel {
  /**
   * @param {HTMLElement} root of the component
   * @param {() => string} view what is looked at, as text for a link
   */
  constructor(root, view) {
    this.view = view
    this.section = find(root, ".share")
    this.button = find(this.section, ".get-link")
    this.embed = find(this.section, ".embed", HTMLInputElement)
    this.message = find(this.section, ".message")
    this.panel = new LinkPanel(find(this.section, ".link"))
    this.button.addEventListener("click", () => this.open(this.panel.element.hidden))
    this.embed.addEventListener("change", () => this.panel.element.hidden || this.open(true))
    find(this.section, ".file").addEventListener("click", () => this.save())
  }

  /** @param {import("./cells.js").Payload} data */
  update(data) {
    this.data = data
    this.section.hidden = data.hidden.includes("share")
    this.open(false)
  }

  /**
   * Show the link to what is on screen, or say that it is too long; or hide it.
   * @param {boolean} isOpen
   */
  open(isOpen) {
    const { data, panel } = this
    if (!data) return
    const link = isOpen ? this.address(data) : ""
    const fits = link.length <= data.link_limit
    panel.element.hidden = !isOpen || !fits
    this.button.setAttribute("aria-expanded", String(isOpen && fits))
    this.message.textContent = fits ? "" : fill(data.text.link_too_long, { length: link.length })
    if (isOpen && fits) panel.update(link, data.text.link_panel)
  }

  /**
   * The link to what is on screen.
   * @param {import("./cells.js").Payload} data
   * @returns {string}
   */
  address({ query: parameters, hide }) {
    const query = new URLSearchParams({ ...parameters, view: this.view() })
    if (hide.length) query.set("hide", hide.join(","))
    if (this.embed.checked) query.set("embed", "true")
    return `${location.origin}${location.pathname}?${query}`
  }

  save() {
    if (!this.data) return
    saveText("inside.json", JSON.stringify({ ...this.data.state, view: this.view() }, null, 1))
  }
}
