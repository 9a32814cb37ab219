"""The page Digits: a batch on a grid, one digit as 28 rows of numbers, an untrained network."""

import numpy as np
import streamlit as st

from rnn_demo.app import frame
from rnn_demo.app.datasets import load_digits
from rnn_demo.app.digits import figures
from rnn_demo.app.digits.logits import show_logits
from rnn_demo.app.mnist_download import data_notice
from rnn_demo.app.text import _, language, n_
from rnn_demo.app.theme import palette
from rnn_demo.data import mnist
from rnn_demo.data.digits import Digits, as_float
from rnn_demo.messages import N_

BATCH_SIZE = 64
SPLITS: dict[mnist.Split, str] = {"train": N_("training"), "test": N_("test")}
SOURCES = {"mnist": N_("MNIST"), "synthetic": N_("Synthetic digits")}


def choose_batch() -> tuple[Digits, int]:
    """The widgets that choose a batch; returns its digits and its number from 1."""
    source = data_notice()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        split = st.segmented_control(
            _("Images"),
            SPLITS,
            default="train",
            required=True,
            format_func=lambda split: _(SPLITS[split]),
            key="digits/split",
            persist_state="session",
        )
        digits = load_digits(source, split)
        n_batches = -(-len(digits) // BATCH_SIZE)
        number = st.number_input(
            _("Batch (1 to {last:,})").format(last=n_batches),
            1,
            n_batches,
            1,
            key=f"digits/{split}/batch",
            persist_state="session",
            width=180,
        )
    batch = digits.part((number - 1) * BATCH_SIZE, BATCH_SIZE)
    size = n_(
        "This batch: {n} image of 28 x 28 pixels.",
        "This batch: {n} images of 28 x 28 pixels.",
        len(batch),
    ).format(n=len(batch))
    total = n_("{source}, {n:,} image.", "{source}, {n:,} images.", len(digits))
    with st.container(key="digits-size"):
        st.caption(total.format(source=_(SOURCES[source]), n=len(digits)) + " " + size)
    return batch, number


# A figure or table takes tens of milliseconds to make, and is the same for all visitors who see
# the same digits in the same language.
contact_sheet = st.cache_resource(max_entries=32, show_spinner=False)(figures.contact_sheet)


def show_batch(batch: Digits, number: int) -> int:
    """The batch on a grid; returns the index of the digit that was clicked, at first 0."""
    caption = _("image {n}: {label}")
    captions = [caption.format(n=i, label=label) for i, label in enumerate(batch.labels, start=1)]
    event = st.plotly_chart(
        contact_sheet(np.ascontiguousarray(batch.images), captions, palette()),
        key=f"digits/sheet/{batch.source}/{number}",
        on_select="rerun",
        selection_mode="points",
        config={"displayModeBar": False},
        alt=n_(
            "{n} digit, row by row: {labels}", "{n} digits, row by row: {labels}", len(batch)
        ).format(n=len(batch), labels=", ".join(map(str, batch.labels))),
    )
    points = event.selection.points
    return int(points[0]["customdata"]) if points else 0


@st.fragment
def show_rows(image: np.ndarray, label: int) -> None:
    """One digit with one row framed, and the numbers of that row."""
    row = st.slider(_("Row = time step t"), 0, 27, 13, key="digits/row")
    st.plotly_chart(
        figures.framed_row(image, row, palette()),
        config={"displayModeBar": False},
        alt=_("The digit {label}, with row {row} framed").format(label=label, row=row),
    )
    st.caption(
        _("Row {row} is the network's input at step {row}: 28 numbers, 0 = paper, 1 = ink.").format(
            row=row
        )
    )
    st.code(" ".join(f"{value:.2f}" for value in image[row]), language=None, wrap_lines=True)


@st.cache_data(max_entries=32, show_spinner=False)
def show_table(image: np.ndarray, language: str) -> None:  # noqa: ARG001 (part of the cache key)
    """All pixels of one digit as a table."""
    st.html(figures.pixel_table(image, _("The pixels of the digit")))


@st.fragment
def show_digits(batch: Digits, number: int) -> None:
    """The batch and one of its digits; a click reruns only this part of the page."""
    left, right = st.columns(2, gap="large")
    with left:
        chosen = show_batch(batch, number)
    with right:
        label = int(batch.labels[chosen])
        st.markdown(
            _("**Image {i}** of {n}. Its label: **{label}**. Click another image.").format(
                i=chosen + 1, n=len(batch), label=label
            )
        )
        image = as_float(batch.images[chosen])
        show_rows(image, label)
    with st.expander(_("All 28 rows of 28 numbers"), expanded=True):
        show_table(image, language())


frame.open_page(
    "digits",
    _("From picture to sequence"),
    _("A [[recurrent network]] reads a picture as a [[sequence]]: one row at each [[time step]]."),
)
batch, number = choose_batch()
show_digits(batch, number)
st.subheader(_("Before any training"))
show_logits(np.ascontiguousarray(batch.images), palette(), language())
frame.lead_on(_("How does it learn to read? Train one."), "train")
