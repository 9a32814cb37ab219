"""What Firefox and WebKit paint otherwise than Chromium."""

import numpy as np

from tests.browser.test_journeys import IDLE

BORDERS = """all.filter((it) => it.closest(".empty")).map((it) => {
  const { left, top, right, bottom } = it.getBoundingClientRect()
  return [left, top, right, bottom].map(Math.round)
})"""
# Points on the upper edge of the lit arrowhead, from its back to its tip.
EDGE = """[1, 2, 3, 4].map((x) => {
  const length = it.getTotalLength()
  const [end, before] = [length, length - 0.1].map((at) => it.getPointAtLength(at))
  const angle = Math.atan2(end.y - before.y, end.x - before.x)
  const width = parseFloat(getComputedStyle(it).strokeWidth)
  const [dx, dy] = [(x - 5) * width, (0.6 * x + 0.5 - 3) * width]
  const point = new DOMPoint(
    end.x + dx * Math.cos(angle) - dy * Math.sin(angle),
    end.y + dx * Math.sin(angle) + dy * Math.cos(angle),
  ).matrixTransform(it.getScreenCTM())
  return [point.x, point.y].map(Math.floor)
})"""


def test_each_cell_has_four_sides_and_the_arrowhead_is_whole(tab):
    tab.open("inside?card=layer")
    tab.place(".net")  # scrolls it into sight
    tab.click(".transport input")
    tab.press("Home")
    tab.wait(f"document.querySelector({IDLE!r}) !== null")
    borders = tab.ask(BORDERS, ".cell")
    picture = tab.screenshot()
    assert borders
    for left, top, right, bottom in borders:
        x, y = (left + right) // 2, top + 4
        paper = picture[y, x]
        for side in (
            picture[y, left - 1 : left + 2],
            picture[y, right - 1 : right + 2],
            picture[top - 1 : top + 2, x],
            picture[bottom - 1 : bottom + 2, x],
        ):
            assert np.abs(side - paper).sum(axis=-1).max() > 20, (left, top, right, bottom)
    for _ in range(20):  # on a busy machine, WebKit paints a little later
        head = [tab.screenshot()[y, x] for x, y in tab.ask(EDGE, ".wires > path.on")]
        if np.abs(np.diff(head, axis=0)).max() < 20:
            break
    else:
        raise AssertionError(head)
