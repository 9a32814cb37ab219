"""A drawing as a link: made here, and opened here."""

import streamlit as st

from rnn_demo.app.draw import canvas
from rnn_demo.data import strokes
from rnn_demo.formats import url

PARAMETER = "drawing"
_OPENED = "share/opened"  # the text of the link that was opened, and the drawing it gave
_PROBLEM = "share/problem"


def receive() -> None:
    """Put the drawing in the address onto the canvas, once, and keep the address true.

    A switch of pages empties the address; it holds its link again as long as the canvas holds
    that drawing, and loses it once something else is drawn.
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
        st.warning(st.session_state.pop(_PROBLEM))


def _open(text: str) -> None:
    """The drawing of a link, or in a sentence why there is none."""
    try:
        canvas.put(strokes.decode(text))
    except ValueError as error:
        st.session_state[_PROBLEM] = str(error)
        del st.query_params[PARAMETER]
    else:
        st.session_state[_OPENED] = (text, canvas.current())


def panel() -> None:
    """A button for the link to the drawing, which is made when it is asked for."""
    if st.button("Share", icon=":material/share:", key="share/show"):
        _show_link()


@st.dialog("Share this drawing")
def _show_link() -> None:
    drawing = canvas.current()
    if drawing is None:
        st.markdown("Draw a digit, and a link to it stands here.")
        return
    address = f"{st.context.url}?{PARAMETER}="
    try:
        link = address + strokes.encode(drawing.strokes, url.MAX_LINK_CHARACTERS - len(address))
    except ValueError as error:
        st.warning(str(error))
        return
    st.markdown("Who opens this link sees your drawing being read.")
    st.code(link, language=None, wrap_lines=True)
