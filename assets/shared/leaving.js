// Whether the visitor is on their way to another page. If the old page reports something after the
// click, Streamlit goes back to it or shows an empty page.
//
// A link to another page counts, and whatever stands in a container whose key begins with "leave-".

const LEAVING_MS = 3000 // the longest wait for another page

let clickedAt = -Infinity

addEventListener("click", (event) => {
  if (event.composedPath().some(leadsAway)) clickedAt = performance.now()
}, { capture: true })

/**
 * @param {EventTarget} target
 * @returns {boolean}
 */
function leadsAway(target) {
  if (target instanceof HTMLAnchorElement) return target.pathname !== location.pathname
  return target instanceof HTMLElement && /(^|\s)st-key-leave-/.test(target.className)
}

/** @returns {boolean} whether the visitor clicked on their way to another page a moment ago */
export const isLeaving = () => performance.now() - clickedAt < LEAVING_MS
