"""Every sentence a visitor reads, in their language.

Texts are English in the code, marked with `_`, `n_` or `N_`; gettext looks them up in
`assets/locale`. The language belongs to the visitor's session, never to the process.
"""

import gettext
from functools import cache
from pathlib import Path

import streamlit as st

from rnn_demo.messages import ENGLISH, Message, Plural, Translatable

DOMAIN = "rnn_demo"
LOCALES = Path(__file__).parents[3] / "assets" / "locale"
_LANGUAGE = "text/language"  # of the visitor, in their session


def language() -> str:
    """The visitor's language, such as "en"."""
    return str(st.session_state.get(_LANGUAGE, "en"))


def _(text: str) -> str:
    """A text in the visitor's language."""
    return _catalogue(language()).gettext(text) if text else ""


def n_(one: str, many: str, n: int) -> str:
    """A text in the visitor's language and in the form that `n` takes there; fill in {n}."""
    return _catalogue(language()).ngettext(one, many, n)


def sentence(message: Message) -> str:
    """A message of the core in the visitor's language."""
    text = ENGLISH[message.code]
    values = message.values
    worded = n_(text.one, text.many, values["n"]) if isinstance(text, Plural) else _(text)
    return worded.format(**{name: _worded(value) for name, value in values.items()})


def _worded(value: object) -> object:
    if isinstance(value, Message):
        return sentence(value)
    return _(value) if isinstance(value, Translatable) else value


@cache
def _catalogue(name: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, LOCALES, [name], fallback=True)
