"""What the network reads: the visitor's drawing, an example, or a test digit."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from rnn_demo.app.draw import canvas, model_picker, sentences
from rnn_demo.app.draw.canvas import Drawing
from rnn_demo.app.draw.model_picker import LoadedModel
from rnn_demo.app.errors import show_errors
from rnn_demo.app.text import _
from rnn_demo.data import handwriting
from rnn_demo.data.digits import as_float
from rnn_demo.data.preprocess import Preprocessing, preprocess


@dataclass(frozen=True)
class Input:
    """What the network reads.

    Attributes:
        image: float32 (28, 28) in [0, 1].
        drawing: what it was made from, if it was drawn.
        preprocessing: the steps from the drawing to the image.
    """

    image: np.ndarray
    drawing: Drawing | None = None
    preprocessing: Preprocessing | None = None


@st.cache_data
def _example() -> np.ndarray:
    """The digit that is read until the visitor draws one, float32 (28, 28)."""
    return handwriting.render(handwriting.strokes(3, np.random.default_rng(3)), 2.4)


def drawn() -> Input:
    """Show the canvas; return its drawing, or the example before the first stroke."""
    with show_errors():
        drawing = canvas.canvas()
        if drawing is None:
            return Input(_example())
        steps = preprocess(drawing.rgba)
        return Input(steps.image, drawing, steps)


def pick_test_digit(kind: str, loaded: LoadedModel) -> Input:
    """Let the visitor pick a test digit, or one of the network's mistakes.

    Args:
        kind: "digit" or "mistake".
        loaded: the network.
    """
    test = loaded.test_digits
    indices = model_picker.mistakes(loaded, test) if kind == "mistake" else np.arange(len(test))
    if not len(indices):
        st.success(_("This network makes no mistake on the test digits."))
        st.stop()
    last = len(indices) - 1
    label = _("Mistake (0 to {last})") if kind == "mistake" else _("Test digit (0 to {last})")
    key = f"draw/{kind}/{len(indices)}"
    place = st.number_input(label.format(last=f"{last:,}"), 0, last, 0, key=key)
    index = int(indices[place])
    st.caption(sentences.digit_caption(index, int(test.labels[index]), test.source))
    return Input(as_float(test.images[index]))
