// A link to copy, its QR code, and another one where the link works on this machine only.

import { copyText } from "./clipboard.js"
import { mounted } from "./component.js"
import { find, make } from "./dom.js"

const LOCAL = /^(localhost|127\.[\d.]+|\[::1\])$/

/**
 * What `rnn_demo.app.link_panel.link_text` sends.
 * @typedef {Record<"origin" | "link" | "copy" | "copied" | "copy_selection" | "qr" | "qr_too_long"
 *   | "local" | "local_elsewhere", string>} LinkText
 */

export class LinkPanel {
  /** @param {HTMLElement} element is filled with the panel */
  constructor(element) {
    this.element = element
    element.classList.add("link-panel")
    this.warning = make("p", { role: "note" })
    this.field = make("input", { readonly: "" })
    this.button = make("button", { type: "button" })
    this.code = make("img")
    this.message = make("p")
    const row = make("div", { class: "row" })
    row.append(this.field, this.button)
    element.replaceChildren(this.warning, row, this.code, this.message)
    this.field.addEventListener("focus", () => this.field.select())
    this.button.addEventListener("click", () => {
      if (this.text) copyText(this.field.value, this.button, this.text, () => this.select())
    })
    this.code.addEventListener("error", () => this.showCode(false))
    this.code.addEventListener("load", () => this.showCode(true))
  }

  /**
   * @param {string} link
   * @param {LinkText} text
   */
  update(link, text) {
    this.text = text
    const { local, shared } = forOthers(link, text.origin)
    this.warning.hidden = !local
    this.warning.textContent = shared === link ? text.local : text.local_elsewhere
    this.field.setAttribute("aria-label", text.link)
    this.field.value = shared
    this.button.textContent = text.copy
    this.code.alt = text.qr
    this.message.textContent = text.qr_too_long
    this.showCode(true)
    this.code.src = new URL(`qr.svg?link=${encodeURIComponent(shared)}`, document.baseURI).href
  }

  select() {
    this.field.focus()
    this.field.select()
  }

  /** @param {boolean} shown */
  showCode(shown) {
    this.code.hidden = !shown
    this.message.hidden = shown
  }
}

/**
 * The link for other devices.
 * @param {string} link
 * @param {string} origin this machine's own address, or ""
 * @returns {{ local: boolean, shared: string }} whether the link works on this machine only
 */
export function forOthers(link, origin) {
  const url = new URL(link)
  if (!LOCAL.test(url.hostname)) return { local: false, shared: link }
  return { local: true, shared: origin ? origin + url.pathname + url.search : link }
}

class LinkComponent {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.panel = new LinkPanel(find(root, ".link-panel"))
  }

  /** @param {[{ link: string, text: LinkText }]} data */
  update([{ link, text }]) {
    this.panel.update(link, text)
  }
}

export default mounted(LinkComponent)
