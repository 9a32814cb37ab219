"""What the visitor chooses on the page Draw: what is read, what is looked at, pen and network."""

import streamlit as st

from rnn_demo.app.draw import canvas, sentences
from rnn_demo.app.draw.keys import NETWORK, PANEL, SOURCE
from rnn_demo.app.startup import heavy_imports
from rnn_demo.app.text import _

_TOOLS = "draw/tools"  # whether the tools are open


def select_source() -> str:
    """Let the visitor choose what is read: "drawing", "digit" or "mistake"."""
    # Without `default`: a link sets the value too, and Streamlit warns about both.
    st.session_state.setdefault(SOURCE, "drawing")
    kind = st.segmented_control(
        _("What to read"),
        sentences.SOURCES,
        required=True,
        format_func=lambda name: _(sentences.SOURCES[name]),
        key=SOURCE,
        persist_state="session",
        label_visibility="collapsed",
    )
    assert kind is not None  # it is required
    return kind


def select_panel() -> str:
    """Let the visitor choose what stands beside the drawing."""
    st.session_state.setdefault(PANEL, "rows")
    panel = st.segmented_control(
        _("What to look at"),
        sentences.PANELS,
        required=True,
        format_func=lambda name: _(sentences.PANELS[name]),
        key=PANEL,
        persist_state="session",
        label_visibility="collapsed",
        wrap=True,
    )
    assert panel is not None  # it is required
    return panel


def show_tools() -> None:
    """The pen and the network; the list of networks needs torch, so the first page has none."""
    tools = st.popover(_("Pen and network"), icon=":material/tune:", key=_TOOLS, on_change="rerun")
    if tools.open or heavy_imports.are_imported():
        from rnn_demo.app.draw import model_picker

        with tools:
            canvas.pen()
            model_picker.choose(_("Network"), NETWORK)
            model_picker.upload()
