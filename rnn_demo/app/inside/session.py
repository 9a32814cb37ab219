"""One visitor's state of the page Inside: its history, and the computation on screen."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import streamlit as st

from rnn_demo.inside import cards, initial_payload, state
from rnn_demo.inside.question import Answer, Question
from rnn_demo.inside.state import InsideState
from rnn_demo.messages import InputError, Message

if TYPE_CHECKING:  # it imports torch, see `rnn_demo.app.startup`
    from rnn_demo.inside.compute import Computation

MAX_HISTORY_STATES = 200
SECTIONS = ("settings", "code", "tables", "share", "tutorial")

_KEY = "inside/session"


@dataclass(frozen=True)
class Shown:
    """What was on screen: a state, at a place of `cards.PLACES`."""

    place: str
    state: InsideState


@dataclass(frozen=True)
class Answered:
    """A question that the visitor has answered.

    Attributes:
        question: the question.
        chosen: the visitor's choice.
        answer: the right answer.
        before: the state that the question was about.
        after: the state after its change.
        turn: which question it is, from 0, and how many there are about its state.
    """

    question: Question
    chosen: str
    answer: Answer
    before: InsideState
    after: InsideState
    turn: tuple[int, int]


@dataclass
class Session:
    """Everything that the page keeps for a visitor, except its widgets.

    It is one object because Streamlit can end a script at any access to its session state. A
    change takes the object first, so that a second click cannot interrupt it half-way.

    Attributes:
        history: everything shown since the start; the last one is on screen.
        computation: the last one, which is most often that of the state on screen.
        error: why the last change was refused; shown once, where it was made.
        error_at: where: "network", "settings", "grids", "paste" or "share".
        notice: why the link could not be opened; shown until the next change.
        view: of the link or file, see `state.check_view`.
        hidden_parts: the parts of the page that the link hides.
        section: the open section below the network, one of `SECTIONS`.
        asked: id of the question on screen, of a network of the tutorial; "" for the first one.
        answered: the last answered question; it is on screen as long as its state is.
        n_resets: how often the picture was to be clean, with nothing marked as changed.
    """

    history: list[Shown] = field(
        default_factory=lambda: [Shown(cards.FIRST_PLACE, cards.home(cards.FIRST_PLACE))]
    )
    computation: "Computation | None" = None
    error: Message | None = None
    error_at: str = ""
    notice: Message | None = None
    view: str = ""
    hidden_parts: frozenset[str] = frozenset()
    section: str | None = None
    asked: str = ""
    answered: Answered | None = None
    n_resets: int = 0

    @property
    def shown(self) -> Shown:
        """What is on screen."""
        return self.history[-1]

    def compute(self, state: InsideState) -> "Computation":
        """The computation of a state, which is kept until another one is computed.

        Raises:
            InputError: a number grows beyond the largest float32.
        """
        if self.computation is None or self.computation.state != state:
            from rnn_demo.inside.compute import compute  # imports torch

            self.computation = compute(state)
        return self.computation

    def show(self, place: str, state: InsideState) -> None:
        """Go to a state at a place, which has been computed or is a place's saved one."""
        self.notice, self.view = None, ""
        self._append(Shown(place, state))

    def travel_to(self, shown: Shown) -> None:
        """Go where the address leads: by a link, or back and forward in the history."""
        self.notice, self.answered = None, None
        self.n_resets += 1
        if self.history == Session().history:
            self.history = [shown]
        elif self.history[-2:-1] == [shown]:
            self.history = self.history[:-1]
        else:
            self._append(shown)

    def _append(self, shown: Shown) -> None:
        if shown != self.shown:
            self.history = [*self.history, shown][-MAX_HISTORY_STATES:]


def current() -> Session:
    """All that the page keeps for this visitor."""
    session: Session = st.session_state.setdefault(_KEY, Session())
    return session


# What is on screen


def now() -> InsideState:
    """The state on screen."""
    return current().shown.state


def place() -> str:
    """The place on screen, one of `cards.PLACES`."""
    return current().shown.place


def n_resets() -> int:
    """How often the picture was to be clean, with nothing marked as changed."""
    return current().n_resets


def computation() -> "Computation":
    """The computation of the state on screen."""
    session = current()
    return session.compute(session.shown.state)


