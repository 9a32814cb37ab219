"""One visitor's state of the page Inside: its history, and the computation on screen."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import streamlit as st

from rnn_demo.inside import initial_payload, state
from rnn_demo.inside.presets import PRESETS
from rnn_demo.inside.state import InsideState
from rnn_demo.messages import InputError, Message

if TYPE_CHECKING:  # it imports torch, see `rnn_demo.app.startup`
    from rnn_demo.inside.compute import Computation

MAX_HISTORY_STATES = 200

_SESSION = "inside/session"


@dataclass
class _Session:
    """Everything that the page keeps for a visitor, except its widgets.

    It is one object because Streamlit can end a script at any access to its session state. A
    change takes the object first, so that a second click cannot interrupt it half-way.

    Attributes:
        history: all states since the start; the last one is on screen.
        computation: the last one, which is most often that of the state on screen.
        error: why the last change was refused; shown once.
        notice: why the link could not be opened; shown until the next change.
        opened_link: the link that is open.
        view: of the link or file, see `state.check_view`.
        hidden_parts: the parts of the page that the link hides.
    """

    history: list[InsideState] = field(default_factory=lambda: [InsideState.of(PRESETS[0])])
    computation: "Computation | None" = None
    error: Message | None = None
    notice: Message | None = None
    opened_link: str = ""
    view: str = ""
    hidden_parts: frozenset[str] = frozenset()

    def compute(self, state: InsideState) -> "Computation":
        """The computation of a state, which is kept until another one is computed.

        Raises:
            InputError: a number grows beyond the largest float32.
        """
        if self.computation is None or self.computation.state != state:
            from rnn_demo.inside.compute import compute  # imports torch

            self.computation = compute(state)
        return self.computation


def _session() -> _Session:
    session: _Session = st.session_state.setdefault(_SESSION, _Session())
    return session


def now() -> InsideState:
    """The state on screen."""
    return _session().history[-1]


def computation() -> "Computation":
    """The computation of the state on screen."""
    session = _session()
    return session.compute(session.history[-1])


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
    session = _session()
    if "hide" in query:
        session.hidden_parts = state.hidden_parts(query["hide"])
    link = query.get("state", "")
    if link in ("", session.opened_link):
        return
    session.opened_link = link
    try:
        opened = session.compute(state.decode(link)).state
    except InputError as error:
        session.notice = error.message
        return
    session.history = [opened]
    session.view = state.check_view(query.get("view", ""))


def go(change: Callable[[InsideState], InsideState]) -> bool:
    """Go to another state. If it is not allowed, stay and keep the error.

    Args:
        change: from the state on screen to the other one; may raise an `InputError`.

    Returns:
        Whether the other state is allowed.
    """
    session = _session()
    before = session.history[-1]
    try:
        after = session.compute(change(before)).state
    except InputError as error:
        session.error = error.message
        return False
    session.notice = None
    if after != before:
        session.history = [*session.history, after][-MAX_HISTORY_STATES:]
    return True


def edit(sent: object) -> None:
    """Apply an edit that the browser sent."""

    def change(state: InsideState) -> InsideState:
        from rnn_demo.inside import compute  # imports torch

        return compute.edit_from_browser(state, sent)

    go(change)


def change_setting(name: str, value: object) -> None:
    """Change a setting."""

    def change(state: InsideState) -> InsideState:
        from rnn_demo.inside import compute  # imports torch

        return compute.change_setting(state, name, value)

    go(change)


def open_file(content: bytes) -> None:
    """Go to the state in a state file."""
    session = _session()

    def opened(_: InsideState) -> InsideState:
        loaded, session.view = state.load_file(content)
        return loaded

    go(opened)


def choose(model: str) -> None:
    """Go to the last state of a network, or to its preset."""
    last = next((it for it in reversed(_session().history) if it.model == model), None)
    preset = next(InsideState.of(it) for it in PRESETS if it.class_name == model)
    go(lambda _: last or preset)


def undo() -> None:
    """Go back by one state."""
    if can_undo():
        _session().history.pop()


def can_undo() -> bool:
    """Whether there is a state to go back to."""
    return len(_session().history) > 1


def reset() -> None:
    """Go to the preset of the current network."""
    go(lambda state: InsideState.of(state.preset))


def take_error() -> Message | None:
    """Why the last change was refused; forgotten after this call."""
    session = _session()
    error, session.error = session.error, None
    return error


def notice() -> Message | None:
    """Why the link could not be opened."""
    return _session().notice


def view() -> str:
    """The view of the link or file, see `state.check_view`."""
    return _session().view


def hidden_parts() -> frozenset[str]:
    """The parts of the page that the link hides."""
    return _session().hidden_parts
