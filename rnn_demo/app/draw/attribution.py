"""The panel Why: erase rows or strokes, show the gradient, change the order, swap the memory."""

import numpy as np
import streamlit as st

from rnn_demo.app.draw import figures, sentences
from rnn_demo.app.draw.canvas import Drawing
from rnn_demo.app.draw.choices import select
from rnn_demo.app.draw.keys import QUESTION
from rnn_demo.app.glossary import show_explained
from rnn_demo.app.presenter import with_large_type
from rnn_demo.app.text import _, n_
from rnn_demo.app.theme import palette
from rnn_demo.data import handwriting, strokes
from rnn_demo.data.preprocess import SIZE
from rnn_demo.nn import attribution
from rnn_demo.nn.models import ImageRNN
from rnn_demo.nn.reading import read

ORDERS = {
    "backwards": range(SIZE - 1, -1, -1),
    "shuffled": np.random.default_rng(0).permutation(SIZE).tolist(),
}
PLAIN = {"displayModeBar": False}
N_SHOWN_STROKES = len(sentences.ORDINALS)
IMAGE_HEIGHT = 150  # pixels


def panel(model: ImageRNN, image: np.ndarray, drawing: Drawing | None) -> None:
    """Let the visitor choose a question, and answer it.

    Args:
        model: the network.
        image: float32 (28, 28), what it reads.
        drawing: what the image was made from, if it was drawn.
    """
    question = select(_("What if ...?"), sentences.QUESTIONS, QUESTION)
    if question == "rows":
        _occlusion(model, image)
    elif question == "pixels":
        _gradient(model, image)
    elif question == "strokes":
        _missing_strokes(model, drawing)
    elif question == "orders":
        _orders(model, image)
    else:
        _swapped_memory(model, image)


def _occlusion(model: ImageRNN, image: np.ndarray) -> None:
    answer = read(model, image).answer
    label = _("**What if some rows were erased?** Number of rows")
    height = st.slider(label, 1, 14, 4, key="draw/attribution/height")
    alt = n_(
        "Probability of {digit} with each single row erased",
        "Probability of {digit} with each band of {n} rows erased",
        height,
    )
    st.plotly_chart(
        with_large_type(
            figures.occlusion(
                attribution.occlusion(model, image, height).numpy(),
                height,
                answer.confidence,
                palette(),
            )
        ),
        config=PLAIN,
        key="draw/attribution/occlusion",
        alt=alt.format(digit=answer.prediction, n=height),
    )


def _gradient(model: ImageRNN, image: np.ndarray) -> None:
    show_explained(
        _(
            "More ink at an orange pixel raises the [[logit]] of the answer, more ink at a blue "
            "pixel lowers it: the [[gradient]] of the logit."
        )
    )
    st.plotly_chart(
        with_large_type(figures.gradient(attribution.gradient(model, image).numpy(), palette())),
        config=PLAIN,
        key="draw/attribution/gradient",
        alt=_("Gradient of the answer's logit for every pixel, and its length for every row"),
    )


def _missing_strokes(model: ImageRNN, drawing: Drawing | None) -> None:
    drawn = drawing.strokes if drawing else []
    if len(drawn) < 2:
        st.info(_("Draw a digit with two strokes or more to leave one out."))
        return
    st.markdown(_("**What if a stroke were missing?** Your drawing without one of its strokes."))
    shown = drawn[:N_SHOWN_STROKES]
    for index, column in enumerate(st.columns(N_SHOWN_STROKES // 2) * 2):
        if index == len(shown):
            break
        with column:
            image = strokes.image(drawn[:index] + drawn[index + 1 :])
            text = sentences.without_stroke(index, read(model, image).answer)
            _image(image, f"draw/attribution/stroke/{index}", text)
            st.markdown(text)
    if len(drawn) > len(shown):
        st.caption(
            _("The first {shown} of {total} strokes.").format(shown=len(shown), total=len(drawn))
        )


def _orders(model: ImageRNN, image: np.ndarray) -> None:
    st.markdown(
        _(
            "**The same rows in another order.** All the ink is there, but the network has "
            "learned the sequence."
        )
    )
    for column, (name, order) in zip(st.columns(2), ORDERS.items(), strict=True):
        with column:
            rows = attribution.reordered(image, order)
            answer = sentences.headline(read(model, rows).answer)
            text = _(sentences.ORDERS[name]).format(answer=answer)
            _image(rows.numpy(), f"draw/attribution/{name}", text)
            st.markdown(text)


def _swapped_memory(model: ImageRNN, image: np.ndarray) -> None:
    donor = st.segmented_control(
        _("**Swap the memory:** read another digit first, then this one"),
        range(10),
        default=5,
        required=True,
        key="draw/attribution/donor",
        wrap=True,
    )
    label = _("Rows from the other digit")
    n_rows = st.slider(label, 1, SIZE, SIZE // 2, key="draw/attribution/rows")
    other = _handwritten(donor)
    answer = attribution.transplant(model, other, image, n_rows).answer
    text = sentences.swapped_memory(donor, n_rows, answer)
    left, right = st.columns(2, vertical_alignment="center")
    with left:
        mixed = np.concatenate([other[:n_rows], image[n_rows:]])
        _image(mixed, "draw/attribution/mixed", text)
    with right:
        st.markdown(text)


def _image(image: np.ndarray, key: str, alt: str) -> None:
    figure = figures.digit(image, palette(), height=IMAGE_HEIGHT)
    st.plotly_chart(figure, config=PLAIN, key=key, alt=alt)


@st.cache_data
def _handwritten(digit: int) -> np.ndarray:
    """A digit in a plain handwriting, float32 (28, 28)."""
    return handwriting.render(handwriting.strokes(digit, np.random.default_rng(digit)), 2.4)
