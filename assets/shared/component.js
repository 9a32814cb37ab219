// What a module exports so that Streamlit mounts it.

/**
 * Sends a value to the server, which reruns the page.
 * @callback Send
 * @param {string} name of the trigger, as in `on_<name>_change`
 * @param {unknown} value
 * @returns {void}
 */

/**
 * What Streamlit hands to a component.
 * @typedef {object} Arguments
 * @property {any} data from the server
 * @property {HTMLElement} parentElement holds the component's HTML
 * @property {Send} setTriggerValue
 */

/**
 * One instance of a component on the page.
 * @typedef {object} Part
 * @property {(data: any, send: Send) => void} update takes what the server sent
 * @property {{ pause: () => void }} [transport]
 */

/** @type {(() => void)[]} what was to be sent while there was no connection */
const held = []

/**
 * Send a value, as soon as there is a connection. Streamlit would drop it until then.
 * @param {() => void} send
 */
function whenConnected(send) {
  const app = document.querySelector("[data-test-connection-state]")
  if (!app || isConnected(app)) return send()
  held.push(send)
  if (held.length > 1) return
  const observer = new MutationObserver(() => {
    if (!isConnected(app)) return
    observer.disconnect()
    for (const each of held.splice(0)) each()
  })
  observer.observe(app, { attributeFilter: ["data-test-connection-state"] })
}

/**
 * @param {Element} app
 * @returns {boolean}
 */
function isConnected(app) {
  return app.getAttribute("data-test-connection-state") === "CONNECTED"
}

/**
 * The default export of a component: it makes one part for each place on the page, and hands it
 * every answer of the server.
 * @param {new (root: HTMLElement) => Part} PartClass
 */
export function mounted(PartClass) {
  /** @type {WeakMap<HTMLElement, Part>} */
  const parts = new WeakMap()
  /** @param {Arguments} arguments_ */
  return ({ data, parentElement, setTriggerValue }) => {
    const part = parts.get(parentElement) ?? new PartClass(parentElement)
    parts.set(parentElement, part)
    part.update(data, (name, value) => whenConnected(() => setTriggerValue(name, value)))
    return () => part.transport?.pause()
  }
}
