"""The words of browser parts: what JavaScript and HTML ask for is what Python hands over."""

import re

import pytest

from rnn_demo.app.components import ASSETS, with_imports
from rnn_demo.app.inside import component


def asked_for(page: str) -> set[str]:
    """Names of texts in a page's own modules and its HTML."""
    paths = [path for path in with_imports(f"{page}/{page}.js") if path.startswith(page)]
    script = "\n".join((ASSETS / path).read_text("utf-8") for path in paths)
    html = (ASSETS / page / f"{page}.html").read_text("utf-8")
    names = re.findall(r"\b(?:text|words)\.(?!js\b)(\w+)", script)
    return {*names, *re.findall(r'data-(?:text|label)="(\w+)"', html)}


def test_every_text_that_inside_asks_for_is_handed_over_and_no_other():
    assert asked_for("inside") == set(component.text())


@pytest.mark.parametrize("path", sorted(ASSETS.glob("*/*.html")), ids=lambda path: path.stem)
def test_html_holds_no_sentence(path):
    """File endings and signs are the same in every language."""
    words = re.sub(r"<[^>]*>", " ", path.read_text("utf-8")).split()
    assert [word for word in words if re.search(r"[A-Za-z]", word) and word[0] != "."] == []
    assert not re.search(r'\b(aria-label|title|placeholder|alt)="[^"]', path.read_text("utf-8"))
