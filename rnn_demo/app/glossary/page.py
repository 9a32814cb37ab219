"""The page Glossary: all terms, by group."""

import html

import streamlit as st

from rnn_demo.app import frame
from rnn_demo.app.glossary.terms import GROUPS
from rnn_demo.app.text import _

frame.open_page(
    "glossary",
    _("Glossary"),
    _("Every term of this app in one sentence. On the other pages, point at a term or tap it."),
)
for title, group in GROUPS:
    st.header(_(title), anchor=False)
    entries = (
        f"<dt>{html.escape(_(name))}</dt><dd>{html.escape(_(sentence))}</dd>"
        for name, sentence in group.items()
    )
    st.html(f'<dl class="glossary">{"".join(entries)}</dl>')
frame.lead_on(_("Watch a network read a digit, row by row: draw one."), "draw")
