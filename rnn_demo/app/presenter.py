"""Presenter mode: large type, no menus, the picture steps by remote, `B` covers the answer."""

import streamlit as st

from rnn_demo.app.components import register
from rnn_demo.app.text import _

PARAMETER = "present"
_ON = "presenter/on"

_mount = register("presenter", module="shared/presenter.js")


def receive() -> None:
    """Take presenter mode from the address (`?present`); it lasts until the visitor ends it."""
    if PARAMETER in st.query_params:
        st.session_state[_ON] = True


def presenting() -> bool:
    """Whether this visitor is presenting."""
    return bool(st.session_state.get(_ON))


def toggle() -> None:
    """Show the button that begins or ends presenter mode, and tell the browser about it."""
    on = presenting()
    st.button(
        _("End") if on else _("Present"),
        icon=":material/close_fullscreen:" if on else ":material/present_to_all:",
        help=None
        if on
        else _(
            "Large type for a projector. The arrow keys, Page Up and Page Down step the picture; "
            "B covers and uncovers the answer."
        ),
        type="tertiary",
        key="presenter/toggle",
        on_click=_flip,
    )
    if on:
        st.query_params[PARAMETER] = "1"  # a switch of pages empties the address
    # In a list: Streamlit searches a dictionary for data frames.
    _mount(key="presenter", data=[on])


def _flip() -> None:
    st.session_state[_ON] = not presenting()
    if PARAMETER in st.query_params:
        del st.query_params[PARAMETER]
