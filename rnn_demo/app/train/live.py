"""What moves while runs train: the status line, the curves and the note."""

from collections.abc import Mapping, Sequence

import streamlit as st

from rnn_demo.app.datasets import load_digits
from rnn_demo.app.errors import show_errors
from rnn_demo.app.text import _
from rnn_demo.app.theme import palette
from rnn_demo.app.train.live_component import news, picture
from rnn_demo.data import source
from rnn_demo.data.digits import Digits
from rnn_demo.messages import N_
from rnn_demo.runs import store
from rnn_demo.runs.state import State, Status
from rnn_demo.runs.store import Run
from rnn_demo.training.evaluate import tutorial_test_accuracy

TUTORIAL_FORMULA = N_(
    "The tutorial adds up the accuracies of its batches and divides by the index of the last "
    "one, which is one less than their number: 937 where there are 938. It also counts every batch "
    "as 64 images, even the last one, which is smaller. On the 10,000 test images a perfect model "
    "would score 10,000 / 64 / 156 = **100.16 %**."
)
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
    perfect = test and tutorial_test_accuracy(len(test), len(test))
    if perfect:
        st.caption(
            f"For a perfect model, the tutorial's formula would print {perfect:.2f} % on the "
            "test images.",
            help=_(TUTORIAL_FORMULA),
        )


def _state(run: Run, status: Status) -> _State:
    return status.state, status.message, run.has_network


def _look(
    shown: Sequence[Run],
    titles: Sequence[str],
    watched: Sequence[tuple[Run, _State]],
    going_on: bool,
) -> None:
    with show_errors():
        if going_on:
            store.advance()
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
        return load_digits(shown[0].recipe.data if shown else source.available(), "test")
    except (OSError, ValueError):
        return None
