"""What the visitor chooses on the page Draw: what is read, what is looked at, pen and network."""

from collections.abc import Mapping

import streamlit as st

from rnn_demo.app.draw import canvas, sentences
from rnn_demo.app.draw.keys import NETWORK, PANEL, SOURCE
from rnn_demo.app.startup import heavy_imports
from rnn_demo.app.text import _
from rnn_demo.messages import Translatable

_TOOLS = "draw/tools"  # whether the tools are open


def select_source() -> str:
    """Let the visitor choose what is read: "drawing", "digit" or "mistake"."""
    return select(_("What to read"), sentences.SOURCES, SOURCE)


def select_panel() -> str:
    """Let the visitor choose what stands beside the drawing."""
    return select(_("What to look at"), sentences.PANELS, PANEL)


def select(label: str, titles: Mapping[str, Translatable], key: str) -> str:
    """Let the visitor choose one of several names by their titles; at first it is the first one."""
    # Without `default`: a link sets the value too, and Streamlit warns about both.
    st.session_state.setdefault(key, next(iter(titles)))
    chosen = st.segmented_control(
        label,
        titles,
        required=True,
        format_func=lambda name: _(titles[name]),
        key=key,
        persist_state="session",
        label_visibility="collapsed",
        wrap=True,
    )
    assert chosen is not None  # it is required
    return chosen


def show_tools() -> None:
    """The pen and the network; the list of networks needs torch, so the first page has none."""
    tools = st.popover(_("Pen and network"), icon=":material/tune:", key=_TOOLS, on_change="rerun")
    # The container has its height before all of its content: a popover that opens small stays below
    # its button, even where there is room for a few lines only.
    with tools, st.container(key="draw-tools-body"):
        canvas.pen()
        if tools.open or heavy_imports.are_imported():
            from rnn_demo.app.draw import model_picker, upload

            model_picker.choose(_("Network"), NETWORK)
            upload.show()
