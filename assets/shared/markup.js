// A component with its HTML and its style sheets, which are fetched once, like its code.

import { make } from "./dom.js"

/** @typedef {import("./component.js").Arguments} Arguments */

/**
 * A component that finds its HTML and its styles in place when it is called.
 * @param {(args: Arguments) => unknown} render the default export of the component's module
 * @param {Promise<Response>[]} files its HTML and its style sheets
 * @returns {Promise<(args: Arguments) => unknown>}
 */
export async function withMarkup(render, files) {
  const texts = await Promise.all(files.map(async (file) => read(await file)))
  const markup = texts.filter(({ type }) => type.startsWith("text/html"))
  const rules = texts.filter(({ type }) => type.startsWith("text/css"))
  const style = new CSSStyleSheet()
  style.replaceSync(rules.map(({ text }) => text).join("\n"))
  const html = markup.map(({ text }) => text).join("\n")
  return (args) => {
    const { parentElement } = args
    if (!parentElement.querySelector("[data-markup]")) {
      const root = parentElement.getRootNode()
      if (root instanceof ShadowRoot) root.adoptedStyleSheets = [style]
      const container = make("div", { "data-markup": "" })
      container.innerHTML = html // our own files
      parentElement.querySelector("[data-place]")?.remove() // which was kept free for it
      parentElement.append(container)
    }
    return render(args)
  }
}

/**
 * The content of a file.
 * @param {Response} file
 * @returns {Promise<{ type: string, text: string }>}
 * @throws {Error} the server does not have it
 */
async function read(file) {
  if (!file.ok) throw new Error(`${file.url} cannot be fetched.`)
  return { type: file.headers.get("content-type") ?? "", text: await file.text() }
}
