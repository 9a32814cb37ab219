"""The page Digits: a picture becomes a sequence, row by row."""

import numpy as np
import streamlit as st
from torch import Tensor

from rnn_demo.app import address, frame
from rnn_demo.app.datasets import load_digits
from rnn_demo.app.digits import tables
from rnn_demo.app.digits.position import BATCH_SIZE, Position, parsed
from rnn_demo.app.digits.questions import questions
from rnn_demo.app.digits.sequence_component import place, show_sequence
from rnn_demo.app.link_panel import show_link
from rnn_demo.app.mnist_download import data_notice
from rnn_demo.app.presenter import presenting
from rnn_demo.app.text import _, n_
from rnn_demo.app.theme import palette
from rnn_demo.data import mnist, source
from rnn_demo.data.digits import Digits, as_float
from rnn_demo.messages import N_
from rnn_demo.nn.reading import read
from rnn_demo.training import untrained

SPLITS: dict[mnist.Split, str] = {"train": N_("training"), "test": N_("test")}
SOURCES = {"mnist": N_("MNIST"), "synthetic": N_("Synthetic digits")}
PARAMETER = "image"  # of the address
COMPONENT, SPLIT, BATCH = "digits/sequence", "digits/split", "digits/batch"
POSITION, VISIT = "digits/position", "digits/visit"  # in the session


def current() -> Position:
    """What the page shows."""
    position = st.session_state.setdefault(POSITION, Position())
    assert isinstance(position, Position)
    return position


def show(position: Position) -> None:
    """Show a position, and let the browser begin there."""
    st.session_state[POSITION] = position
    st.session_state[VISIT] = st.session_state.get(VISIT, 0) + 1


def receive() -> None:
    """Go where the address leads: by a link, a reload, Back or Forward."""
    text = address.received(PARAMETER)
    if text is None:
        return
    position = parsed(text) if text else Position()
    if position is None or not exists(position):
        st.warning(_("This link leads to no image, so here is the first one."))
        position = Position()
    show(position)


def digits_of(split: mnist.Split) -> Digits:
    """All images of a split."""
    return load_digits(source.available(), split)


def batch_at(position: Position) -> Digits:
    """The batch of a position; empty if there is none."""
    return digits_of(position.split).part(position.batch * BATCH_SIZE, BATCH_SIZE)


def exists(position: Position) -> bool:
    """Whether there is such an image."""
    return position.image < len(batch_at(position))


def follow() -> None:
    """Take over where the visitor has moved in the picture."""
    moved = current().moved(place(COMPONENT))
    if exists(moved):
        st.session_state[POSITION] = moved


def choose_split() -> None:
    """Take over the chosen split."""
    show(Position(split=st.session_state[SPLIT]))


def choose_batch() -> None:
    """Take over the chosen batch."""
    show(Position(split=current().split, batch=st.session_state[BATCH] - 1))


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
        st.session_state.get(VISIT, 0),
        hidden=read(untrained.network(), as_float(image)).hidden,
        probabilities=probabilities,
        questions=questions(image, untrained.largest_difference(probabilities), len(batch)),
        palette=palette(),
        presenting=presenting(),
        key=COMPONENT,
        on_move=follow,
    )


def show_choice(position: Position, batch: Digits) -> None:
    """Show the widgets that choose a batch, and the link to what is shown."""
    digits = digits_of(position.split)
    n_batches = -(-len(digits) // BATCH_SIZE)
    st.session_state[SPLIT], st.session_state[BATCH] = position.split, position.batch + 1
    with st.container(horizontal=True, vertical_alignment="bottom", key="tools-digits"):
        st.segmented_control(
            _("Images"),
            SPLITS,
            required=True,
            format_func=lambda split: _(SPLITS[split]),
            key=SPLIT,
            on_change=choose_split,
        )
        st.number_input(
            _("Batch (1 to {last:,})").format(last=n_batches),
            1,
            n_batches,
            key=BATCH,
            on_change=choose_batch,
            width=180,
        )
        share = st.popover(
            _("Share"), icon=":material/share:", key="digits/share", on_change="rerun"
        )
        if share.open:
            with share:
                show_link(f"?{PARAMETER}={position.text}", key="digits/link")
        size = n_(
            "This batch: {n} image of 28 x 28 pixels.",
            "This batch: {n} images of 28 x 28 pixels.",
            len(batch),
        ).format(n=len(batch))
        total = n_("{source}, {n:,} image.", "{source}, {n:,} images.", len(digits))
        st.caption(total.format(source=_(SOURCES[digits.source]), n=len(digits)) + " " + size)


def show_numbers(batch: Digits, position: Position, logits: Tensor) -> None:
    """Show all numbers of the chosen image, and of the network's answers, behind two doors."""
    with st.container(key="tools-digits-numbers"):
        pixels = st.expander(_("All 28 rows of 28 numbers"), key="digits/pixels", on_change="rerun")
        if pixels.open:
            image = as_float(batch.images[position.image])
            pixels.html(tables.pixel_table(image, _("The pixels of the image")))
        n = len(batch)
        scores = st.expander(
            n_("All logits: {n} x 10 numbers", "All logits: {n} x 10 numbers", n).format(n=n),
            key="digits/logits",
            on_change="rerun",
        )
        if scores.open:
            scores.html(tables.logit_table(logits.numpy(), _("The logits as a table")))


@st.fragment
def page() -> None:
    """Show the picture and what belongs to it; a click reruns only this."""
    position = current()
    batch = batch_at(position)
    logits = logits_of(np.ascontiguousarray(batch.images))
    show_picture(batch, position, logits)
    show_choice(position, batch)
    show_numbers(batch, position, logits)
    address.write(PARAMETER, None if position == Position() else position.text)


frame.open_page(
    "digits",
    _("From picture to sequence"),
    _(
        "A [[recurrent network]] reads a picture as a [[sequence]]: one row, 28 numbers, at each "
        "[[time step]]."
    ),
)
receive()
page()
data_notice()
frame.lead_on(_("How does it learn to read? Train one."), "train")
