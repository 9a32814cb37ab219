"""Where the visitor of the page Digits is: in the session, in the address, in the widgets."""

from collections.abc import Mapping

import streamlit as st

from rnn_demo.app import address
from rnn_demo.app.components import reported
from rnn_demo.app.datasets import load_digits
from rnn_demo.app.digits.position import BATCH_SIZE, Position, parsed
from rnn_demo.app.text import _
from rnn_demo.data import source
from rnn_demo.data.digits import Digits, Split

PARAMETER = "image"  # of the address
COMPONENT, SPLIT, BATCH = "digits/sequence", "digits/split", "digits/batch"  # keys
_POSITION, _VISIT = "digits/position", "digits/visit"


def current() -> Position:
    """What the page shows."""
    position = st.session_state.setdefault(_POSITION, Position())
    assert isinstance(position, Position)
    return position


def visit() -> int:
    """How often the visitor came to a place from elsewhere: by a link or a widget."""
    return int(st.session_state.get(_VISIT, 0))


def show(position: Position) -> None:
    """Show a position, and let the browser begin there."""
    st.session_state[_POSITION] = position
    st.session_state[_VISIT] = visit() + 1


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


def digits_of(split: Split) -> Digits:
    """All images of a split."""
    return load_digits(source.available(), split)


def batch_at(position: Position) -> Digits:
    """The batch of a position; empty if there is none."""
    return digits_of(position.split).part(position.batch * BATCH_SIZE, BATCH_SIZE)


def exists(position: Position) -> bool:
    """Whether there is such an image."""
    return position.image < len(batch_at(position))


def follow() -> None:
    """Take over where the visitor has moved in the picture.

    A report about a batch that they have left since comes too late.
    """
    report = reported(COMPONENT, "place")
    if not isinstance(report, Mapping) or report.get("batch") != current().batch_name:
        return
    moved = current().moved(report.get("place"))
    if exists(moved):
        st.session_state[_POSITION] = moved


def remember() -> None:
    """Keep the position in the address; the place where everybody begins needs none."""
    position = current()
    address.write(PARAMETER, None if position == Position() else position.text)


def choose_split() -> None:
    """Take over the chosen split."""
    show(Position(split=st.session_state[SPLIT]))


def choose_batch() -> None:
    """Take over the chosen batch."""
    show(Position(split=current().split, batch=st.session_state[BATCH] - 1))
