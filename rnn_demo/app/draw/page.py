"""The page Draw: draw a digit, and watch a network read it row by row."""

from pathlib import Path

import numpy as np
import streamlit as st

from rnn_demo.app import frame
from rnn_demo.app.draw import (
    attribution,
    canvas,
    inputs,
    model_picker,
    preprocessing,
    sentences,
    share_link,
)
from rnn_demo.app.draw.model_picker import LoadedModel
from rnn_demo.app.draw.reading_component import show_reading
from rnn_demo.app.errors import escape_markdown, show_errors
from rnn_demo.app.text import _
from rnn_demo.app.theme import palette
from rnn_demo.nn.reading import Reading, read

LAYOUT = Path(__file__).parents[3] / "assets" / "draw" / "page.css"
NETWORK, SECOND_NETWORK = "draw/network", "draw/second_network"
SOURCE, PANEL = "draw/source", "draw/panel"


def select_source() -> str:
    """Let the visitor choose what is read: "drawing", "digit" or "mistake"."""
    # Without `default`: the page Train sets the value too, and Streamlit warns about both.
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


def select_panel() -> str | None:
    """Let the visitor open one of the panels, or none."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown(_("Look closer"), width="content")
        return st.segmented_control(
            _("Look closer"),
            sentences.PANELS,
            format_func=lambda name: _(sentences.PANELS[name]),
            key=PANEL,
            persist_state="session",
            label_visibility="collapsed",
            wrap=True,
        )


def show_network(loaded: LoadedModel) -> None:
    """Name the network that reads."""
    st.caption(_("Network: {title}").format(title=escape_markdown(loaded.title)))


def compare(first: LoadedModel, reading: Reading, image: np.ndarray) -> None:
    """Show the readings of two networks side by side; on a phone one below the other."""
    second = model_picker.choose(_("Compare with"), SECOND_NETWORK, unlike=NETWORK)
    left, right = st.columns(2, gap="medium")
    with left:
        show_network(first)
        show_reading(image, reading, palette(), key="draw/reading")
    with right:
        show_network(second)
        show_reading(image, read(second.model, image), palette(), key="draw/second_reading")


@st.fragment
def page() -> None:
    """Show input and reading; a stroke reruns only this."""
    with st.container(key="draw-page"):
        input_area = st.container(key="draw-input-area", gap="xsmall")
        reading_area = st.container(key="draw-reading-area")
        tools_area = st.container(key="draw-tools-area", gap="xsmall")
    with input_area:
        kind = select_source()
    with tools_area:
        with st.container(horizontal=True, gap="xsmall"):
            with st.popover(_("Pen and network"), icon=":material/tune:", key="draw/tools"):
                canvas.pen()
                loaded = model_picker.choose(_("Network"), NETWORK)
                model_picker.upload()
            share_area = st.container(width="content")
        show_network(loaded)
    with input_area:
        given = inputs.drawn() if kind == "drawing" else inputs.pick_test_digit(kind, loaded)
    share_link.receive()
    if kind == "drawing":
        with share_area:
            share_link.panel()
    opened = select_panel()
    with reading_area, show_errors():
        reading = read(loaded.model, given.image)
        if opened == "comparison":
            compare(loaded, reading, given.image)
        else:
            show_reading(given.image, reading, palette(), key="draw/reading")
    if opened == "attribution":
        attribution.panel(loaded.model, given.image, reading, given.drawing)
    elif opened == "preprocessing":
        preprocessing.panel(loaded.model, given.preprocessing)


frame.open_page(
    "draw",
    _("Draw a digit"),
    _("A [[recurrent network]] reads a digit one row at a time. Draw one."),
)
st.html(LAYOUT)
share_link.receive()
page()
frame.lead_on(_("How does it do that? Look inside."), "inside")
