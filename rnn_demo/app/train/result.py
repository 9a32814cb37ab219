"""What a trained network is worth: its test accuracy, what it mixes up, its worst mistakes."""

import streamlit as st

from rnn_demo.app.datasets import load_digits
from rnn_demo.app.text import _
from rnn_demo.app.theme import palette
from rnn_demo.app.train import figures as figures
from rnn_demo.app.train.live import TUTORIAL_FORMULA
from rnn_demo.app.train.mistakes_component import mistakes
from rnn_demo.data.digits import Digits
from rnn_demo.runs.store import Run
from rnn_demo.training.result import Mistake, Result

_READING_ROOM = "rnn_demo/app/draw/page.py"


def show(run: Run, result: Result) -> None:
    """The result of a run, and the ways from it to the reading room."""
    name = "MNIST" if run.recipe.data == "mnist" else "synthetic digits"
    with st.container(horizontal=True, vertical_alignment="bottom", gap="large"):
        with st.container(width="content"):
            st.metric(
                f"Test accuracy on {name}, exact",
                f"{result.accuracy:.2f} %",
                help=_(
                    "Right answers of all test images. The tutorial prints 95.83 %, which is "
                    "95.68 % counted exactly: it divides by one batch too few."
                ),
            )
        if result.tutorial_accuracy is not None:
            with st.container(width="content"):
                printed = f"{result.tutorial_accuracy:.2f} %"
                st.metric("As the tutorial would print it", printed, help=_(TUTORIAL_FORMULA))
        if st.button("Let it read my drawing", icon=":material/draw:", type="primary"):
            _read(run)
    left, right = st.columns([3, 2])
    with left:
        st.markdown("**What it mixes up**")
        st.plotly_chart(
            figures.confusion(result.confusion, palette()),
            alt=figures.confusion_in_words(result.confusion),
            key="train/confusion",
            config={"displayModeBar": False},
        )
    with right:
        st.markdown("**Accuracy by class**")
        st.plotly_chart(
            figures.accuracy_by_class(result.confusion, palette()),
            alt=figures.accuracy_in_words(result.confusion),
            key="train/classes",
            config={"displayModeBar": False},
        )
    _mistakes(run, result)


def _mistakes(run: Run, result: Result) -> None:
    """The worst mistakes; a click lets the network read one row by row."""
    if not result.mistakes:
        st.success("It reads every test digit right.")
        return
    test = _test_digits(run, result)
    if test is None:
        st.info("The pictures of its mistakes are not here: its test digits are not on this disk.")
        return
    st.markdown(
        f"**Its {len(result.mistakes)} worst mistakes**, the surest first. "
        "Click on one to see it being read."
    )
    opened = mistakes(result.mistakes, test, palette(), key=f"train/mistakes/{run.id}")
    if opened is not None:
        _read(run, opened, len(test))


def _test_digits(run: Run, result: Result) -> Digits | None:
    """The digits the run was tested on, if they are here."""
    try:
        test = load_digits(run.recipe.data, "test")
    except (OSError, ValueError):
        return None
    return test if len(test) == result.n else None


def _read(run: Run, mistake: Mistake | None = None, n: int = 0) -> None:
    """Go to the reading room, to this network, and to a mistake of it if one is given."""
    st.session_state["draw/network"] = run.id
    st.session_state["draw/source"] = "drawing" if mistake is None else "digit"
    if mistake is not None:
        st.session_state[f"draw/digit/{n}"] = mistake.index
    st.switch_page(_READING_ROOM)
