"""One visitor's state of the page Inside: its history, and the computation on screen."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import streamlit as st

from rnn_demo.inside import initial_payload, state
from rnn_demo.inside.presets import PRESETS
from rnn_demo.inside.state import InsideState
from rnn_demo.messages import InputError, Message

if TYPE_CHECKING:  # these import torch, see `rnn_demo.app.startup`
    from rnn_demo.inside.compute import Computation

MAX_HISTORY_STATES = 200

_HISTORY = "inside/history"  # the current state is the last
_COMPUTATION = "inside/computation"  # the last one, which is most often of the current state
_ERROR = "inside/error"  # why the last change was refused; shown once
_NOTICE = "inside/notice"  # about a broken link; shown until the next change
_OPENED = "inside/opened"  # the link that the session started from
_VIEW = "inside/view"
_HIDDEN = "inside/hidden"


def now() -> InsideState:
    """The state on screen."""
    return _history()[-1]


def computation() -> "Computation":
    """The computation of the state on screen."""
    return _compute(now())


def payload() -> dict[str, Any]:
    """The payload of the state on screen; the initial one is stored and needs no torch."""
    if now() == initial_payload.STATE:
        return initial_payload.load()
    from rnn_demo.inside.payload import payload  # imports torch

    return payload(computation())


def begin(query: dict[str, str]) -> None:
    """Open the link in the address, once. A broken link leaves a notice.

    Args:
        query: the parameters of the address: "state", "view" and "hide".
    """
    token = query.get("state", "")
    if "hide" in query:
        st.session_state[_HIDDEN] = state.hidden_parts(query["hide"])
    if token in ("", st.session_state.get(_OPENED)):
        return
    st.session_state[_OPENED] = token
    try:
        opened = _compute(state.decode(token)).state
    except InputError as error:
        st.session_state[_NOTICE] = error.message
        return
    st.session_state[_HISTORY] = [opened]
    st.session_state[_VIEW] = state.check_view(query.get("view", ""))


def go(make: Callable[[], InsideState]) -> bool:
    """Go to another state. If it is not allowed, stay and keep the error.

    Args:
        make: returns the other state, or raises an `InputError`.

    Returns:
        Whether the state is allowed.
    """
    try:
        other = _compute(make()).state
    except InputError as error:
        st.session_state[_ERROR] = error.message
        return False
    st.session_state.pop(_NOTICE, None)
    if other != now():
        _history().append(other)
        del _history()[:-MAX_HISTORY_STATES]
    return True


def edit(sent: object) -> None:
    """Apply an edit that the browser sent."""
    from rnn_demo.inside import compute  # imports torch

    go(lambda: compute.edit_from_browser(now(), sent))


def change_setting(name: str, value: object) -> None:
    """Change a setting."""
    from rnn_demo.inside import compute  # imports torch

    go(lambda: compute.change_setting(now(), name, value))


def open_file(content: bytes) -> None:
    """Go to the state in a state file."""

    def opened() -> InsideState:
        loaded, st.session_state[_VIEW] = state.load_file(content)
        return loaded

    go(opened)


def choose(model: str) -> None:
    """Go to the last state of a network, or to its preset."""
    last = next((state for state in reversed(_history()) if state.model == model), None)
    preset = next(InsideState.of(preset) for preset in PRESETS if preset.class_name == model)
    go(lambda: last or preset)


def undo() -> None:
    """Go back by one state."""
    if can_undo():
        _history().pop()


def can_undo() -> bool:
    """Whether there is a state to go back to."""
    return len(_history()) > 1


def reset() -> None:
    """Go to the preset of the current network."""
    go(lambda: InsideState.of(now().preset))


def take_error() -> Message | None:
    """Why the last change was refused; forgotten after this call."""
    error: Message | None = st.session_state.pop(_ERROR, None)
    return error


def notice() -> Message | None:
    """Why the link could not be opened."""
    message: Message | None = st.session_state.get(_NOTICE)
    return message


def view() -> str:
    """The view of the link or file, see `state.check_view`."""
    return str(st.session_state.get(_VIEW, ""))


def hidden_parts() -> frozenset[str]:
    """The parts of the page that the link hides."""
    parts: frozenset[str] = st.session_state.get(_HIDDEN, frozenset())
    return parts


def _compute(state: InsideState) -> "Computation":
    """The computation of a state, which is kept until another one is computed.

    Raises:
        InputError: a number grows beyond the largest float32.
    """
    kept: Computation | None = st.session_state.get(_COMPUTATION)
    if kept is None or kept.state != state:
        from rnn_demo.inside.compute import compute  # imports torch

        kept = st.session_state[_COMPUTATION] = compute(state)
    return kept


def _history() -> list[InsideState]:
    states: list[InsideState] = st.session_state.setdefault(_HISTORY, [InsideState.of(PRESETS[0])])
    return states
