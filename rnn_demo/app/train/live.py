"""What changes on the page while runs train: the live charts with their header."""

from collections.abc import Mapping, Sequence

import streamlit as st

from rnn_demo.app.datasets import load_digits
from rnn_demo.app.errors import show_errors
from rnn_demo.app.theme import palette
from rnn_demo.app.train.live_component import live_charts
from rnn_demo.app.train.recipes import recipe_of
from rnn_demo.data import source
from rnn_demo.data.digits import Digits
from rnn_demo.messages import Message
from rnn_demo.runs import store
from rnn_demo.runs.run import Snapshot
from rnn_demo.runs.state import State

# Between two updates: while one of the visitor's runs trains, and while all wait in the queue.
_TRAINING_INTERVAL_S, _QUEUED_INTERVAL_S = 0.5, 2.0
# State, reason of a failure, has a network, has a recipe.
_Signature = tuple[State, Message | None, bool, bool]


def live(
    shown: Sequence[Snapshot],
    titles: Mapping[str, str],
    known: Sequence[Snapshot],
    *,
    show_tutorial: bool = True,
) -> None:
    """Show runs, and update them as long as one of the visitor's trains or is in the queue.

    Args:
        shown: the selected run first, then those it is compared with; it may be empty.
        titles: of the visitor's runs, by id.
        known: all runs of the visitor, as the page shows them. The whole page runs again when
            one of them that is shown or active changes its state or is deleted.
        show_tutorial: draw the tutorial's published run beside them.
    """
    active = [run for run in known if run.status.active or run.status.state == "queued"]
    trains = any(run.status.active for run in active)
    interval = (_TRAINING_INTERVAL_S if trains else _QUEUED_INTERVAL_S) if active else None
    st.fragment(_update, run_every=interval)(shown, titles, active, show_tutorial)


def _update(
    shown: Sequence[Snapshot],
    titles: Mapping[str, str],
    active: Sequence[Snapshot],
    show_tutorial: bool,
) -> None:
    with show_errors():
        if active:
            store.advance()
        before = {run.id: run for run in [*shown, *active]}
        now = {run.id: run for run in store.snapshots([run.run for run in before.values()])}
        if any(_signature(now[key]) != _signature(run) for key, run in before.items()):
            st.rerun()
        runs = [now[run.id] for run in shown]
        live_charts(
            runs,
            [titles[run.id] for run in runs],
            _test_digits(runs),
            palette(),
            show_tutorial=show_tutorial,
            key="train/live",
        )


def _signature(run: Snapshot) -> _Signature:
    """What the rest of the page depends on: when it changes, the whole page runs again."""
    return run.status.state, run.status.message, run.has_network, run.recipe is not None


def _test_digits(shown: Sequence[Snapshot]) -> Digits | None:
    """The digits that the selected run is tested on; None if they are not on disk."""
    try:
        return load_digits(recipe_of(shown[0]).data if shown else source.available(), "test")
    except (OSError, ValueError):
        return None
