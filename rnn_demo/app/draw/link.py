"""What is on screen as parameters of the address: it survives a reload, and can be shared.

`drawing` is the drawing, `digit` or `mistake` the index of a test digit, `network` the network
that reads and `compare` the one beside it, `panel` what stands beside the drawing, `why` the
question there, `pen` the width of the pen, and `row` the row, counted from 1.
"""

from urllib.parse import urlencode

import streamlit as st

from rnn_demo.app import address
from rnn_demo.app.draw import canvas, sentences
from rnn_demo.app.draw.first_reading import FIRST_NETWORK
from rnn_demo.app.draw.keys import INDEX, NETWORK, PANEL, PEN, QUESTION, SECOND_NETWORK, SOURCE
from rnn_demo.app.draw.reading_component import N_ROWS
from rnn_demo.app.link_panel import show_link
from rnn_demo.app.text import _, sentence
from rnn_demo.data.pen import PEN_WIDTH, PEN_WIDTHS
from rnn_demo.messages import InputError, Message

_ROW = "draw/row"  # the row that a link asks for, 0-based, and the place it belongs to
_PROBLEM = "draw/link/problem"  # why the last link could not be opened, a Message
_MAX_INDEX, _MAX_DIGITS = 99_999, 5


def receive() -> None:
    """Take over what the address asks for, after a link, a reload, Back or Forward."""
    news = {name: address.received(name) for name in ("drawing", "digit", "mistake")}
    if any(text is not None for text in news.values()):
        _take_input(news)
    _take_choices()
    if problem := st.session_state.pop(_PROBLEM, None):
        assert isinstance(problem, Message)
        st.warning(sentence(problem))


def row_for(place: str) -> int | None:
    """The row that a link asks for, as long as its digit is read."""
    row, asked_for = st.session_state.get(_ROW, (None, None))
    if row is None:
        return None
    if asked_for is None:
        st.session_state[_ROW] = row, place
    elif asked_for != place:
        del st.session_state[_ROW]
        return None
    assert isinstance(row, int)
    return row


def write(place: str) -> None:
    """Keep the address up to date; to be called at the end of a run."""
    row = row_for(place)
    values = _values() | {"row": None if row is None else str(row + 1)}
    for name, text in values.items():
        address.write(name, text)


def show_dialog(row: int) -> None:
    """Show the link to what is on screen, in a dialog.

    Args:
        row: on screen, 0-based; a link to the last row has none, so it is played.
    """
    st.dialog(_("Share what you see"))(_show_link)(row)


def _show_link(row: int) -> None:
    values = {name: text for name, text in _values().items() if text is not None}
    if st.session_state[SOURCE] == "drawing":
        drawing = canvas.current()
        if drawing is None:
            st.markdown(_("Draw a digit first."))
            return
        if drawing.link is None:
            st.warning(sentence(Message("data.too_many_strokes_for_a_link")))
            return
    if row < N_ROWS - 1:
        values["row"] = str(row + 1)
    st.markdown(_("Anyone with this link sees this digit being read."))
    show_link(f"?{urlencode(values)}", key="draw/link")


def _values() -> dict[str, str | None]:
    """The parameters for what is on screen; None for what is as it was at first."""
    source, drawing = st.session_state[SOURCE], canvas.current()
    index = st.session_state.get(INDEX)
    network, panel = st.session_state.get(NETWORK, FIRST_NETWORK), st.session_state[PANEL]
    compared, pen = st.session_state.get(SECOND_NETWORK), st.session_state.get(PEN, PEN_WIDTH)
    return {
        "drawing": drawing.link if drawing else None,
        "digit": str(index) if source == "digit" else None,
        "mistake": str(index) if source == "mistake" else None,
        "network": network if network != FIRST_NETWORK else None,
        "panel": panel if panel != "rows" else None,
        "compare": compared if panel == "comparison" else None,
        "why": st.session_state.get(QUESTION) if panel == "attribution" else None,
        "pen": str(pen) if pen != PEN_WIDTH else None,
    }


def _take_input(news: dict[str, str | None]) -> None:
    """What is read: the drawing stays on the canvas while a test digit is read."""
    if news["drawing"]:
        _open(news["drawing"])
    elif news["drawing"] == "" and canvas.current():
        canvas.clear()
    for source in ("mistake", "digit"):
        index = _number(st.query_params.get(source), 0, _MAX_INDEX)
        if index is not None:
            st.session_state[SOURCE], st.session_state[INDEX] = source, index
            return
    st.session_state[SOURCE] = "drawing"


def _take_choices() -> None:
    """The networks, the panel and the row."""
    if (network := address.received("network")) is not None:
        st.session_state[NETWORK] = network or FIRST_NETWORK
    if compared := address.received("compare"):
        st.session_state[SECOND_NETWORK] = compared
    if (panel := address.received("panel")) is not None:
        st.session_state[PANEL] = panel if panel in sentences.PANELS else "rows"
    if (question := address.received("why")) in sentences.QUESTIONS:
        st.session_state[QUESTION] = question
    if (width := _number(address.received("pen"), *PEN_WIDTHS)) is not None:
        st.session_state[PEN] = width
    if (row := _number(address.received("row"), 1, N_ROWS)) is not None:
        st.session_state[_ROW] = row - 1, None


def _number(text: str | None, least: int, most: int) -> int | None:
    """The number that a parameter gives, if it lies in a range."""
    if text and text.isdecimal() and len(text) <= _MAX_DIGITS and least <= int(text) <= most:
        return int(text)
    return None


def _open(text: str) -> None:
    """Put the drawing of a link onto the canvas, or store why that is not possible."""
    from rnn_demo.data import strokes

    drawing = canvas.current()
    if drawing and drawing.address == text:
        return
    try:
        canvas.put(strokes.decode(text), text)
    except InputError as error:
        st.session_state[_PROBLEM] = error.message
