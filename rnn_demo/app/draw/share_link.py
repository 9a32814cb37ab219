"""A drawing as a link: make one, and open one."""

import streamlit as st

from rnn_demo.app.draw import canvas
from rnn_demo.app.text import _, sentence
from rnn_demo.data import strokes
from rnn_demo.formats import url
from rnn_demo.messages import InputError

PARAMETER = "drawing"
_OPENED = "draw/share/opened"  # the text of the link that was opened, and its drawing
_PROBLEM = "draw/share/problem"  # why the last link could not be opened, a Message


def receive() -> None:
    """Put the drawing in the address onto the canvas, once, and keep the address up to date.

    A switch of pages empties the address. It gets its link back as long as the canvas still
    holds that drawing, and loses it when the drawing changes.
    """
    text = st.query_params.get(PARAMETER)
    opened, drawing = st.session_state.get(_OPENED, (None, None))
    if text is not None and text != opened:
        _open(text)
    elif opened is not None and drawing is canvas.current():
        if text is None:
            st.query_params[PARAMETER] = opened
    elif text is not None:
        del st.query_params[PARAMETER]
    if _PROBLEM in st.session_state:
        st.warning(sentence(st.session_state.pop(_PROBLEM)))


def _open(text: str) -> None:
    """Put the drawing of a link onto the canvas, or store why that is not possible."""
    try:
        canvas.put(strokes.decode(text))
    except InputError as error:
        st.session_state[_PROBLEM] = error.message
        del st.query_params[PARAMETER]
    else:
        st.session_state[_OPENED] = (text, canvas.current())


def panel() -> None:
    """Show a button that makes the link to the drawing."""
    if st.button(_("Share"), icon=":material/share:", key="draw/share/show"):
        st.dialog(_("Share this drawing"))(_show_link)()


def _show_link() -> None:
    drawing = canvas.current()
    if drawing is None:
        st.markdown(_("Draw a digit first."))
        return
    address = f"{st.context.url}?{PARAMETER}="
    try:
        link = address + strokes.encode(drawing.strokes, url.MAX_LINK_CHARACTERS - len(address))
    except InputError as error:
        st.warning(sentence(error.message))
        return
    st.markdown(_("Anyone with this link sees your drawing being read."))
    st.code(link, language=None, wrap_lines=True)
