"""Scripts that are imported twice: https://bugs.webkit.org/show_bug.cgi?id=242740."""

from tests.browser.firefox_webkit.tab import Tab
from tests.browser.firefox_webkit.test_journey import go

# The scripts that Streamlit makes modules of.
RECORD = """(() => {
  window.scripts = []
  window.addressOf = URL.createObjectURL.bind(URL)
  URL.createObjectURL = (blob) => {
    window.scripts.push(blob)
    return window.addressOf(blob)
  }
})()"""
# As Streamlit does when a component's data change while its script is being loaded.
IMPORT_TWICE = """Promise.all(window.scripts.map((blob) => {
  const address = window.addressOf(blob)
  const imports = [import(address), import(address)]
  return Promise.all(imports.map(async (each) => typeof (await each).default)).catch(String)
}))"""


def test_a_script_that_is_imported_again_while_it_loads_is_complete(webkit_tab: Tab):
    webkit_tab.open("glossary")
    webkit_tab.evaluate(RECORD)
    pages = ("train", "digits", "inside", "")
    for path in pages:
        go(webkit_tab, path)
    imported = webkit_tab.evaluate(IMPORT_TWICE)
    assert len(imported) >= len(pages)
    assert imported == [["function", "function"]] * len(imported)
