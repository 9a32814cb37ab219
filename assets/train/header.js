// The header above the charts: how far the run is, how well it reads, and a note below that.

import { find, setText } from "../shared/dom.js"
import { writeExplained } from "../shared/terms.js"

/** @typedef {import("./types.js").Header} HeaderData */
/** @typedef {import("./types.js").Note} Note */

export class Header {
  /** @param {Element} element */
  constructor(element) {
    this.title = find(element, ".headline b")
    this.text = find(element, ".headline span")
    this.detail = find(element, ".detail")
    this.progress = find(element, ".progress")
    this.bar = find(element, ".progress i")
    this.note = find(element, ".note")
    this.written = "" // what stands there: an explanation that is open stays open
  }

  /**
   * @param {HeaderData} header
   * @param {Note} note
   * @param {Record<string, string>} terms
   */
  show(header, note, terms) {
    setText(this.title, header.title)
    setText(this.detail, header.detail)
    const percent = 100 * header.progress
    this.progress.setAttribute("aria-valuenow", percent.toFixed(0))
    this.bar.style.width = `${percent}%`
    const wanted = JSON.stringify([header.text, note, terms])
    if (wanted === this.written) return
    this.written = wanted
    writeExplained(this.text, header.text, terms)
    writeExplained(this.note, note.text, terms)
    this.note.classList.toggle("urgent", note.urgent)
  }
}
