"""The result of a run: test accuracy, confusion matrix, accuracy by digit, worst mistakes."""

import streamlit as st

from rnn_demo.app import glossary
from rnn_demo.app.datasets import load_digits
from rnn_demo.app.text import _, n_
from rnn_demo.app.theme import palette
from rnn_demo.app.train import figures
from rnn_demo.app.train.mistakes_component import mistakes
from rnn_demo.app.train.recipes import recipe_of
from rnn_demo.data.digits import Digits, Origin
from rnn_demo.messages import N_
from rnn_demo.runs.run import Snapshot
from rnn_demo.training.checkpoint import load_card
from rnn_demo.training.result import Mistake, Result

_ACCURACY_ON: dict[Origin, str] = {
    "mnist": N_("Test accuracy on MNIST"),
    "synthetic": N_("Test accuracy on synthetic digits"),
    "other": N_("Test accuracy on other digits"),
}
_DRAW_PAGE = "rnn_demo/app/draw/page.py"
# The run and the index of the mistake that was opened: the list is there again on the way back.
_OPENED = "train/opened"


def show(run: Snapshot, result: Result) -> None:
    """The result of a run, with a way to read a drawing or a mistake with its network."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="large"):
        with st.container(width="content"):
            st.metric(
                _(_ACCURACY_ON[_tested_on(run)]),
                f"{result.accuracy:.2f} %",
                help=glossary.explain("test images"),
            )
        with st.container(width="content", key="leave-train"):  # see `leaving.js`
            wanted = st.button(
                _("Let it read my drawing"),
                icon=":material/draw:",
                type="primary",
                key="train/read_drawing",
            )
        if wanted:
            _read(run)
    left, right = st.columns([3, 2])
    with left:
        st.markdown(_("**Confusion matrix**"))
        st.plotly_chart(
            figures.confusion(result.confusion, palette()),
            alt=figures.confusion_in_words(result.confusion),
            key="train/confusion",
            config={"displayModeBar": False},
        )
    with right:
        st.markdown(_("**Accuracy by digit**"))
        st.plotly_chart(
            figures.accuracy_by_class(result.confusion, palette()),
            alt=figures.accuracy_in_words(result.confusion),
            key="train/classes",
            config={"displayModeBar": False},
        )
    _mistakes(run, result)


def _tested_on(run: Snapshot) -> Origin:
    """Which digits the run was tested on; unknown ones if the card of its network is damaged."""
    try:
        return load_card(run.weights).tested_on
    except (OSError, ValueError):
        return "other"


def _mistakes(run: Snapshot, result: Result) -> None:
    """The worst mistakes; a click opens one on the page Draw, read row by row."""
    if not result.mistakes:
        st.success(_("It reads every test digit correctly."))
        return
    test = _test_digits(run, result)
    if test is None:
        st.info(
            _("Its mistakes can't be shown: the test set it was measured on is not on this server.")
        )
        return
    n_mistakes = len(result.mistakes)
    st.markdown(
        n_(
            "**{n} mistake** it was most confident about. Click it to watch it being read.",
            "**{n} mistakes** it was most confident about. Click one to watch it being read.",
            n_mistakes,
        ).format(n=n_mistakes)
    )
    came_from = st.session_state.pop(_OPENED, None)
    with st.container(key="leave-train-mistakes"):  # see `leaving.js`
        opened = mistakes(
            result.mistakes,
            test,
            palette(),
            focus=came_from[1] if came_from and came_from[0] == run.id else None,
            key=f"train/mistakes/{run.id}",
        )
    if opened is not None:
        st.session_state[_OPENED] = run.id, opened.index
        _read(run, opened)


def _test_digits(run: Snapshot, result: Result) -> Digits | None:
    """The digits that the run was tested on; None if they are not on disk."""
    try:
        test = load_digits(recipe_of(run).data, "test")
    except (OSError, ValueError):
        return None
    return test if len(test) == result.n else None


def _read(run: Snapshot, mistake: Mistake | None = None) -> None:
    """Go to the page Draw and read with this network: a mistake, or the visitor's drawing.

    The address says all of it at once, so one step back leads here again.
    """
    parameters = {"network": run.id}
    if mistake is None:
        st.session_state["draw/source"] = "drawing"
    else:
        parameters["mistake"] = str(mistake.index)
    st.switch_page(_DRAW_PAGE, query_params=parameters)
