// Safari gives no focus to a button or a slider that is clicked: the keys of a picture, which are
// heard where the focus is, would do nothing after Play. What is pressed gets the focus, as in other
// browsers.

const CONTROLS = "button, select, summary, input:is([type=button], [type=checkbox], [type=radio], [type=range])"
const QUIETLY = { preventScroll: true, focusVisible: false }

/** @type {HTMLElement | null} */
let pressed = null

addEventListener("pointerdown", (event) => {
  const target = event.composedPath()[0]
  pressed = target instanceof Element ? target.closest(CONTROLS) : null
}, { capture: true })

// Not before: with the press itself, Safari takes the focus away.
addEventListener("pointerup", () => {
  if (pressed && !pressed.matches(":focus")) pressed.focus(QUIETLY)
  pressed = null
}, { capture: true })
