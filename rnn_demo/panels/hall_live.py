"""What moves while runs train: the status line, the curves and the note."""

from collections.abc import Sequence

import streamlit as st

from rnn_demo import texts
from rnn_demo.components.hall import news, picture
from rnn_demo.digits import Digits, source
from rnn_demo.theme import palette
from rnn_demo.training import runs
from rnn_demo.training.folder.status import State, Status
from rnn_demo.training.runs import Run
from rnn_demo.widgets import digits

# Seconds between two looks: while something of the visitor's trains, and while it only waits,
# as most of a class's runs do.
_TRAINING, _WAITING = 0.5, 2.0


def live(shown: Sequence[Run], known: Sequence[tuple[Run, Status]]) -> None:
    """Show runs, again and again as long as one of the visitor's is going on or in the queue.

    Args:
        shown: the run that is looked at, and those it is compared with; it may be empty.
        known: all runs of the visitor, as the page shows them; when one of them gets into another
            state, the whole page is run again.
    """
    going_on = [
        (run, status.state) for run, status in known if status.active or status.state == "queued"
    ]
    trains = any(state != "queued" for _, state in going_on)
    every = (_TRAINING if trains else _WAITING) if going_on else None
    st.fragment(_look, run_every=every)(shown, going_on)
    picture(key="train/picture")
    st.caption(
        "On the test images a perfect model would print 100.16 %.", help=texts.load("printed")
    )


def _look(shown: Sequence[Run], going_on: Sequence[tuple[Run, State]]) -> None:
    if going_on:
        runs.advance()
    if any(run.status().state != state for run, state in going_on):
        st.rerun()
    if shown:
        _status_line(shown[0], shown[0].status())
    news(shown, _test_digits(shown), palette(), key="train/hall")


def _status_line(run: Run, status: Status) -> None:
    """How far the run is, in a line and as a bar."""
    text = status.describe(run.recipe.epochs)
    if status.state == "queued":
        text = f"You are number {run.queue_place()} in the queue"
    if status.state == "failed":
        st.error(text)
    else:
        st.progress(status.progress, text)


def _test_digits(shown: Sequence[Run]) -> Digits | None:
    """The digits that the run answers; none where they are no longer on disk."""
    try:
        return digits(shown[0].recipe.data if shown else source.available(), "test")
    except (OSError, ValueError):
        return None
