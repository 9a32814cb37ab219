"""Select a run and the runs to compare it with; pause, stop, resume, rename or delete it."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from rnn_demo.app import address
from rnn_demo.app.errors import error_sentence, escape_markdown
from rnn_demo.app.text import _
from rnn_demo.app.times import written
from rnn_demo.app.train import decimal_field
from rnn_demo.app.train.figures import MAX_RUNS
from rnn_demo.messages import N_
from rnn_demo.nn.published import TUTORIAL_URL
from rnn_demo.runs.layout import MAX_NAME_LENGTH
from rnn_demo.runs.run import Run, Snapshot
from rnn_demo.training.recipe import HYPERPARAMETERS

_RUN, _OTHERS = "train/run", "train/others"
_RUN_PARAMETER, _OTHERS_PARAMETER = "run", "with"  # of the address
_Command = tuple[str, int, str]  # the id of a run, its attempt, and what the button then says
_COMMAND = "train/command"  # the last command, until its worker has done it
# Why the last action failed, and the key of the field that caused it or "", until that is shown.
_ERROR = "train/error"
_SELECT_WIDTH_PX = 220  # on a phone the buttons fit beside it
_PAUSING, _STOPPING = N_("Pausing ..."), N_("Stopping ...")


def look_at(run: Run) -> None:
    """Select a run, and compare it with no other."""
    st.session_state[_RUN] = run.id
    st.session_state[_OTHERS] = []


def receive(runs: Mapping[str, Snapshot]) -> None:
    """Take the selected run and those beside it from the address, after a reload or Back.

    Args:
        runs: the visitor's runs by id, the newest first.
    """
    selected, others = address.received(_RUN_PARAMETER), address.received(_OTHERS_PARAMETER)
    if selected is not None and runs:
        st.session_state[_RUN] = selected if selected in runs else next(iter(runs))
    if others is not None:
        st.session_state[_OTHERS] = [key for key in others.split(",") if key in runs]


def remember(runs: Mapping[str, Snapshot]) -> None:
    """Keep them in the address; the newest run, which the page begins with, needs no address.

    Args:
        runs: as for `receive`.
    """
    selected = st.session_state.get(_RUN) if runs else None
    address.write(_RUN_PARAMETER, None if selected == next(iter(runs), None) else selected)
    address.write(_OTHERS_PARAMETER, ",".join(st.session_state.get(_OTHERS, [])) or None)


def select(runs: Mapping[str, Snapshot], titles: Mapping[str, str]) -> Snapshot:
    """The selected run: the newest one until the visitor selects another.

    Args:
        runs: the visitor's runs by id, the newest first; at least one.
        titles: of these runs, all different: Streamlit identifies an option by its text.
    """
    if st.session_state.get(_RUN) not in runs:
        st.session_state[_RUN] = next(iter(runs))
    return runs[
        st.selectbox(
            _("Run"),
            runs,
            format_func=titles.__getitem__,
            key=_RUN,
            persist_state="session",
            label_visibility="collapsed",
            width=_SELECT_WIDTH_PX,
        )
    ]


def compared(runs: Mapping[str, Snapshot], selected: Snapshot) -> list[Snapshot]:
    """The runs that the selected one is compared with, without those that were deleted."""
    chosen = st.session_state.get(_OTHERS, [])
    others = [key for key in chosen if key in runs and key != selected.id][: MAX_RUNS - 1]
    st.session_state[_OTHERS] = others
    return [runs[key] for key in others]


def compare(runs: Mapping[str, Snapshot], titles: Mapping[str, str], selected: Snapshot) -> None:
    """A field to choose the runs that the selected one is compared with."""
    st.multiselect(
        _("Compare with"),
        [key for key in runs if key != selected.id],
        format_func=titles.__getitem__,
        max_selections=MAX_RUNS - 1,
        placeholder=_("other runs"),
        key=_OTHERS,
        persist_state="session",
    )


def controls(run: Snapshot, title: str) -> None:
    """The buttons that fit the state of a run."""
    status = run.status
    with st.popover(_("More"), icon=":material/more_horiz:"):
        if run.started:
            st.caption(_("Started {moment}").format(moment=written(run.started)))
        _rename(run, title)
        if not status.active and status.state != "queued":
            _delete(run.run)
    pending = _pending(run)
    if pending:
        st.button(pending, disabled=True, key="train/pending")
    elif status.state == "queued":
        _button("leave_queue", _("Leave the queue"), "undo", run.run.withdraw)
    elif status.active:
        pausing = (run.id, status.attempts, _PAUSING)
        _button("pause", _("Pause"), "pause", run.run.pause, pausing)
        stopping = (run.id, status.attempts, _STOPPING)
        effect = _("Ends this run for good. The weights are kept.")
        _button("stop", _("Stop"), "stop", run.run.stop, stopping, effect=effect)
    elif status.resumable:
        _button("resume", _("Resume"), "play_arrow", run.run.resume, primary=True)
    if status.state == "running" or status.resumable:
        _learning_rate(run)


def compare_with_the_published_run() -> bool:
    """A switch that draws the tutorial's published curve beside the visitor's."""
    return st.toggle(
        _("Compare with the published run"),
        True,
        help=_(
            "The dashed curves: the loss and accuracy that the tutorial [Building RNNs is Fun]"
            "({url}) by Elvis Saravia printed. Your runs are measured exactly."
        ).format(url=TUTORIAL_URL),
        key="train/published",
        persist_state="session",
    )


def delete_damaged(run: Snapshot, title: str) -> None:
    """A way to delete a run whose recipe cannot be read; nothing else can be done with it."""
    label = _("Delete {run}").format(run=escape_markdown(title))
    with st.popover(label, icon=":material/delete:"):
        _delete(run.run)


def show_error(field: str | None = None) -> None:
    """Show once why the last action failed, unless that is on screen already.

    Args:
        field: the key of a field in a popover, which covers other places: shows only what this
            field caused.
    """
    error = st.session_state.get(_ERROR)
    if error and field in (None, error[1]):
        st.error(escape_markdown(error[0]))  # it may quote what was typed
        del st.session_state[_ERROR]


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


def _do(action: Callable[[], Any], command: _Command | None = None, field: str = "") -> None:
    """Do what a button says, and keep the error for `show_error` if it fails.

    Args:
        action: what to do.
        command: what that asks of a worker, which may take a while.
        field: the key of the field that asks for it, if no button does.
    """
    try:
        action()
    except (OSError, ValueError) as error:
        st.session_state[_ERROR] = error_sentence(error), field
        return
    st.session_state[_COMMAND] = command


def _pending(run: Snapshot) -> str:
    """What the visitor asked of this run and its worker has not done yet; empty if nothing."""
    run_id, attempt, words = st.session_state.get(_COMMAND) or ("", 0, "")
    same = (run_id, attempt) == (run.id, run.status.attempts)
    return _(words) if run.status.active and same else ""


def _learning_rate(run: Snapshot) -> None:
    """The learning rate from the next batch on."""
    rate = HYPERPARAMETERS["learning_rate"]
    with st.popover(_("Learning rate"), icon=":material/speed:"):
        key = f"train/{run.id}/learning_rate"
        now = run.next_learning_rate
        st.session_state.setdefault(key, "" if now is None else decimal_field.text(now))
        st.text_input(
            _("New learning rate (used from the next batch)"),
            help=_("{low} to {high}. With a one-cycle schedule, this is its peak.").format(
                low=rate.text(rate.low), high=rate.text(rate.high)
            ),
            key=key,
            on_change=_change_learning_rate,
            args=(run.run, key),
        )
        show_error(key)


def _change_learning_rate(run: Run, key: str) -> None:
    """Send the new learning rate to the worker, and say so: nothing else shows it at once."""

    def change(typed: str) -> None:
        rate = decimal_field.read(HYPERPARAMETERS["learning_rate"], typed)
        run.change_learning_rate(rate)
        st.session_state[key] = decimal_field.text(rate)

    _change(change, key)
    if _ERROR not in st.session_state:
        rate = st.session_state[key]
        st.toast(_("Learning rate {rate} from the next batch on").format(rate=rate))


def _rename(run: Snapshot, title: str) -> None:
    key = f"train/{run.id}/name"
    st.text_input(
        _("Name"),
        run.name,
        max_chars=MAX_NAME_LENGTH,
        key=key,
        placeholder=title,
        on_change=_change,
        args=(run.run.rename, key),
    )
    show_error(key)


def _change(action: Callable[[Any], Any], key: str) -> None:
    """Apply the new value of a widget; a pending command stays pending."""
    _do(lambda: action(st.session_state[key]), st.session_state.get(_COMMAND), key)


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
