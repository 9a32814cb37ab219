"""What a page cannot do in a frame, or without cookies, it can in a tab of its own."""

from urllib.parse import urlencode

import streamlit as st

from rnn_demo.app.text import _


def offer(problem: str, *, key: str) -> None:
    """Say what does not work here, with a link to the same page in a tab of its own.

    Args:
        problem: a sentence.
        key: of this place on the page.
    """
    with st.container(key=key):
        st.info(problem, icon=":material/cookie_off:")
        st.link_button(_("Open in a tab of its own"), _address(), icon=":material/open_in_new:")


def _address() -> str:
    """The page's address with its state, and without `embed`, which hides the navigation."""
    page = (st.context.url or "").partition("?")[0]
    query = urlencode(st.query_params.to_dict())
    return f"{page}?{query}" if query else page
