"""The readings that the page Draw shows: the stored one, or computed ones.

What computes is imported when it is needed: the first page is on screen before.
"""

from typing import Any

import streamlit as st

from rnn_demo.app.draw import first_reading, inputs, sentences
from rnn_demo.app.draw.first_reading import FIRST_NETWORK
from rnn_demo.app.draw.inputs import Input
from rnn_demo.app.draw.keys import NETWORK, SECOND_NETWORK
from rnn_demo.app.text import _


def selected_network() -> str:
    """The name of the network that reads."""
    return str(st.session_state.get(NETWORK, FIRST_NETWORK))


def reading_of(given: Input) -> tuple[str, dict[str, Any]]:
    """The title of the network and its reading."""
    if selected_network() == FIRST_NETWORK and given.place == inputs.EXAMPLE:
        stored = first_reading.load()
        return sentences.titled(**stored["network"]), stored["reading"]
    return _computed(given, NETWORK)


def _computed(given: Input, network: str) -> tuple[str, dict[str, Any]]:
    """The title of the network that a list has selected, and its reading."""
    from rnn_demo.app.draw import model_picker
    from rnn_demo.app.draw.payload import payload
    from rnn_demo.nn.reading import read

    loaded = model_picker.load(network)
    return loaded.title, payload(given.image, read(loaded.model, given.image))


def compared(given: Input) -> tuple[str, dict[str, Any]]:
    """The list for the second network, and its reading."""
    from rnn_demo.app.draw import model_picker

    with st.container(horizontal=True, vertical_alignment="center", key="tools-draw-compare"):
        st.markdown(_("Compare with"), width="content")
        model_picker.choose(
            _("Compare with"), SECOND_NETWORK, unlike=selected_network(), show_label=False
        )
    return _computed(given, SECOND_NETWORK)
