"""Firefox as Tor, Mullvad and LibreWolf set it: it hands out noise for the pixels of a canvas."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.firefox_webkit.conftest import NO_EMULATION
from tests.browser.firefox_webkit.tab import FirefoxTab, Tab
from tests.browser.test_journeys import SEVEN

ANSWER = "[data-testid=answer]"
# A black square has two: 0 for its colours, 255 for its alpha.
DIFFERENT_BYTES_OF_A_SQUARE = """(() => {
  const context = document.createElement("canvas").getContext("2d")
  context.fillRect(0, 0, 20, 20)
  return new Set(context.getImageData(0, 0, 20, 20).data).size
})()"""


@pytest.fixture
def resistant_tab(firefox: Browser, server: str) -> Iterator[Tab]:
    """A tab in a second Firefox, with resistance to fingerprinting switched on."""
    resistant = firefox.browser_type.launch(
        channel="moz-firefox",
        executable_path=shutil.which("firefox-esr") or shutil.which("firefox"),
        firefox_user_prefs={"privacy.resistFingerprinting": True},
    )
    yield FirefoxTab(resistant.new_context(base_url=server, **NO_EMULATION).new_page(), server)
    resistant.close()


def test_a_drawing_is_read_without_the_pixels_of_its_canvas(resistant_tab: Tab):
    resistant_tab.open("draw")
    assert resistant_tab.evaluate(DIFFERENT_BYTES_OF_A_SQUARE) > 2
    left, top, _, _ = resistant_tab.place("canvas.upper-canvas")
    resistant_tab.drag([(left + x, top + y) for x, y in SEVEN])
    drawn = resistant_tab.expect(ANSWER, "^7,")
    resistant_tab.wait("location.search.includes('drawing=')")
    resistant_tab.reload()
    resistant_tab.expect(ANSWER, f"^{drawn}$")
