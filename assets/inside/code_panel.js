// The same computation as PyTorch code: the line of the current frame, to copy and to download.

import { copyText } from "../shared/clipboard.js"
import { find, make } from "../shared/dom.js"
import { saveText } from "../shared/download.js"

/** The code beside the network. */
export class CodePanel {
  /** @param {HTMLElement} root of the component */
  constructor(root) {
    this.section = find(root, ".code")
    this.box = find(this.section, "pre")
    /** @type {HTMLElement[]} */
    this.lines = []
    /** @type {HTMLElement | undefined} */
    this.running = undefined
    const copy = find(this.section, ".copy")
    copy.addEventListener("click", () => this.copy(copy))
    find(this.section, ".py").addEventListener("click", () => this.save("py"))
    find(this.section, ".ipynb").addEventListener("click", () => this.save("ipynb"))
  }

  /** @param {import("./cells.js").Payload} data */
  update(data) {
    this.data = data
    this.section.hidden = data.hidden.includes("code")
    this.lines = data.code.source.split("\n").map((text) => {
      const line = make("span")
      line.textContent = `${text}\n`
      return line
    })
    this.box.replaceChildren(...this.lines)
  }

  /**
   * Mark the line that computes a frame; the box scrolls to it, the page does not.
   * @param {number} frame
   */
  markLine(frame) {
    const line = this.data && this.lines[this.data.code.lines[frame]]
    if (!line || line === this.running) return
    this.running?.classList.remove("running")
    line.classList.add("running")
    this.running = line
    this.box.scrollTop = line.offsetTop - this.box.offsetTop - this.box.clientHeight / 2
  }

  /** @param {HTMLElement} button */
  copy(button) {
    if (!this.data) return
    const { code, text } = this.data
    copyText(code.source, button, text.link_panel, () => getSelection()?.selectAllChildren(this.box))
  }

  /** @param {"py" | "ipynb"} ending */
  save(ending) {
    if (!this.data) return
    const { name, source, notebook } = this.data.code
    saveText(`${name}.${ending}`, ending === "py" ? source : notebook)
  }
}
