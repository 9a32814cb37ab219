"""The question beside the charts: the visitor predicts, the run decides."""

import streamlit as st

from rnn_demo.app.text import _
from rnn_demo.runs.run import Snapshot
from rnn_demo.training.metrics import BY_NAME, Point

THRESHOLD = 95.0  # percent
_INTERVAL_S = 1.0  # between two looks while the first epoch goes on
_GUESS = "train/guess"
_FIRST_EPOCHS = "train/first_epochs"  # the end of the first epoch of the runs that were shown


def ask(run: Snapshot | None) -> None:
    """Ask what one epoch will do; as soon as it has, say whether the visitor was right.

    Args:
        run: the selected run; None without any.
    """
    watched = run is not None and run.status.active and _first_epoch(run) is None
    st.fragment(_ask, run_every=_INTERVAL_S if watched else None)(run)


def _ask(run: Snapshot | None) -> None:
    end = _first_epoch(run) if run else None
    with st.container(horizontal=True, vertical_alignment="center", gap="small", width="content"):
        words = st.container(width="content")
        guess = st.segmented_control(
            _("Will it read more than 95 % of new images after one epoch?"),
            ["yes", "no"],
            format_func={"yes": _("Yes"), "no": _("No")}.__getitem__,
            key=_GUESS,
            persist_state="session",
            label_visibility="collapsed",
        )
        words.markdown(_question_or_verdict(guess, end), width="content")
        if guess and end is None:
            # Behind the buttons, which must not move under the pointer that clicked one.
            st.markdown(_what_decides(run), width="content")


def _what_decides(run: Snapshot | None) -> str:
    """What has to happen until the visitor's guess is decided."""
    if run is not None and (run.status.active or run.status.state == "queued"):
        return _("Its first epoch will tell.")
    return _("Press Start.")


def _question_or_verdict(guess: str | None, end: Point | None) -> str:
    """The question; as soon as the first epoch has ended, whether the guess was right."""
    if guess is None or end is None:
        return _("**Will it read more than 95 % of new images after one epoch?**")
    measured = end["validation_accuracy"]
    accuracy = end["accuracy"] if measured is None else measured
    above = accuracy > THRESHOLD
    verdict = _("**Right.**") if above == (guess == "yes") else _("**Not this time.**")
    shown = BY_NAME["accuracy"].text(accuracy)
    if measured is None:  # the recipe keeps no images aside
        return _("{verdict} In its first epoch it read {accuracy} of its training images.").format(
            verdict=verdict, accuracy=shown
        )
    return _("{verdict} After one epoch it read {accuracy} of new images.").format(
        verdict=verdict, accuracy=shown
    )


def _first_epoch(run: Snapshot) -> Point | None:
    """The end of the first epoch of a run; None before it.

    It is kept, because a long curve takes a while to read.
    """
    known: dict[str, Point] = st.session_state.setdefault(_FIRST_EPOCHS, {})
    if run.id not in known:
        end = next((point for point in run.run.points() if point["epoch_done"]), None)
        if end is None:
            return None
        known[run.id] = end
    return known[run.id]
