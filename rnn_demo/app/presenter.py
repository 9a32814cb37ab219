"""Presenter mode: large type, no menus, the picture steps by remote, `B` covers the answer."""

from typing import TYPE_CHECKING

import streamlit as st

from rnn_demo.app.components import register
from rnn_demo.app.text import _

if TYPE_CHECKING:
    import plotly.graph_objects as go

PARAMETER = "present"
TYPE_PX = 20  # the smallest type in presenter mode, as in `assets/shared/frame.css`
_ON = "presenter/on"

_mount = register("presenter", module="shared/presenter.js")


def receive() -> None:
    """Take presenter mode from the address (`?present`); it lasts until the visitor ends it."""
    if PARAMETER in st.query_params:
        st.session_state[_ON] = True


def presenting() -> bool:
    """Whether this visitor is presenting."""
    return bool(st.session_state.get(_ON))


def with_large_type(figure: "go.Figure") -> "go.Figure":
    """A Plotly figure with the type that presenter mode asks for; else as it is."""
    if presenting():
        size = {"size": TYPE_PX}
        figure.update_layout(margin={"b": 3 * TYPE_PX})
        for update in (figure.update_xaxes, figure.update_yaxes):
            update(tickfont=size, title_font=size)
        figure.update_annotations(font=size)
    return figure


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
