// The same computation as PyTorch code: the line of the current frame, to copy and to download.

import { copyText } from "../shared/clipboard.js"
import { find, make } from "../shared/dom.js"

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
    copy.addEventListener("click", () => this.data && copyText(this.data.code.source, copy, this.data.text.link_panel))
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

  /** @param {"py" | "ipynb"} ending */
  save(ending) {
    if (!this.data) return
    const { name, source, notebook } = this.data.code
    saveText(`${name}.${ending}`, ending === "py" ? source : notebook)
  }
}

/**
 * Download a text as a file.
 * @param {string} name of the file
 * @param {string} text
 */
export function saveText(name, text) {
  const link = make("a", { download: name, href: URL.createObjectURL(new Blob([text])) })
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 1000)
}
