"""Digits: a batch on a grid, one digit as 28 rows of numbers, and an untrained network's logits."""

import numpy as np
import pandas as pd
import streamlit as st
import torch

from rnn_demo.app import heatmap
from rnn_demo.app import images as pictures
from rnn_demo.app.datasets import load_digits
from rnn_demo.app.mnist_download import data_notice
from rnn_demo.app.theme import Palette, palette
from rnn_demo.data import mnist
from rnn_demo.data.digits import Digits, as_float
from rnn_demo.training.build import build
from rnn_demo.training.recipe import Recipe

BATCH = 64
SPLITS: dict[mnist.Split, str] = {"train": "training", "test": "test"}


def choose_batch() -> tuple[Digits, int]:
    """The digits of one batch, and its number."""
    found = data_notice()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        split = st.segmented_control(
            "Images",
            SPLITS,
            default="train",
            required=True,
            format_func=lambda split: SPLITS[split],
            key="digits/split",
            persist_state="session",
        )
        images = load_digits(found, split)
        n_batches = -(-len(images) // BATCH)
        batch = st.number_input(
            f"Batch (0 to {n_batches - 1:,})",
            0,
            n_batches - 1,
            0,
            key=f"digits/{split}/batch",
            persist_state="session",
            width=180,
        )
    chosen = images.part(batch * BATCH, BATCH)
    kind = "MNIST" if found == "mnist" else "Synthetic"
    st.caption(f"{kind}, {len(images):,} images. This batch: {len(chosen)}, 28 by 28 pixels each.")
    return chosen, batch


# Figures and tables take tens of milliseconds to build and are the same for all who look at the
# digits they show: Streamlit keeps what it once sent.
cached = st.cache_data(max_entries=32, show_spinner=False)
contact_sheet = st.cache_resource(max_entries=32, show_spinner=False)(pictures.contact_sheet)


def show_batch(batch: Digits, number: int) -> int:
    """The batch on a grid; returns the digit that was clicked."""
    event = st.plotly_chart(
        contact_sheet(np.ascontiguousarray(batch.images), batch.labels, palette()),
        key=f"digits/sheet/{batch.source}/{number}",
        on_select="rerun",
        selection_mode="points",
        config={"displayModeBar": False},
        alt=f"{len(batch)} digits in reading order: {', '.join(map(str, batch.labels))}",
    )
    points = event.selection.points
    return int(points[0]["customdata"]) if points else 0


@st.fragment
def show_rows(image: np.ndarray, label: int) -> None:
    """One digit as the network meets it."""
    row = st.slider("Row, which is the time step", 0, 27, 13, key="digits/row")
    st.plotly_chart(
        pictures.rows_of_numbers(image, row, palette()),
        config={"displayModeBar": False},
        alt=f"A {label}, row {row} framed",
    )
    st.caption(f"Row {row}: what the network is given at t = {row}, from 0 for paper to 1 for ink.")
    st.code(" ".join(f"{value:.2f}" for value in image[row]), language=None, wrap_lines=True)


@cached
def show_numbers(image: np.ndarray) -> None:
    """The whole digit as numbers, shaded like the picture."""
    st.html(pictures.table_of_numbers(image))


@cached
def show_logits(images: np.ndarray, palette: Palette) -> None:
    """What an ImageRNN says of a whole batch before any training."""
    with torch.no_grad():
        logits = build(Recipe())(torch.from_numpy(as_float(images))).numpy()
    st.markdown(
        f"A fresh `ImageRNN(64, 28, 28, 150, 10)` has never seen a digit. Its logits for this "
        f"batch, {logits.shape[0]} x {logits.shape[1]}: nearly the same in every row."
    )
    picture, numbers = st.columns(2)
    with picture:
        st.plotly_chart(
            heatmap.signed(logits, palette, row="digit", column="class", limit=None),
            config={"displayModeBar": False},
            alt="Heatmap of the logits, 64 digits by 10 classes",
        )
    with numbers:
        st.dataframe(
            pd.DataFrame(logits, columns=[str(c) for c in range(10)]).round(4),
            alt="The logits as numbers",
        )


@st.fragment
def show_digits(batch: Digits, number: int) -> None:
    """The batch, and the digit that was clicked: a click leaves the rest of the page alone."""
    left, right = st.columns(2, gap="large")
    with left:
        chosen = show_batch(batch, number)
    with right:
        label = int(batch.labels[chosen])
        st.markdown(f"**Digit {chosen}** of the batch, labelled **{label}**. Click another one.")
        image = as_float(batch.images[chosen])
        show_rows(image, label)
    with st.expander("All 28 rows of 28 numbers", expanded=True):
        show_numbers(image)


batch, number = choose_batch()
show_digits(batch, number)
st.subheader("Before any training")
show_logits(np.ascontiguousarray(batch.images), palette())
