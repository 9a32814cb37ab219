"""Draw and read: draw a digit, and watch the network read it row by row."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
from streamlit_drawable_canvas import st_canvas

from rnn_demo.components.reader import reader
from rnn_demo.components.visitor import visitor
from rnn_demo.digits import ink, synthetic
from rnn_demo.models import ImageRNN
from rnn_demo.networks import Network, networks
from rnn_demo.reading import read
from rnn_demo.training import checkpoint
from rnn_demo.widgets import palette, told_in_a_sentence

SIDE = 280  # pixels of the canvas
PEN = 20  # pixels
INK = "#ea580c"  # stands out on light and dark alike, so that a change of theme keeps the drawing


def controls() -> ImageRNN:
    """Clear, undo, pen, and the network that reads: a shipped one or one of the visitor's own."""
    with st.container(horizontal=True):
        st.button("Clear", icon=":material/delete:", on_click=clear)
        st.button("Undo stroke", icon=":material/undo:", on_click=undo, disabled=not history())
        with st.popover("Pen and network", icon=":material/tune:"):
            st.slider("Pen width, pixels", 8, 40, PEN, key="draw/pen", persist_state="session")
            return choose_network()


def choose_network() -> ImageRNN:
    """A shipped network or one of the visitor's own."""
    found = {network.key: network for network in networks(visitor())}
    if st.session_state.get("draw/network") not in found:
        st.session_state["draw/network"] = next(iter(found))
    key = st.selectbox(
        "Network that reads",
        found,
        format_func=lambda key: found[key].title,
        key="draw/network",
        persist_state="session",
    )
    with told_in_a_sentence():
        return load(found[key], found[key].weights.stat().st_mtime_ns)


@st.cache_resource(max_entries=16, show_spinner=False)
def load(network: Network, _version: int) -> ImageRNN:
    """A network from disk, once for each version of it."""
    return checkpoint.load(network.weights)[0]


@dataclass(frozen=True)
class Drawing:
    """The canvas after a stroke.

    Attributes:
        strokes: as the canvas describes them.
        image: what the network gets of them, float (28, 28).
    """

    strokes: dict[str, Any]
    image: np.ndarray


def history() -> list[Drawing]:
    """The visitor's drawing, stroke by stroke; it outlives a switch of pages."""
    drawings: list[Drawing] = st.session_state.setdefault("draw/history", [])
    return drawings


def canvas() -> np.ndarray | None:
    """What the network gets of the drawing, (28, 28); None before the first stroke."""
    version = st.session_state.setdefault("draw/version", 0)
    key = f"draw/canvas/{version}"
    if key not in st.session_state:
        # Freshly on screen: begin from the last drawing, and hold that still. The canvas
        # sends no image of what it began with.
        st.session_state["draw/base"] = history()[-1].strokes if history() else None
    result = st_canvas(
        stroke_width=st.session_state.get("draw/pen", PEN),
        stroke_color=INK,
        width=SIDE,
        height=SIDE,
        initial_drawing=st.session_state["draw/base"],
        return_image_data=True,
        key=key,
    )
    if result.image_data is not None:
        remember(result.json_data, result.image_data)
    if not history():
        st.caption("**Draw a digit here**, large. Until then an example is being read.")
    return history()[-1].image if history() else None


def remember(strokes: dict[str, Any], rgba: np.ndarray) -> None:
    """Add what the canvas sent to the history, if it is new."""
    if not strokes["objects"]:
        history().clear()
    elif not history() or history()[-1].strokes != strokes:
        history().append(Drawing(strokes, ink.to_mnist(rgba)))


def clear() -> None:
    """An empty canvas; only a new key makes it forget its strokes."""
    history().clear()
    st.session_state["draw/version"] += 1


def undo() -> None:
    """The drawing without its last stroke."""
    history().pop()
    st.session_state["draw/version"] += 1


@st.cache_data
def example() -> np.ndarray:
    """A digit to look at until the visitor draws one."""
    rng = np.random.default_rng(3)
    return synthetic.render(synthetic.strokes(3, rng), 2.4)


@st.fragment
def room() -> None:
    """Canvas and reading; only this is run again after a stroke."""
    left, right = st.columns([27, 73], gap="medium")
    with left, told_in_a_sentence():
        drawing = canvas()
        model = controls()
    with right, told_in_a_sentence():
        image = example() if drawing is None else drawing
        reader(image, read(model, image), palette(), key="draw/reader")


room()
