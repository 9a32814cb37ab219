// The state as a link and as a file.

import { find } from "../shared/dom.js"
import { fill } from "../shared/text.js"
import { copyText, saveText } from "./code_panel.js"

/** The link and the file below the network. */
export class SharePanel {
  /**
   * @param {HTMLElement} root of the component
   * @param {() => string} view what is looked at, as text for a link
   */
  constructor(root, view) {
    this.view = view
    this.section = find(root, ".share")
    this.field = find(this.section, ".address", HTMLInputElement)
    this.embed = find(this.section, ".embed", HTMLInputElement)
    this.message = find(this.section, ".message")
    const button = find(this.section, ".copy-link")
    button.addEventListener("click", () => {
      if (this.data && this.writeAddress(this.data)) copyText(this.field.value, button, this.data.text)
    })
    find(this.section, ".file").addEventListener("click", () => this.save())
    this.field.addEventListener("focus", () => this.field.select())
  }

  /** @param {import("./cells.js").Payload} data */
  update(data) {
    this.data = data
    this.section.hidden = data.hidden.includes("share")
    this.message.textContent = ""
    this.field.hidden = true
  }

  /**
   * The link to what is on screen.
   * @param {import("./cells.js").Payload} data
   * @returns {string}
   */
  address({ token, hide }) {
    const query = new URLSearchParams({ state: token, view: this.view() })
    if (hide.length) query.set("hide", hide.join(","))
    if (this.embed.checked) query.set("embed", "true")
    return `${location.origin}${location.pathname}?${query}`
  }

  /**
   * Show the link, or say that it is too long.
   * @param {import("./cells.js").Payload} data
   * @returns {boolean} whether there is a link
   */
  writeAddress(data) {
    const address = this.address(data)
    const fits = address.length <= data.link_limit
    this.field.hidden = !fits
    this.field.value = address
    const { length } = address
    this.message.textContent = fits ? "" : fill(data.text.link_too_long, { length })
    return fits
  }

  save() {
    if (!this.data) return
    saveText("inside.json", JSON.stringify({ ...this.data.state, view: this.view() }, null, 1))
  }
}
