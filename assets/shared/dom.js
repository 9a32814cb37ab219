// Making and finding elements.

/** @typedef {Record<string, string | number | boolean>} Attributes */

/**
 * A new HTML element.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes} attributes
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, attributes = {}) {
  return withAttributes(document.createElement(tag), attributes)
}

/**
 * A new SVG element.
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes} attributes
 * @returns {SVGElementTagNameMap[Tag]}
 */
export function svg(tag, attributes = {}) {
  return withAttributes(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes)
}

/**
 * @template {Element} E
 * @param {E} element
 * @param {Attributes} attributes
 * @returns {E}
 */
function withAttributes(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value))
  return element
}

/**
 * A new button with an icon and no text.
 * @param {string} icon path in a box of 24 by 24
 * @param {() => void} onClick
 * @returns {HTMLButtonElement}
 */
export function iconButton(icon, onClick) {
  const button = make("button", { type: "button" })
  const image = svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" })
  image.append(svg("path", { d: icon }))
  button.append(image)
  button.addEventListener("click", onClick)
  return button
}

/**
 * Name an element for screen readers and in a tooltip.
 * @param {Element} element
 * @param {string} name
 */
export function setName(element, name) {
  element.setAttribute("aria-label", name)
  element.setAttribute("title", name)
}

/** @type {WeakMap<Element, string>} */
const lastTexts = new WeakMap()

/**
 * Write an element's text, unless it was the last one written there. What a browser's translation
 * has put in its place stays then, instead of turning back at every update.
 * @param {Element} element whose text only this function writes
 * @param {string} text
 */
export function setText(element, text) {
  if (lastTexts.get(element) === text) return
  lastTexts.set(element, text)
  element.textContent = text
}

/**
 * Press a toggle button, or release it.
 * @param {Element} button
 * @param {boolean} pressed
 */
export function setPressed(button, pressed) {
  button.setAttribute("aria-pressed", String(pressed))
}

/**
 * Whether a toggle button is pressed.
 * @param {Element} button
 * @returns {boolean}
 */
export function isPressed(button) {
  return button.getAttribute("aria-pressed") === "true"
}

/**
 * The first element that a selector matches.
 * @template {Element} [E=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => E} [kind] its class, HTMLElement unless given
 * @returns {E}
 * @throws {Error} there is none, or it is of another class
 */
export function find(root, selector, kind) {
  const element = root.querySelector(selector)
  if (!(element instanceof (kind ?? HTMLElement))) throw new Error(`No element matches ${selector}`)
  return /** @type {E} */ (element)
}
