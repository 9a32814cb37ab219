"""One visitor's state of the page Inside: its history, and the computation on screen."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import streamlit as st

from rnn_demo.app import address
from rnn_demo.formats.url import MAX_LINK_CHARACTERS
from rnn_demo.inside import cards, initial_payload, state
from rnn_demo.inside.question import QUESTION_IDS, Answer, Question
from rnn_demo.inside.state import InsideState
from rnn_demo.messages import InputError, Message

if TYPE_CHECKING:  # it imports torch, see `rnn_demo.app.startup`
    from rnn_demo.inside.compute import Computation

MAX_HISTORY_STATES = 200
SECTIONS = ("settings", "code", "tables", "share", "tutorial")

_SESSION = "inside/session"
_PARAMETERS = ("card", "state", "question", "section", "view")  # of the address


@dataclass(frozen=True)
class _Shown:
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
class _Session:
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

    history: list[_Shown] = field(
        default_factory=lambda: [_Shown(cards.FIRST_PLACE, cards.home(cards.FIRST_PLACE))]
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
    def shown(self) -> _Shown:
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
        shown = _Shown(place, state)
        if shown != self.shown:
            self.history = [*self.history, shown][-MAX_HISTORY_STATES:]


def _session() -> _Session:
    session: _Session = st.session_state.setdefault(_SESSION, _Session())
    return session


# What is on screen


def now() -> InsideState:
    """The state on screen."""
    return _session().shown.state


def place() -> str:
    """The place on screen, one of `cards.PLACES`."""
    return _session().shown.place


def n_resets() -> int:
    """How often the picture was to be clean, with nothing marked as changed."""
    return _session().n_resets


def computation() -> "Computation":
    """The computation of the state on screen."""
    session = _session()
    return session.compute(session.shown.state)


def payload() -> dict[str, Any]:
    """The payload of the state on screen; the initial one is stored and needs no torch."""
    if now() == initial_payload.STATE:
        return initial_payload.load()
    from rnn_demo.inside.payload import payload  # imports torch

    return payload(computation())


def answered() -> Answered | None:
    """The answered question whose change is on screen."""
    session = _session()
    on_screen = session.answered is not None and session.answered.after == session.shown.state
    return session.answered if on_screen else None


def asked() -> str:
    """Id of the question on screen at a network of the tutorial; "" for the first one."""
    return _session().asked


def section() -> str | None:
    """The open section below the network, one of `SECTIONS`."""
    return _session().section


def notice() -> Message | None:
    """Why the link could not be opened."""
    return _session().notice


def view() -> str:
    """The view of the link or file, see `state.check_view`."""
    return _session().view


def hidden_parts() -> frozenset[str]:
    """The parts of the page that the link hides."""
    return _session().hidden_parts


def take_error(at: str) -> Message | None:
    """Why the last change was refused; forgotten after this call.

    Args:
        at: where the change was made: "network", "settings", "grids", "paste" or "share". Errors
            made elsewhere are kept.
    """
    session = _session()
    if session.error_at != at:
        return None
    error, session.error = session.error, None
    return error


# The address


def begin() -> str:
    """Open what the address asks for, if the visitor changed it. A broken link leaves a notice.

    Returns:
        The choice by which the address answers its question; "" for none.
    """
    session = _session()
    if "hide" in st.query_params:
        session.hidden_parts = state.hidden_parts(st.query_params["hide"])
    news = [address.received(name) for name in _PARAMETERS]  # each of them, to take them all
    if all(text is None for text in news):
        return ""
    try:
        return _open_link(session, st.query_params.to_dict())
    except InputError as error:
        session.notice = error.message
        return ""


def link() -> dict[str, str]:
    """The parameters of a link to what is on screen, without the view.

    A state after a question's change is not in it, but the state before and the answer.
    """
    shown, done = _session().shown, answered()
    start = done.before if done else shown.state
    found = {
        "card": "" if shown.place == cards.FIRST_PLACE else shown.place,
        "state": "" if start == cards.home(shown.place) else state.encode(start),
        "question": f"{done.question.id}:{done.chosen}" if done else asked(),
        "section": section() or "",
    }
    return {name: text for name, text in found.items() if text}


def write_address() -> None:
    """Keep the address in step with the screen, so that a reload and Back come here again."""
    texts = link() | {"view": view()}
    if len(texts.get("state", "")) > MAX_LINK_CHARACTERS:
        del texts["state"]  # no link holds so many edits
    address.write_together({name: texts.get(name) or None for name in _PARAMETERS})


def _open_link(session: _Session, query: Mapping[str, str]) -> str:
    """Show what a link shows; returns its answer to its question."""
    place, opened = _linked(query)
    if opened != cards.home(place):
        session.compute(opened)  # which may refuse it
    _go_back_or_on(session, _Shown(place, opened))
    session.notice, session.answered = None, None
    session.n_resets += 1
    session.view = state.check_view(query.get("view", ""))
    card = cards.card_at(place)
    section = query.get("section", card.section if card else None)
    session.section = section if section in SECTIONS else None
    question_id, _, chosen = query.get("question", "").partition(":")
    is_asked = question_id in QUESTION_IDS and card is None
    session.asked = question_id if is_asked else ""
    return chosen


def _linked(query: Mapping[str, str]) -> tuple[str, InsideState]:
    """The place and the state in an address; a card needs the class of its own network."""
    place, text = query.get("card", ""), query.get("state", "")
    if not text:
        place = place if place in cards.PLACES else cards.FIRST_PLACE
        return place, cards.home(place)
    opened = state.decode(text)
    return _place_of(place, opened), opened


def _place_of(place: str, opened: InsideState) -> str:
    """The place if it has the class of a state, otherwise the tutorial's network of this class."""
    fits = place in cards.PLACES and cards.home(place).model == opened.model
    return place if fits else opened.model


