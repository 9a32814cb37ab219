"""What every page has around its picture: a title, a claim, and a line that leads on."""

from pathlib import Path

import streamlit as st

from rnn_demo.app import address, presenter, reconnection, running_note
from rnn_demo.app.glossary import show_explained

_SHARED = Path(__file__).parents[2] / "assets" / "shared"
_STYLES = "".join(
    f"<style>{(_SHARED / name).read_text('utf-8')}</style>" for name in ("frame.css", "terms.css")
)


def open_page(name: str, title: str, claim: str = "") -> None:
    """Begin a page: its title, and its claim; to be called first in its script.

    Args:
        name: of the page's folder.
        title: the page's only heading of the first level.
        claim: what the picture below shows, in a plain sentence; see `show_claim`.
    """
    st.html(_STYLES)
    address.visit(name)
    reconnection.run_again()
    with st.container(horizontal=True, vertical_alignment="center", key="frame-title"):
        st.title(title, anchor=False, width="content")
        presenter.toggle()
        running_note.show_running_note(name)
    if claim:
        show_claim(claim)


def show_claim(claim: str) -> None:
    """Show the claim above a picture; "[[hidden state]]" marks a term of the glossary."""
    with st.container(key="frame-claim"):
        show_explained(claim)


def lead_on(sentence: str, page: str) -> None:
    """End a page: a line that leads on to another page, by the name of its folder."""
    with st.container(key="frame-lead-on"):
        st.page_link(
            f"rnn_demo/app/{page}/page.py",
            label=sentence,
            icon=":material/arrow_forward:",
            icon_position="right",
        )