def payload() -> dict[str, Any]:
    """The payload of the state on screen; the initial one is stored and needs no torch."""
    if now() == initial_payload.STATE:
        return initial_payload.load()
    from rnn_demo.inside.payload import payload  # imports torch

    return payload(computation())


def answered() -> Answered | None:
    """The answered question whose change is on screen."""
    session = current()
    on_screen = session.answered is not None and session.answered.after == session.shown.state
    return session.answered if on_screen else None


def asked() -> str:
    """Id of the question on screen at a network of the tutorial; "" for the first one."""
    return current().asked


def section() -> str | None:
    """The open section below the network, one of `SECTIONS`."""
    return current().section


def notice() -> Message | None:
    """Why the link could not be opened."""
    return current().notice


def view() -> str:
    """The view of the link or file, see `state.check_view`."""
    return current().view


def hidden_parts() -> frozenset[str]:
    """The parts of the page that the link hides."""
    return current().hidden_parts


def take_error(at: str) -> Message | None:
    """Why the last change was refused; forgotten after this call.

    Args:
        at: where the change was made: "network", "settings", "grids", "paste" or "share". Errors
            made elsewhere are kept.
    """
    session = current()
    if session.error_at != at:
        return None
    error, session.error = session.error, None
    return error


# Changes


def go(change: Callable[[InsideState], InsideState], at: str = "network") -> bool:
    """Go to another state of the same network. If it is not allowed, stay and keep the error.

    Args:
        change: from the state on screen to the other one; may raise an `InputError`.
        at: where the change is made, see `take_error`.

    Returns:
        Whether the other state is allowed.
    """
    session = current()
    before = session.shown
    try:
        after = session.compute(change(before.state)).state
    except InputError as error:
        session.error, session.error_at = error.message, at
        return False
    session.show(before.place, after)
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

    go(change, "settings")


def open_file(content: bytes) -> bool:
    """Go to the state in a state file. If it is not allowed, stay and keep the error.

    Returns:
        Whether the file was opened.
    """
    session = current()
    try:
        file = state.load_file(content)
        session.compute(file.state)
    except InputError as error:
        session.error, session.error_at = error.message, "share"
        return False
    session.show(cards.place_of(file.state, file.card), file.state)
    session.view = file.view
    return True


def choose(place: str) -> None:
    """Go to the last state of a place, or to its saved one.

    The section of a card opens with it, and is closed when the card is left.
    """
    session = current()
    left, card = cards.card_at(session.shown.place), cards.card_at(place)
    if card and card.section:
        session.section = card.section
    elif left and left.section == session.section:
        session.section = None
    last = next((it.state for it in reversed(session.history) if it.place == place), None)
    session.asked = ""
    session.show(place, last or cards.home(place))


def undo() -> None:
    """Go back by one state."""
    if can_undo():
        session = current()
        session.history = session.history[:-1]
        session.view = ""


def can_undo() -> bool:
    """Whether there is a state to go back to."""
    return len(current().history) > 1


def reset() -> None:
    """Go to the saved state of the current place."""
    session = current()
    session.n_resets += 1
    session.show(session.shown.place, cards.home(session.shown.place))


def take_answer_back() -> None:
    """Go back to the state that the answered question was about."""
    current().n_resets += 1
    undo()


def open_section(section: str | None) -> None:
    """Open a section below the network, or close it."""
    current().section = section


def ask(question_id: str) -> None:
    """Choose the question that is asked about the tutorial's network on screen."""
    current().asked = question_id


def answer(question: Question, chosen: str, turn: tuple[int, int]) -> None:
    """Make the change of a question and keep its answer. If it is not allowed, keep the error.

    Args:
        question: about the state on screen.
        chosen: one of its choices.
        turn: see `Answered`.
    """
    from rnn_demo.inside import quiz  # imports torch

    session = current()
    place, before = session.shown.place, session.shown.state
    old = session.compute(before)
    try:
        new = session.compute(quiz.changed_state(question, old))
    except InputError as error:
        session.error, session.error_at = error.message, "network"
        return
    right = quiz.answer(question, old, new)
    session.answered = Answered(question, chosen, right, before, new.state, turn)
    session.show(place, new.state)
