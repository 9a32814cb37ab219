"""Select a run and the runs to compare it with; pause, stop, resume, rename or delete it."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from rnn_demo.app.text import _, sentence
from rnn_demo.app.train.figures import MAX_RUNS
from rnn_demo.app.widgets import plain
from rnn_demo.messages import N_, CodedError
from rnn_demo.runs.naming import LONGEST
from rnn_demo.runs.state import Status
from rnn_demo.runs.store import Run
from rnn_demo.training.recipe import RANGES
from rnn_demo.training.wording import without_exponent

_RUN, _OTHERS = "train/run", "train/others"
_Command = tuple[str, int, str]  # the id of a run, its attempt, and what the button then says
_COMMAND = "train/command"  # the last command, until its worker has done it
_ERROR = "train/error"  # why the last action failed, until it is shown
_SELECT_WIDTH_PX = 220  # on a phone the buttons fit beside it
_PAUSING, _STOPPING = N_("Pausing ..."), N_("Stopping ...")


def look_at(run: Run) -> None:
    """Select a run, and compare it with no other."""
    st.session_state[_RUN] = run.id
    st.session_state[_OTHERS] = []


def choose(found: Mapping[str, Run], names: Mapping[str, str]) -> Run:
    """The selected run: the newest one until the visitor selects another.

    Args:
        found: the visitor's runs by id, the newest first; at least one.
        names: their titles. No two may be the same: Streamlit tells options apart by them.
    """
    if st.session_state.get(_RUN) not in found:
        st.session_state[_RUN] = next(iter(found))
    return found[
        st.selectbox(
            _("Run"),
            found,
            format_func=names.__getitem__,
            key=_RUN,
            persist_state="session",
            label_visibility="collapsed",
            width=_SELECT_WIDTH_PX,
        )
    ]


def compared(found: Mapping[str, Run], run: Run) -> list[Run]:
    """The runs that `run` is compared with, without those that were deleted."""
    chosen = st.session_state.get(_OTHERS, [])
    others = [key for key in chosen if key in found and key != run.id][: MAX_RUNS - 1]
    st.session_state[_OTHERS] = others
    return [found[key] for key in others]


def compare(found: Mapping[str, Run], names: Mapping[str, str], run: Run) -> None:
    """A field to choose the runs that `run` is compared with."""
    st.multiselect(
        _("Compare with"),
        [key for key in found if key != run.id],
        format_func=names.__getitem__,
        max_selections=MAX_RUNS - 1,
        placeholder=_("other runs"),
        key=_OTHERS,
        persist_state="session",
    )


def controls(run: Run, status: Status) -> None:
    """The buttons that fit the state of a run."""
    with st.popover(_("More"), icon=":material/more_horiz:"):
        _rename(run)
        if not status.active and status.state != "queued":
            _delete(run)
    pending = _pending(run, status)
    if pending:
        st.button(pending, disabled=True, key="train/pending")
    elif status.state == "queued":
        _button("leave_queue", _("Leave the queue"), "undo", run.withdraw)
    elif status.active:
        pausing = (run.id, status.attempts, _PAUSING)
        _button("pause", _("Pause"), "pause", run.pause, pausing)
        stopping = (run.id, status.attempts, _STOPPING)
        effect = _("Ends this run for good. The weights are kept.")
        _button("stop", _("Stop"), "stop", run.stop, stopping, effect=effect)
    elif status.resumable:
        _button("resume", _("Resume"), "play_arrow", run.resume, primary=True)
    if status.state == "running" or status.resumable:
        _learning_rate(run)


def delete_damaged(run: Run, name: str) -> None:
    """A way to delete a run whose recipe cannot be read; nothing else can be done with it.

    Args:
        run: the run.
        name: its title.
    """
    label = _("Delete {name}").format(name=plain(name))
    with st.popover(label, icon=":material/delete:"):
        _delete(run)


def show_error() -> None:
    """Show once why the last action failed."""
    if _ERROR in st.session_state:
        st.error(st.session_state.pop(_ERROR))


def _button(
    name: str,
    label: str,
    icon: str,
    action: Callable[[], Any],
    command: _Command | None = None,
    *,
    primary: bool = False,
    effect: str | None = None,
) -> None:
    """A button.

    Args:
        name: of its key.
        label: its text.
        icon: name of a Material icon.
        action: what a click does.
        command: what `action` asks of a worker; None if it is done at once.
        primary: whether it is the main button.
        effect: what a click does, in a sentence.
    """
    st.button(
        label,
        icon=f":material/{icon}:",
        help=effect,
        type="primary" if primary else "secondary",
        key=f"train/{name}",
        on_click=_do,
        args=(action, command),
    )


def _do(action: Callable[[], Any], command: _Command | None = None) -> None:
    """Do what a button says, and keep the error for `show_error` if it fails.

    Args:
        action: what to do.
        command: what that asks of a worker, which may take a while.
    """
    try:
        action()
    except (OSError, ValueError) as error:
        st.session_state[_ERROR] = (
            sentence(error.message) if isinstance(error, CodedError) else str(error)
        )
        return
    st.session_state[_COMMAND] = command


def _pending(run: Run, status: Status) -> str:
    """What the visitor asked of this run and its worker has not done yet; empty if nothing."""
    run_id, attempt, words = st.session_state.get(_COMMAND) or ("", 0, "")
    return _(words) if status.active and (run_id, attempt) == (run.id, status.attempts) else ""


def _learning_rate(run: Run) -> None:
    """The learning rate from the next batch on."""
    low, high = RANGES["learning_rate"]
    with st.popover(_("Learning rate"), icon=":material/speed:"):
        key = f"train/{run.id}/learning_rate"
        st.number_input(
            _("New learning rate (used from the next batch)"),
            low,
            high,
            run.learning_rate(),
            step=run.recipe.learning_rate / 10,
            format="%g",
            help=_("{low} to {high}. With a one-cycle schedule, this is its peak.").format(
                low=without_exponent(low), high=without_exponent(high)
            ),
            key=key,
            on_change=_change,
            args=(run.change_learning_rate, key),
        )


def _rename(run: Run) -> None:
    key = f"train/{run.id}/name"
    st.text_input(
        _("Name"),
        run.name,
        max_chars=LONGEST,
        key=key,
        placeholder=run.title,
        on_change=_change,
        args=(run.rename, key),
    )


def _change(action: Callable[[Any], Any], key: str) -> None:
    """Apply the new value of a widget; a pending command stays pending."""
    _do(lambda: action(st.session_state[key]), st.session_state.get(_COMMAND))


def _delete(run: Run) -> None:
    """A button that deletes a run, and a box that has to be ticked first."""
    confirmed = st.checkbox(
        _("Delete its weights and its history for good"), key=f"train/{run.id}/confirm"
    )
    st.button(
        _("Delete this run"),
        icon=":material/delete:",
        key=f"train/{run.id}/delete",
        disabled=not confirmed,
        on_click=_do,
        args=(run.delete,),
    )
