"""The choice of a card, and of one of the tutorial's networks."""

import streamlit as st

from rnn_demo.app.inside import sentences, session
from rnn_demo.app.text import _
from rnn_demo.inside.cards import CARDS
from rnn_demo.inside.presets import PRESETS


def show_cards() -> None:
    """The six cards."""
    titles = {card.id: sentences.card_title(card.id) for card in CARDS}
    _show_choice(_("Cards"), "inside/card", titles)


def show_networks() -> None:
    """The tutorial's networks, by their classes."""
    classes = {preset.class_name: preset.class_name for preset in PRESETS}
    _show_choice(
        _("The tutorial's networks"),
        "inside/model",
        classes,
        note=_("The four classes of the tutorial that this app began with, with its own numbers."),
    )


def _show_choice(label: str, key: str, titles: dict[str, str], note: str = "") -> None:
    """A choice of places; the one on screen is chosen.

    Args:
        label: of the choice; without a note, for screen readers only.
        key: of the choice.
        titles: by place.
        note: what stands behind the question mark at the label.
    """
    st.session_state[key] = session.place() if session.place() in titles else None
    st.segmented_control(
        label,
        list(titles),
        format_func=titles.__getitem__,
        key=key,
        on_change=_take,
        args=(key,),
        help=note or None,
        label_visibility="visible" if note else "collapsed",
    )


def _take(key: str) -> None:
    """Go to the chosen place; a click on the chosen one changes nothing."""
    if (place := st.session_state[key]) is not None:
        session.choose(place)
