"""The address of the page Inside: opened as a link, and kept in step with the screen."""

from collections.abc import Mapping

import streamlit as st

from rnn_demo.app import address
from rnn_demo.app.inside import session
from rnn_demo.app.inside.session import SECTIONS, Session, Shown
from rnn_demo.formats.url import MAX_ADDRESS_CHARACTERS
from rnn_demo.inside import cards, state
from rnn_demo.inside.question import QUESTION_IDS
from rnn_demo.messages import InputError

_PARAMETERS = ("card", "state", "question", "section", "view")


def receive() -> str:
    """Open what the address asks for, if the visitor changed it. A broken link leaves a notice.

    Returns:
        The choice by which the address answers its question; "" for none.
    """
    now = session.current()
    if "hide" in st.query_params:
        now.hidden_parts = state.hidden_parts(st.query_params["hide"])
    news = [address.received(name) for name in _PARAMETERS]  # each of them, to take them all
    if all(text is None for text in news):
        return ""
    try:
        return _open(now, st.query_params.to_dict())
    except InputError as error:
        now.notice = error.message
        return ""


def parameters() -> dict[str, str]:
    """The parameters of a link to what is on screen, without the view.

    A state after a question's change is not in it, but the state before and the answer.
    """
    place, done = session.place(), session.answered()
    start = done.before if done else session.now()
    found = {
        "card": "" if (place, start) == (cards.FIRST_PLACE, cards.home(place)) else place,
        "state": "" if start == cards.home(place) else state.encode(start),
        "question": f"{done.question.id}:{done.chosen}" if done else session.asked(),
        "section": session.section() or "",
    }
    return {name: text for name, text in found.items() if text}


def write() -> None:
    """Keep the address in step with the screen, so that a reload and Back come here again."""
    texts = parameters() | {"view": session.view()}
    if len(texts.get("state", "")) > MAX_ADDRESS_CHARACTERS:
        del texts["state"]  # no address holds so many edits
    address.write_together({name: texts.get(name) or None for name in _PARAMETERS})


def _open(now: Session, query: Mapping[str, str]) -> str:
    """Show what a link shows; returns its answer to its question."""
    shown = _linked(query)
    if shown.state != cards.home(shown.place):
        now.compute(shown.state)  # which may refuse it
    now.travel_to(shown)
    now.view = state.check_view(query.get("view", ""))
    card = cards.card_at(shown.place)
    section = query.get("section", card.section if card else None)
    now.section = section if section in SECTIONS else None
    question_id, _, chosen = query.get("question", "").partition(":")
    is_asked = question_id in QUESTION_IDS and card is None  # a card asks its own question
    now.asked = question_id if is_asked else ""
    return chosen


def _linked(query: Mapping[str, str]) -> Shown:
    """The place and the state in an address."""
    place, text = query.get("card", ""), query.get("state", "")
    if text:
        opened = state.decode(text)
        return Shown(cards.place_of(opened, place), opened)
    place = place if place in cards.PLACES else cards.FIRST_PLACE
    return Shown(place, cards.home(place))
