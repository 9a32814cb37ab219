"""The glossary: terms in a sentence, on its page, and that nothing in a text becomes HTML."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from rnn_demo.app.glossary import TERMS, explain, explained_html, terms

APP = Path(__file__).parents[2] / "streamlit_app.py"


class Reader(HTMLParser):
    """Texts by the class or the name of the innermost element, as a browser reads them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: dict[str, list[str]] = {}
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.open.append(dict(attributes).get("class") or tag)

    def handle_endtag(self, _tag):
        self.open.pop()

    def handle_data(self, data):
        self.texts.setdefault(self.open[-1], []).append(data)


def test_a_term_is_followed_by_its_explanation():
    html = explained_html("The [[loss]] of two [[epochs|epoch]].")
    assert re.sub("<[^>]*>", "", html).startswith("The loss of two epochs.")  # it can be found
    read = Reader(html).texts
    assert read["explained"] == ["The ", " of two ", "."]
    assert read["term"] == ["loss", "epochs"]
    assert read["explanation"] == [explain("loss"), explain("epoch")]


@pytest.mark.hostile("HTML in a text with terms")
def test_nothing_in_a_text_becomes_html():
    read = Reader(explained_html("<b>1 & 2</b> [[<i>x</i>|loss]]")).texts
    assert read["explained"] == ["<b>1 & 2</b> "]
    assert read["term"] == ["<i>x</i>"]


def test_an_unknown_term_is_an_error():
    with pytest.raises(KeyError):
        explained_html("[[no such term]]")
    with pytest.raises(KeyError):
        terms("loss", "no such term")


def test_the_page_shows_every_term():
    app = AppTest.from_file(APP, default_timeout=60)
    app.run()
    app.switch_page("rnn_demo/app/glossary/page.py").run()
    shown = Reader("".join(html.proto.body for html in app.get("html"))).texts
    assert shown["dt"] == list(TERMS)
    assert shown["dd"] == list(TERMS.values())


@pytest.mark.parametrize("term", sorted(TERMS))
def test_a_term_has_one_sentence(term):
    """A short one, for a small screen."""
    sentence = TERMS[term]
    assert sentence.endswith(".")
    assert ". " not in sentence
    assert len(sentence) <= 200
