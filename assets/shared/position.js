// Where the visitor was in an animation: a reload comes back there.

/**
 * Keep a frame for this tab.
 * @param {string} name of the animation
 * @param {string} signature of what it shows
 * @param {number} frame
 */
export function remember(name, signature, frame) {
  try {
    sessionStorage.setItem(key(name), JSON.stringify({ signature, frame }))
  } catch {
    // Storage is blocked or full: a reload then starts over.
  }
}

/**
 * The frame that was kept.
 * @param {string} name of the animation
 * @param {string} signature of what it shows now
 * @returns {number | undefined} undefined if it shows something else
 */
export function recall(name, signature) {
  try {
    const kept = JSON.parse(sessionStorage.getItem(key(name)) ?? "{}")
    return kept.signature === signature && Number.isInteger(kept.frame) ? kept.frame : undefined
  } catch {
    return undefined
  }
}

/** @param {string} name */
const key = (name) => `rnn_demo/position/${name}`
