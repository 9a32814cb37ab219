// Whether the visitor is on their way to another page. If the old page reports something after the
// click, Streamlit goes back to it or shows an empty page.

const LEAVING_MS = 3000 // the longest wait for another page

let clickedAt = -Infinity

addEventListener("click", (event) => {
  const link = event.composedPath().find((target) => target instanceof HTMLAnchorElement)
  if (link && link.pathname !== location.pathname) clickedAt = performance.now()
}, { capture: true })

/** @returns {boolean} whether a link to another page was clicked a moment ago */
export const isLeaving = () => performance.now() - clickedAt < LEAVING_MS
