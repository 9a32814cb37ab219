// Copies text, and says on the button that it did.

const SHOWN_MS = 2000

/**
 * Copy a text; where the browser refuses, the button asks the visitor to do it.
 * @param {string} text
 * @param {HTMLElement} button
 * @param {{ copied: string, select_and_copy: string }} words
 */
export async function copyText(text, button, words) {
  const label = button.dataset.label ?? button.textContent ?? ""
  button.dataset.label = label // of the first click: a second one must not keep "Copied"
  try {
    await navigator.clipboard.writeText(text)
    button.textContent = words.copied
  } catch {
    button.textContent = words.select_and_copy
  }
  setTimeout(() => (button.textContent = label), SHOWN_MS)
}
