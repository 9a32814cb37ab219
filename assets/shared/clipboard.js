// Copies text, and says on the button that it did.

const COPIED_MS = 2000
const REFUSED_MS = 8000 // long enough to read what to do, and to do it

/** @type {WeakMap<HTMLElement, { label: string, timer: ReturnType<typeof setTimeout> }>} */
const messages = new WeakMap()

/**
 * Copy a text. Where the browser refuses (in a frame without permission, or without https), the
 * button says so, and the text is selected, to be copied by hand.
 * @param {string} text
 * @param {HTMLElement} button
 * @param {{ copied: string, copy_selection: string }} words
 * @param {() => void} select selects the text on the page
 */
export async function copyText(text, button, words, select) {
  try {
    await navigator.clipboard.writeText(text)
    say(button, words.copied, COPIED_MS)
  } catch {
    select()
    say(button, words.copy_selection, REFUSED_MS)
  }
}

/**
 * Show a message on a button in the place of its label, for a while.
 * @param {HTMLElement} button
 * @param {string} message
 * @param {number} duration milliseconds
 */
function say(button, message, duration) {
  const shown = messages.get(button)
  clearTimeout(shown?.timer)
  const label = shown?.label ?? button.textContent ?? ""
  const timer = setTimeout(() => {
    messages.delete(button)
    button.textContent = label
  }, duration)
  messages.set(button, { label, timer })
  button.textContent = message
}