def _go_back_or_on(session: _Session, shown: _Shown) -> None:
    """Go to what a link shows; Back goes back in the history, too."""
    if session.history == _Session().history:
        session.history = [shown]
    elif len(session.history) > 1 and session.history[-2] == shown:
        session.history = session.history[:-1]
    elif session.shown != shown:
        session.history = [*session.history, shown][-MAX_HISTORY_STATES:]


# Changes


def go(change: Callable[[InsideState], InsideState], at: str = "network") -> bool:
    """Go to another state of the same network. If it is not allowed, stay and keep the error.

    Args:
        change: from the state on screen to the other one; may raise an `InputError`.
        at: where the change is made, see `take_error`.

    Returns:
        Whether the other state is allowed.
    """
    session = _session()
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
    session = _session()
    try:
        file = state.load_file(content)
        session.compute(file.state)
    except InputError as error:
        session.error, session.error_at = error.message, "share"
        return False
    session.show(_place_of(file.card, file.state), file.state)
    session.view = file.view
    return True


def choose(place: str) -> None:
    """Go to the last state of a place, or to its saved one.

    The section of a card opens with it, and is closed when the card is left.
    """
    session = _session()
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
        session = _session()
        session.history = session.history[:-1]
        session.view = ""


def can_undo() -> bool:
    """Whether there is a state to go back to."""
    return len(_session().history) > 1


def reset() -> None:
    """Go to the saved state of the current place."""
    session = _session()
    session.n_resets += 1
    session.show(session.shown.place, cards.home(session.shown.place))


def take_answer_back() -> None:
    """Go back to the state that the answered question was about."""
    _session().n_resets += 1
    undo()


def open_section(section: str | None) -> None:
    """Open a section below the network, or close it."""
    _session().section = section


def ask(question_id: str) -> None:
    """Ask another question about a network of the tutorial."""
    _session().asked = question_id


def keep_answer(answered: Answered) -> None:
    """Keep an answered question; the state on screen is the one after its change."""
    _session().answered = answered
