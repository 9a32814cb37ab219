"""The glossary: each term in one sentence, where it first stands and on a page of its own."""

import html
import re

import streamlit as st

from rnn_demo.app.glossary.terms import GROUPS
from rnn_demo.app.text import _
from rnn_demo.messages import Translatable

TERMS: dict[str, Translatable] = {
    name: sentence for _title, group in GROUPS for name, sentence in group.items()
}
_MARK = re.compile(r"\[\[([^]|]+)(?:\|([^]]+))?]]")


def explain(term: str) -> str:
    """What a term means, in one sentence in the visitor's language.

    Raises:
        KeyError: the glossary does not have it.
    """
    return _(TERMS[term])


def terms(*names: str) -> dict[str, str]:
    """The sentences of some terms, for a component's data; see `assets/shared/terms.js`.

    Raises:
        KeyError: the glossary does not have one of them.
    """
    return {name: explain(name) for name in names}


def show_explained(text: str) -> None:
    """Show a paragraph whose terms are explained on hover, focus and tap.

    Args:
        text: "[[hidden state]]" marks a term of the glossary, "[[hidden states|hidden state]]"
            one that is written otherwise. Nothing in it is HTML or Markdown.

    Raises:
        KeyError: the glossary does not have a marked term.
    """
    st.html(explained_html(text))


def explained_html(text: str) -> str:
    """The paragraph of `show_explained` as HTML; `assets/shared/terms.css` styles it.

    The explanations follow the sentence, so that it can be found, copied and read out whole.
    """
    words: list[str] = []
    explanations: list[str] = []
    end = 0
    for number, mark in enumerate(_MARK.finditer(text)):
        shown, term = mark[1], mark[2] or mark[1]
        name = f"term-{_anchor(term)}-{number}"
        words += [
            html.escape(text[end : mark.start()]),
            f'<dfn class="term" data-term="{number}" tabindex="0" aria-describedby="{name}">'
            f"{html.escape(shown)}</dfn>",
        ]
        explanations.append(
            f'<span class="explanation" data-term="{number}" role="tooltip" id="{name}">'
            f"{html.escape(explain(term))}</span>"
        )
        end = mark.end()
    words.append(html.escape(text[end:]))
    return f'<p class="explained">{"".join(words + explanations)}</p>'


def _anchor(term: str) -> str:
    return re.sub(r"\W+", "-", term.lower())
