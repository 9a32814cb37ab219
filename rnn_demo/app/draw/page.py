"""Draw and read: draw a digit, and watch the network read it row by row."""

from pathlib import Path

import numpy as np
import streamlit as st

from rnn_demo.app.draw import attribution, canvas, model_picker, preprocessing, share_link
from rnn_demo.app.draw.canvas import Drawing
from rnn_demo.app.draw.model_picker import Chosen
from rnn_demo.app.draw.reading_component import reader
from rnn_demo.app.errors import escape_markdown, show_errors
from rnn_demo.app.theme import palette
from rnn_demo.data import handwriting, preprocess
from rnn_demo.data.digits import as_float
from rnn_demo.nn.reading import read

LAYOUT = Path(__file__).parents[3] / "assets" / "draw" / "page.css"
MORE = {"why": "Why", "steps": "From drawing to image", "other": "Another network"}
SOURCES = {"drawing": "Draw", "digit": "Test digit", "mistake": "Mistake"}


@st.cache_data
def example() -> np.ndarray:
    """A digit to look at until the visitor draws one."""
    return handwriting.render(handwriting.strokes(3, np.random.default_rng(3)), 2.4)


def drawn() -> tuple[np.ndarray, Drawing | None]:
    """What the network gets, (28, 28), and the drawing it was made of, if there is one."""
    with show_errors():
        drawing = canvas.canvas()
        return (
            (example(), None) if drawing is None else (preprocess.to_mnist(drawing.rgba), drawing)
        )


def picked(kind: str, chosen: Chosen) -> np.ndarray:
    """A test digit, or one that the network gets wrong, (28, 28)."""
    test = chosen.test_digits
    indices = model_picker.mistakes(chosen, test) if kind == "mistake" else np.arange(len(test))
    if not len(indices):
        st.success("This network makes no mistake on the test digits.")
        st.stop()
    label = f"{SOURCES[kind]} (0 to {len(indices) - 1:,})"
    place = st.number_input(label, 0, len(indices) - 1, 0, key=f"draw/{kind}/{len(indices)}")
    index = indices[place]
    name = "MNIST's" if test.source == "mnist" else "synthetic"
    st.caption(f"Number {index:,} of {name} test digits, labelled **{test.labels[index]}**")
    return as_float(test.images[index])


def compare(first: Chosen, image: np.ndarray) -> None:
    """Two networks side by side; on a phone one below the other."""
    second = model_picker.choose("Network beside it", "draw/second", unlike="draw/network")
    pairs = (("draw/reader", first), ("draw/second_reader", second))
    for column, (key, chosen) in zip(st.columns(2, gap="medium"), pairs, strict=True):
        with column:
            st.caption(f"Read by {escape_markdown(chosen.title)}")
            reader(image, read(chosen.model, image), palette(), key=key)


@st.fragment
def room() -> None:
    """Image and reading; only this is run again after a stroke."""
    with st.container(key="room"):
        before = st.container(key="room-input", gap="xsmall")
        reading = st.container(key="room-reading")
        tools = st.container(key="room-tools", gap="xsmall")
    # No `default`: the training hall sets it too, of which Streamlit would complain.
    st.session_state.setdefault("draw/source", "drawing")
    with before:
        kind = st.segmented_control(
            "What to read",
            SOURCES,
            required=True,
            format_func=SOURCES.__getitem__,
            key="draw/source",
            persist_state="session",
            label_visibility="collapsed",
        )
        assert kind is not None  # it is required
    with tools:
        with st.container(horizontal=True, gap="xsmall"):
            with st.popover("Pen and network", icon=":material/tune:"):
                canvas.pen()
                chosen = model_picker.choose("Network that reads", "draw/network")
                model_picker.upload()
            sharing = st.container(width="content")
        st.caption(f"Read by {escape_markdown(chosen.title)}")
    with before:
        image, drawing = drawn() if kind == "drawing" else (picked(kind, chosen), None)
    share_link.receive()
    if kind == "drawing":
        with sharing:
            share_link.panel()
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown("Look closer", width="content")
        more = st.segmented_control(
            "Look closer",
            MORE,
            format_func=MORE.__getitem__,
            key="draw/more",
            persist_state="session",
            label_visibility="collapsed",
            wrap=True,
        )
    with reading, show_errors():
        if more == "other":
            compare(chosen, image)
        else:
            reader(image, read(chosen.model, image), palette(), key="draw/reader")
    if more == "why":
        attribution.panel(chosen.model, image, drawing)
    elif more == "steps":
        preprocessing.panel(chosen.model, drawing)


st.html(LAYOUT)
share_link.receive()
room()
