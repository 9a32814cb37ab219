"""The page Digits: a picture becomes a sequence, row by row."""

import numpy as np
import streamlit as st
from torch import Tensor

from rnn_demo.app import address, frame
from rnn_demo.app.datasets import origin
from rnn_demo.app.digits import session, tables
from rnn_demo.app.digits.position import BATCH_SIZE, Position
from rnn_demo.app.digits.questions import questions
from rnn_demo.app.digits.sequence_component import show_sequence
from rnn_demo.app.link_panel import show_link
from rnn_demo.app.mnist_download import data_notice
from rnn_demo.app.presenter import presenting
from rnn_demo.app.text import _, n_
from rnn_demo.app.theme import palette
from rnn_demo.data.digits import Digits, Split, as_float
from rnn_demo.messages import N_
from rnn_demo.nn.reading import read
from rnn_demo.training import untrained

SPLITS: dict[Split, str] = {"train": N_("training"), "test": N_("test")}
SOURCES = {"mnist": N_("MNIST"), "synthetic": N_("Synthetic digits"), "other": N_("Other digits")}


# Visitors who look at the same batch share the answers to it.
@st.cache_resource(max_entries=32, show_spinner=False)
def logits_of(images: np.ndarray) -> Tensor:
    """The untrained network's logits of a batch, (n, 10)."""
    return untrained.logits(images)


def show_picture(batch: Digits, position: Position, logits: Tensor) -> None:
    """Show the batch, and its chosen image as a sequence."""
    image = batch.images[position.image]
    probabilities = logits.softmax(dim=1)
    show_sequence(
        batch,
        position,
        session.visit(),
        hidden=read(untrained.network(), as_float(image)).hidden,
        probabilities=probabilities,
        questions=questions(image, untrained.largest_difference(probabilities), len(batch)),
        palette=palette(),
        presenting=presenting(),
        key=session.COMPONENT,
        on_move=session.follow,
    )


def show_choice(position: Position, batch: Digits) -> None:
    """Show the widgets that choose a batch, and the link to what is shown."""
    digits = session.digits_of(position.split)
    n_batches = -(-len(digits) // BATCH_SIZE)
    st.session_state[session.SPLIT] = position.split
    st.session_state[session.BATCH] = position.batch + 1
    with st.container(horizontal=True, vertical_alignment="bottom", key="tools-digits"):
        st.segmented_control(
            _("Images"),
            SPLITS,
            required=True,
            format_func=lambda split: _(SPLITS[split]),
            key=session.SPLIT,
            on_change=session.choose_split,
        )
        st.number_input(
            _("Batch (1 to {last:,})").format(last=n_batches),
            1,
            n_batches,
            key=session.BATCH,
            on_change=session.choose_batch,
            width=180,
        )
        share = st.popover(
            _("Share"), icon=":material/share:", key="digits/share", on_change="rerun"
        )
        if share.open:
            with share:
                show_link(f"?{session.PARAMETER}={position.text}", key="digits/link")
        size = n_(
            "This batch: {n} image of 28 x 28 pixels.",
            "This batch: {n} images of 28 x 28 pixels.",
            len(batch),
        ).format(n=len(batch))
        total = n_("{source}, {n:,} image.", "{source}, {n:,} images.", len(digits))
        st.caption(total.format(source=_(SOURCES[origin(digits)]), n=len(digits)) + " " + size)


def show_numbers(batch: Digits, position: Position, logits: Tensor) -> None:
    """Show all numbers of the chosen image, and of the network's answers, behind two doors."""
    with st.container(key="tools-digits-numbers"):
        pixels = st.expander(_("All 28 rows of 28 numbers"), key="digits/pixels", on_change="rerun")
        if pixels.open:
            image = as_float(batch.images[position.image])
            pixels.html(
                tables.pixel_table(
                    image, _("Each row is one input of the network: 0 for paper, 1 for ink.")
                )
            )
        n = len(batch)
        scores = st.expander(
            n_("All logits: {n} x 10 numbers", "All logits: {n} x 10 numbers", n).format(n=n),
            key="digits/logits",
            on_change="rerun",
        )
        if scores.open:
            scores.html(
                tables.logit_table(
                    logits.numpy(), _("One row for each image, one column for each digit.")
                )
            )


@st.fragment
def page() -> None:
    """Show the picture and what belongs to it; a click reruns only this."""
    position = session.current()
    batch = session.batch_at(position)
    logits = logits_of(np.ascontiguousarray(batch.images))
    show_picture(batch, position, logits)
    show_choice(position, batch)
    show_numbers(batch, position, logits)
    session.remember()


frame.open_page(
    "digits",
    _("From picture to sequence"),
    _(
        "A [[recurrent network]] reads a picture as a [[sequence]]: one row, 28 numbers, at each "
        "[[time step]]."
    ),
)
session.receive()
address.took_over()
page()
data_notice()
frame.lead_on(_("How does it learn to read? Train one."), "train")
