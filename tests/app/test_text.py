"""The language belongs to a visitor's session; gettext's rules choose the form of a plural."""

import gettext
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from streamlit.testing.v1 import AppTest

from rnn_demo.app import text
from rnn_demo.messages import ENGLISH, N_, Message, Plural

FORMS = {
    "de": ("{n} Epoche", "{n} Epochen"),
    "ja": ("{n} エポック",),
    "pl": ("{n} epoka", "{n} epoki", "{n} epok"),
    "ar": tuple(f"{{n}} {form}" for form in ("صفر", "واحد", "اثنان", "قليل", "كثير", "آخر")),
}


@pytest.fixture
def catalogues(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of catalogues, in languages with one to six forms."""
    for language, forms in FORMS.items():
        catalogue = Catalog(language)
        catalogue.add("Clear", f"Clear in {language}")
        catalogue.add(("{n} epoch", "{n} epochs"), forms)
        folder = tmp_path / language / "LC_MESSAGES"
        folder.mkdir(parents=True)
        with (folder / "rnn_demo.mo").open("wb") as file:
            write_mo(file, catalogue)
    monkeypatch.setenv("RNN_DEMO_LOCALE", str(tmp_path))
    look_again()
    yield tmp_path
    monkeypatch.undo()
    look_again()


def look_again() -> None:
    """Look for catalogues when the next text is shown."""
    for cached in (text.languages, text.forms_in, text._catalogue):
        cached.cache_clear()


def app() -> None:
    import streamlit as st

    from rnn_demo.app.text import _, language, n_

    st.text(language())
    st.text(_("Clear"))
    st.text(n_("{n} epoch", "{n} epochs", 3).format(n=3))


def shown(**query: str) -> tuple[AppTest, list[str]]:
    test = AppTest.from_function(app)
    for name, value in query.items():
        test.query_params[name] = value
    test.run()
    assert not test.exception
    return test, [element.value for element in test.text]


def test_texts_are_english_where_no_language_is_chosen():
    assert shown()[1] == ["en", "Clear", "3 epochs"]


def test_the_address_chooses_the_language_and_the_session_keeps_it(catalogues):
    test, texts = shown(lang="pl")
    assert texts == ["pl", "Clear in pl", "3 epoki"]
    del test.query_params["lang"]
    assert test.run().text[0].value == "pl"
    assert shown()[1][0] == "en"  # another visitor


def test_the_language_is_looked_up_once_however_many_texts_there_are(catalogues, monkeypatch):
    """Once for each text would take 5 % of the time of an answer."""
    choices = []
    choose_language = text._choose
    monkeypatch.setattr(text, "_choose", lambda: choices.append(1) or choose_language())
    assert shown(lang="pl")[1] == ["pl", "Clear in pl", "3 epoki"]
    assert len(choices) == 1


@pytest.mark.hostile("an address that somebody has typed")
@pytest.mark.parametrize("language", ["", "xx", "../de", "de/LC_MESSAGES", "d" * 10_000])
def test_a_language_without_a_catalogue_is_not_taken(catalogues, language):
    assert shown(lang=language)[1] == ["en", "Clear", "3 epochs"]


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("de", "de"),
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("fr-FR,fr;q=0.9,pl;q=0.8,de;q=0.7", "pl"),
        ("en-US,en;q=0.9,de;q=0.8", "en"),
        (",;q=,-,_", "en"),
        ("../de", "en"),
    ],
)
def test_the_browser_proposes_languages_in_its_order(catalogues, accepted, language):
    assert text.first_of(accepted) == language


def choose(forms: dict[str, object], n: int) -> object:
    """As JavaScript does it."""
    index, texts = str(forms["index"]), forms["forms"]
    assert isinstance(texts, list)
    k = n if n < 200 else 100 + n % 100
    return texts[int(index[min(k, len(index) - 1)])]


@pytest.mark.parametrize("language", ["en", *FORMS])
def test_javascript_chooses_the_same_form_as_gettext(catalogues, language):
    forms = text.forms_in(language, "{n} epoch", "{n} epochs")
    known = language in FORMS
    rule = gettext.translation("rnn_demo", catalogues, [language] if known else [], fallback=True)
    for n in (*range(500), 1_000, 1_001, 1_002, 60_000, 123_456_711, 123_456_712):
        assert choose(forms, n) == rule.ngettext("{n} epoch", "{n} epochs", n)


def test_a_rule_of_plurals_is_short_where_it_can_be():
    assert text.plural_forms("{n} epoch", "{n} epochs") == {
        "forms": ["{n} epochs", "{n} epoch"],
        "index": "010",
    }


def test_a_message_of_the_core_is_a_sentence(catalogues, monkeypatch):
    monkeypatch.setitem(ENGLISH, "test.epochs", Plural("{n} epoch", "{n} epochs"))
    monkeypatch.setitem(ENGLISH, "test.both", N_("{what}: {length}"))
    message = Message(
        "test.both", {"what": N_("Clear"), "length": Message("test.epochs", {"n": 5})}
    )
    assert text.sentence(message) == "Clear: 5 epochs"
    monkeypatch.setattr(text, "language", lambda: "pl")
    assert text.sentence(message) == "Clear in pl: 5 epok"


def test_an_empty_text_is_empty(catalogues, monkeypatch):
    """gettext has a catalogue's header under the empty text."""
    monkeypatch.setattr(text, "language", lambda: "de")
    assert text._("") == ""
