"""Which run is looked at, which are compared with it, and what the visitor does with it."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from rnn_demo.app.errors import escape_markdown
from rnn_demo.app.train.figures import MOST_RUNS
from rnn_demo.runs.naming import LONGEST
from rnn_demo.runs.state import Status
from rnn_demo.runs.store import Run
from rnn_demo.training.recipe import RANGES
from rnn_demo.training.wording import without_exponent

_RUN, _OTHERS = "train/run", "train/others"
_Asked = tuple[str, int, str]  # of which run something was asked, in which life, and in words
_ASKED = "train/asked"  # what was asked last, as long as it may not have happened yet
_WIDTH = 220  # pixels: on a phone there is room beside it
_PROBLEM = "train/problem"  # why something that was asked could not be done, told once


def look_at(run: Run) -> None:
    """Make a run the one that is looked at, by itself."""
    st.session_state[_RUN] = run.id
    st.session_state[_OTHERS] = []


def choose(found: Mapping[str, Run], names: Mapping[str, str]) -> Run:
    """The run to look at, the newest until the visitor picks another.

    Args:
        found: the visitor's runs by their ids, the newest first; at least one.
        names: what they are called; Streamlit tells options apart by nothing else.
    """
    if st.session_state.get(_RUN) not in found:
        st.session_state[_RUN] = next(iter(found))
    return found[
        st.selectbox(
            "Run",
            found,
            format_func=names.__getitem__,
            key=_RUN,
            persist_state="session",
            label_visibility="collapsed",
            width=_WIDTH,
        )
    ]


def compared(found: Mapping[str, Run], run: Run) -> list[Run]:
    """The runs beside the one that is looked at, as far as they are still there."""
    chosen = st.session_state.get(_OTHERS, [])
    kept = [key for key in chosen if key in found and key != run.id][: MOST_RUNS - 1]
    st.session_state[_OTHERS] = kept
    return [found[key] for key in kept]


def compare(found: Mapping[str, Run], names: Mapping[str, str], run: Run) -> None:
    """Choose the runs beside the one that is looked at."""
    st.multiselect(
        "Compare with",
        [key for key in found if key != run.id],
        format_func=names.__getitem__,
        max_selections=MOST_RUNS - 1,
        placeholder="other runs",
        key=_OTHERS,
        persist_state="session",
    )


def controls(run: Run, status: Status) -> None:
    """What can be done with a run in the state it is in."""
    with st.popover("More", icon=":material/more_horiz:"):
        _rename(run)
        if not status.active and status.state != "queued":
            _delete(run)
    asked = _asked(run, status)
    if asked:
        st.button(asked, disabled=True, key="train/asked_button")
    elif status.state == "queued":
        _button("Withdraw", "undo", run.withdraw)
    elif status.active:
        _button("Pause", "pause", run.pause, (run.id, status.attempts, "Pausing ..."))
        stopping = (run.id, status.attempts, "Stopping ...")
        _button("Stop", "stop", run.stop, stopping, told="For good; what it has learnt is kept.")
    elif status.resumable:
        _button("Resume", "play_arrow", run.resume, primary=True)
    if status.state == "running" or status.resumable:
        _learning_rate(run)


def delete_damaged(run: Run, name: str) -> None:
    """A way out for a run whose recipe cannot be read: there is nothing else to do with it.

    Args:
        run: the run.
        name: what it is called.
    """
    with st.popover(f"Delete {escape_markdown(name)}", icon=":material/delete:"):
        _delete(run)


def tell_problem() -> None:
    """Why something that was asked could not be done, once."""
    if _PROBLEM in st.session_state:
        st.error(st.session_state.pop(_PROBLEM))


def _button(
    label: str,
    icon: str,
    action: Callable[[], Any],
    asked: _Asked | None = None,
    *,
    primary: bool = False,
    told: str | None = None,
) -> None:
    st.button(
        label,
        icon=f":material/{icon}:",
        help=told,
        type="primary" if primary else "secondary",
        key=f"train/{label.lower()}",
        on_click=_do,
        args=(action, asked),
    )


def _do(action: Callable[[], Any], asked: _Asked | None = None) -> None:
    """Do what a button says, or tell why it cannot be done.

    Args:
        action: what to do.
        asked: what that asks of a worker, which takes its time.
    """
    try:
        action()
    except (OSError, ValueError) as error:
        st.session_state[_PROBLEM] = str(error)
        return
    st.session_state[_ASKED] = asked


def _asked(run: Run, status: Status) -> str:
    """What was asked of this run and has not happened yet, in words."""
    of, life, words = st.session_state.get(_ASKED) or ("", 0, "")
    return words if status.active and (of, life) == (run.id, status.attempts) else ""


def _learning_rate(run: Run) -> None:
    """The learning rate from the next batch on."""
    low, high = RANGES["learning_rate"]
    with st.popover("Learning rate", icon=":material/speed:"):
        key = f"train/{run.id}/learning_rate"
        st.number_input(
            f"From the next batch on ({without_exponent(low)} to {without_exponent(high)})",
            low,
            high,
            run.learning_rate(),
            step=run.recipe.learning_rate / 10,
            format="%g",
            help="With a one-cycle schedule, its peak.",
            key=key,
            on_change=_change,
            args=(run.change_learning_rate, key),
        )


def _rename(run: Run) -> None:
    key = f"train/{run.id}/name"
    st.text_input(
        "Name",
        run.name,
        max_chars=LONGEST,
        key=key,
        placeholder=run.title,
        on_change=_change,
        args=(run.rename, key),
    )


def _change(action: Callable[[Any], Any], key: str) -> None:
    """Do something with the new value of a widget; what was asked of the worker still holds."""
    _do(lambda: action(st.session_state[key]), st.session_state.get(_ASKED))


def _delete(run: Run) -> None:
    """Delete it, once that is confirmed."""
    sure = st.checkbox("Delete its weights and its history for good", key=f"train/{run.id}/sure")
    st.button(
        "Delete this run",
        icon=":material/delete:",
        key=f"train/{run.id}/delete",
        disabled=not sure,
        on_click=_do,
        args=(run.delete,),
    )
