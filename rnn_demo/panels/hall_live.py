"""What moves while runs train: the status line, the curves and the note."""

from collections.abc import Mapping, Sequence

import streamlit as st

from rnn_demo import texts
from rnn_demo.components.hall import news, picture
from rnn_demo.digits import Digits, source
from rnn_demo.theme import palette
from rnn_demo.training import runs
from rnn_demo.training.evaluate import printed_accuracy
from rnn_demo.training.folder.status import State, Status
from rnn_demo.training.runs import Run
from rnn_demo.widgets import digits, told_in_a_sentence

# Seconds between two looks: while something of the visitor's trains, and while it only waits,
# as most of a class's runs do.
_TRAINING, _WAITING = 0.5, 2.0
# What a page looks different for; a run's first network can be taken home.
_State = tuple[State, str, bool]


def live(
    shown: Sequence[Run], names: Mapping[str, str], known: Sequence[tuple[Run, Status]]
) -> None:
    """Show runs, again and again as long as one of the visitor's is going on or in the queue.

    Args:
        shown: the run that is looked at, and those it is compared with; it may be empty.
        names: what the visitor's runs are called, by their ids.
        known: all runs of the visitor, as the page shows them; when one that is shown or going
            on gets into another state, or is gone, the whole page is run again.
    """
    going_on = [status for _, status in known if status.active or status.state == "queued"]
    trains = any(status.active for status in going_on)
    every = (_TRAINING if trains else _WAITING) if going_on else None
    watched = [
        (run, _state(run, status)) for run, status in known if run in shown or status in going_on
    ]
    titles = [names[run.id] for run in shown]
    st.fragment(_look, run_every=every)(shown, titles, watched, bool(going_on))
    picture(key="train/picture")
    test = _test_digits(shown)
    perfect = test and printed_accuracy(len(test), len(test))
    if perfect:
        st.caption(
            f"For a perfect model, the tutorial's formula would print {perfect:.2f} % on the "
            "test images.",
            help=texts.load("printed"),
        )


def _state(run: Run, status: Status) -> _State:
    return status.state, status.message, run.has_network


def _look(
    shown: Sequence[Run],
    titles: Sequence[str],
    watched: Sequence[tuple[Run, _State]],
    going_on: bool,
) -> None:
    with told_in_a_sentence():
        if going_on:
            runs.advance()
        if any(_state(run, run.status()) != state for run, state in watched):
            st.rerun()
        if shown:
            _status_line(shown[0], shown[0].status())
        news(shown, titles, _test_digits(shown), palette(), key="train/hall")


def _status_line(run: Run, status: Status) -> None:
    """How far the run is, in a line and as a bar."""
    text = status.describe(run.recipe.epochs)
    if status.state == "queued" and (place := run.queue_place()):
        text = f"You are number {place} in the queue"
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
