"""One visitor's flow lab in the session: every state since the start, to go on and back."""

from collections.abc import Callable

import streamlit as st

from rnn_demo.inside import state
from rnn_demo.inside.presets import PRESETS
from rnn_demo.inside.state import LabState

_HISTORY = "lab/history"  # the present state is the last
_PROBLEM = "lab/problem"  # why the last change was refused; told once
_NOTICE = "lab/notice"  # about a broken link; stands until something is changed
_OPENED = "lab/opened"  # the link this session was opened with
_VIEW = "lab/view"
_HIDDEN = "lab/hidden"
_KEPT = 200  # states to go back to


def now() -> LabState:
    """The state on screen."""
    return _history()[-1]


def begin(query: dict[str, str]) -> None:
    """Open the link in the address, once; a broken one leaves a sentence.

    Args:
        query: the parameters of the address: "lab", "view" and "hide".
    """
    token = query.get("lab", "")
    if "hide" in query:
        st.session_state[_HIDDEN] = state.hidden(query["hide"])
    if token in ("", st.session_state.get(_OPENED)):
        return
    st.session_state[_OPENED] = token
    try:
        opened = _computable(state.decode(token))
    except ValueError as error:
        st.session_state[_NOTICE] = f"{error} This is the preset instead."
        return
    st.session_state[_HISTORY] = [opened]
    st.session_state[_VIEW] = state.check_view(query.get("view", ""))


def open_file(content: bytes) -> None:
    """Go on to the state in a state file, or say in a sentence why not."""

    def opened() -> LabState:
        loaded, st.session_state[_VIEW] = state.load_file(content)
        return loaded

    go(opened)


def go(make: Callable[[], LabState]) -> bool:
    """Go on to another state, or leave everything and keep the reason as a sentence.

    Returns:
        Whether it went.
    """
    try:
        state = _computable(make())
    except ValueError as error:
        st.session_state[_PROBLEM] = str(error)
        return False
    st.session_state.pop(_NOTICE, None)
    if state != now():
        _history().append(state)
        del _history()[:-_KEPT]
    return True


def edit(typed: object) -> None:
    """Go on to the state with a number that was typed in the picture."""
    from rnn_demo.inside import compute  # with torch, see `rnn_demo.app.startup`

    go(lambda: compute.edit_typed(now(), typed))


def change(name: str, value: object) -> None:
    """Go on to the state with another setting."""
    from rnn_demo.inside import compute  # with torch, see `rnn_demo.app.startup`

    go(lambda: compute.change(now(), name, value))


def choose(model: str) -> None:
    """Go to a network, as it was left or as the tutorial has it."""
    left = next((state for state in reversed(_history()) if state.model == model), None)
    fresh = next(LabState.of(preset) for preset in PRESETS if preset.class_name == model)
    go(lambda: left or fresh)


def undo() -> None:
    """Back by one state."""
    if can_undo():
        _history().pop()


def can_undo() -> bool:
    """Whether there is anything to take back."""
    return len(_history()) > 1


def reset() -> None:
    """The tutorial's numbers again."""
    go(lambda: LabState.of(now().preset))


def problem() -> str:
    """Why the last change was refused; asked once, it is forgotten."""
    return str(st.session_state.pop(_PROBLEM, ""))


def notice() -> str:
    """What is to be said about a broken link."""
    return str(st.session_state.get(_NOTICE, ""))


def view() -> str:
    """What a link or a file says to look at."""
    return str(st.session_state.get(_VIEW, ""))


def hidden() -> frozenset[str]:
    """The controls that the link hides."""
    parts: frozenset[str] = st.session_state.get(_HIDDEN, frozenset())
    return parts


def _computable(state: LabState) -> LabState:
    """The state, if it can be computed.

    Raises:
        ValueError: the numbers grow beyond what a float32 holds.
    """
    from rnn_demo.inside import compute  # with torch, see `rnn_demo.app.startup`

    compute.compute(state)
    return state


def _history() -> list[LabState]:
    states: list[LabState] = st.session_state.setdefault(_HISTORY, [LabState.of(PRESETS[0])])
    return states
