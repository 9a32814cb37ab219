"""What changes on the page while runs train: the status line, the live charts and the note."""

from collections.abc import Mapping, Sequence

import streamlit as st

from rnn_demo.app.text import _
from rnn_demo.app.theme import palette
from rnn_demo.app.train.live_component import news, picture
from rnn_demo.app.train.sentences import TUTORIAL_FORMULA, status_line
from rnn_demo.app.widgets import digits, show_errors
from rnn_demo.data import source
from rnn_demo.data.digits import Digits
from rnn_demo.runs import store
from rnn_demo.runs.state import State, Status
from rnn_demo.runs.store import Run
from rnn_demo.training.evaluate import tutorial_test_accuracy

# Between two updates: while one of the visitor's runs trains, and while all wait in the queue.
_TRAINING_INTERVAL_S, _QUEUED_INTERVAL_S = 0.5, 2.0
# When this changes, the whole page runs again; a run's first network can be downloaded.
_Watched = tuple[State, str, bool]


def live(
    shown: Sequence[Run], names: Mapping[str, str], known: Sequence[tuple[Run, Status]]
) -> None:
    """Show runs, and update them as long as one of the visitor's trains or is in the queue.

    Args:
        shown: the selected run first, then those it is compared with; it may be empty.
        names: the titles of the visitor's runs, by id.
        known: all runs of the visitor, as the page shows them. The whole page runs again when
            one of them that is shown or active changes its state or is deleted.
    """
    active = [status for _, status in known if status.active or status.state == "queued"]
    trains = any(status.active for status in active)
    interval = (_TRAINING_INTERVAL_S if trains else _QUEUED_INTERVAL_S) if active else None
    watched = [
        (run, _watched(run, status)) for run, status in known if run in shown or status in active
    ]
    titles = [names[run.id] for run in shown]
    st.fragment(_update, run_every=interval)(shown, titles, watched, bool(active))
    picture(key="train/picture")
    test = _test_digits(shown)
    perfect = test and tutorial_test_accuracy(len(test), len(test))
    if perfect:
        st.caption(
            _(
                "The tutorial's formula would give a perfect model {accuracy} on the test images."
            ).format(accuracy=f"{perfect:.2f} %"),
            help=_(TUTORIAL_FORMULA),
        )


def _watched(run: Run, status: Status) -> _Watched:
    return status.state, status.message, run.has_network


def _update(
    shown: Sequence[Run],
    titles: Sequence[str],
    watched: Sequence[tuple[Run, _Watched]],
    active: bool,
) -> None:
    with show_errors():
        if active:
            store.advance()
        if any(_watched(run, run.status()) != before for run, before in watched):
            st.rerun()
        if shown:
            _progress(shown[0], shown[0].status())
        news(shown, titles, _test_digits(shown), palette(), key="train/live")


def _progress(run: Run, status: Status) -> None:
    """How far the run is, as a line and a bar; why it failed as an error."""
    text = status_line(status, run.recipe.epochs, run.queue_place())
    if status.state == "failed":
        st.error(text)
    else:
        st.progress(status.progress, text)


def _test_digits(shown: Sequence[Run]) -> Digits | None:
    """The digits that the selected run is tested on; None if they are not on disk."""
    try:
        return digits(shown[0].recipe.data if shown else source.available(), "test")
    except (OSError, ValueError):
        return None
