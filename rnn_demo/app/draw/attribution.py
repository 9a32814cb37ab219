"""Why this answer: wipe rows or strokes, follow the gradient, change the order, swap memories."""

import numpy as np
import streamlit as st

from rnn_demo.app import images as pictures
from rnn_demo.app.draw import attribution_figures as figures
from rnn_demo.app.draw.canvas import Drawing
from rnn_demo.app.theme import palette
from rnn_demo.data import handwriting, strokes
from rnn_demo.data.strokes import Stroke
from rnn_demo.nn import attribution
from rnn_demo.nn.models import ImageRNN
from rnn_demo.nn.reading import read

ORDERS = {
    "backwards": range(27, -1, -1),
    "shuffled": np.random.default_rng(0).permutation(28).tolist(),
}
PLAIN = {"displayModeBar": False}
MOST_STROKES = 6  # that are shown missing


def panel(model: ImageRNN, image: np.ndarray, drawing: Drawing | None) -> None:
    """All of them, for the image that is being read and the drawing it was made of, if any."""
    wiped, slope = st.columns(2, gap="large")
    with wiped:
        _occlusion(model, image)
    with slope:
        st.markdown(
            "**Which pixels and rows push the answer?** Gradient of its logit: orange ink speaks "
            "for it, blue ink against it."
        )
        st.plotly_chart(
            figures.gradient(attribution.gradient(model, image).numpy(), palette()),
            config=PLAIN,
            alt="Gradient of the winning logit on every pixel, and its length on every row",
        )
    if drawing is not None and len(drawing.strokes) > 1:
        _missing_strokes(model, drawing.strokes)
    order, memory = st.columns(2, gap="large")
    with order:
        _orders(model, image)
    with memory:
        _transplant(model, image)


def _occlusion(model: ImageRNN, image: np.ndarray) -> None:
    height = st.slider("**What if rows were wiped?** Rows at a time", 1, 14, 4, key="why/height")
    reading = read(model, image)
    st.plotly_chart(
        figures.occlusion(
            attribution.occlusion(model, image, height).numpy(),
            height,
            float(reading.probabilities[-1].max()),
            palette(),
        ),
        config=PLAIN,
        alt=f"Probability of {reading.prediction} with each band of {height} rows wiped",
    )


def _missing_strokes(model: ImageRNN, drawn: list[Stroke]) -> None:
    st.markdown("**What if a stroke were missing?** The drawing without each of its strokes.")
    shown = drawn[:MOST_STROKES]
    for index, column in enumerate(st.columns(MOST_STROKES)[: len(shown)]):
        with column:
            image = strokes.image(drawn[:index] + drawn[index + 1 :])
            st.plotly_chart(
                pictures.digit(image, palette(), height=150),
                config=PLAIN,
                key=f"why/stroke/{index}",
                alt=f"The drawing without stroke {index}",
            )
            st.markdown(f"Without stroke {index}: {read(model, image).answer}")
    if len(drawn) > len(shown):
        st.caption(f"The first {len(shown)} of {len(drawn)} strokes.")


def _orders(model: ImageRNN, image: np.ndarray) -> None:
    st.markdown(
        "**The same rows in another order.** All the ink is there; what the network "
        "learnt is the sequence."
    )
    for column, (name, order) in zip(st.columns(2), ORDERS.items(), strict=True):
        with column:
            rows = attribution.reordered(image, order)
            st.plotly_chart(
                pictures.digit(rows.numpy(), palette(), height=150),
                config=PLAIN,
                key=f"why/{name}",
                alt=f"The rows {name}",
            )
            st.markdown(f"{name.capitalize()}: {read(model, rows).answer}")


def _transplant(model: ImageRNN, image: np.ndarray) -> None:
    donor = st.segmented_control(
        "**The memory of another digit**, handed over after a row",
        range(10),
        default=5,
        required=True,
        key="why/donor",
        wrap=True,
    )
    row = st.slider("Row of the handover", 0, 27, 13, key="why/row")
    other = _written(donor)
    mixed = np.concatenate([other[: row + 1], image[row + 1 :]])
    picture, words = st.columns(2, vertical_alignment="center")
    with picture:
        st.plotly_chart(
            pictures.digit(mixed, palette(), height=150), config=PLAIN, alt="What was read in all"
        )
    with words:
        answer = attribution.transplant(model, other, image, row).answer
        st.markdown(f"A {donor} down to row {row}, this digit from there on: {answer}")


@st.cache_data
def _written(digit: int) -> np.ndarray:
    """A digit in a plain hand, (28, 28)."""
    return handwriting.render(handwriting.strokes(digit, np.random.default_rng(digit)), 2.4)
