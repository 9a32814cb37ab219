"""What every page has around its picture: a title, a claim, and a line that leads on."""

from collections.abc import Iterable
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page

from rnn_demo.app import address, presenter, reconnection, running_note
from rnn_demo.app.glossary import show_explained
from rnn_demo.app.visitor import meet

_SHARED = Path(__file__).parents[2] / "assets" / "shared"
_STYLES = "".join(
    f"<style>{(_SHARED / name).read_text('utf-8')}</style>" for name in ("frame.css", "terms.css")
)


def open_page(name: str, title: str, claim: str = "") -> None:
    """Begin a page: its title, its claim, and whose it is; to be called first in its script.

    Args:
        name: of the page's folder.
        title: the page's only heading of the first level.
        claim: what the picture below shows, in a plain sentence; see `show_claim`.
    """
    st.html(_STYLES)
    address.visit(name)
    reconnection.run_again()
    row = st.container(horizontal=True, vertical_alignment="center", key="frame-title")
    with row:
        st.title(title, anchor=False, width="content")
        presenter.toggle()
    if claim:
        show_claim(claim)
    meet()
    with row:
        running_note.show_running_note(name)


def show_claim(claim: str) -> None:
    """Show the claim above a picture; "[[hidden state]]" marks a term of the glossary."""
    with st.container(key="frame-claim"):
        show_explained(claim)


def show_ways(pages: Iterable[Page]) -> None:
    """Show links to pages, where there is no navigation."""
    with st.container(horizontal=True, gap="small", key="frame-ways"):
        for page in pages:
            st.page_link(page, width="content")


def lead_on(sentence: str, page: str) -> None:
    """End a page: a line that leads on to another page, by the name of its folder."""
    with st.container(key="frame-lead-on"):
        st.page_link(
            f"rnn_demo/app/{page}/page.py",
            label=sentence,
            icon=":material/arrow_forward:",
            icon_position="right",
        )
