"""The canvas: the drawing survives a switch of pages, and each stroke can be undone."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import streamlit as st
from streamlit_drawable_canvas import CanvasResult, st_canvas

from rnn_demo.app.text import _, sentence
from rnn_demo.data import strokes
from rnn_demo.data.strokes import INK, PEN_WIDTH, SIDE, Stroke

_CAPTION_HEIGHT = 48  # pixels, two lines: a longer text below the canvas moves nothing
_HISTORY = "draw/canvas/history"
_VERSION = "draw/canvas/version"  # counts up with each new canvas
_START = "draw/canvas/start"  # the drawing that the canvas on screen started from
_PEN = "draw/canvas/pen"


@dataclass(frozen=True)
class Drawing:
    """The canvas after a stroke.

    Attributes:
        json: the canvas's own description.
        rgba: the pixels of the canvas, uint8 (280, 280, 4).
    """

    json: dict[str, Any]
    rgba: np.ndarray

    @cached_property
    def strokes(self) -> list[Stroke]:
        """The strokes of the drawing."""
        return strokes.from_canvas(self.json)


def canvas() -> Drawing | None:
    """Show the canvas; return its drawing, or None before the first stroke."""
    version = st.session_state.setdefault(_VERSION, 0)
    key = f"draw/canvas/{version}"
    if key not in st.session_state:
        # A new canvas starts from the last drawing, which must not change from then on. The
        # canvas sends no image of the drawing it started from.
        st.session_state[_START] = _history()[-1].json if _history() else None
    with st.container(key="draw-canvas"):
        result = st_canvas(
            stroke_width=st.session_state.get(_PEN, PEN_WIDTH),
            stroke_color=INK,
            width=SIDE,
            height=SIDE,
            initial_drawing=st.session_state[_START],
            return_image_data=True,
            key=key,
        )
    # Invalid data changes nothing. The component raises AttributeError for an image that is
    # not text.
    with suppress(ValueError, AttributeError):
        _remember(result)
    with st.container(horizontal=True, gap="xsmall"):
        st.button(_("Clear"), icon=":material/delete:", on_click=_clear, key="draw/canvas/clear")
        st.button(
            _("Undo stroke"),
            icon=":material/undo:",
            on_click=_undo,
            disabled=not _history(),
            key="draw/canvas/undo",
        )
    drawing = current()
    with st.container(height=_CAPTION_HEIGHT, border=False, key="draw-caption"):
        st.caption(_caption(drawing))
    _examples()
    return drawing


def current() -> Drawing | None:
    """The drawing as it was last seen, whether or not the canvas is on screen."""
    return _history()[-1] if _history() else None


def put(drawn: Sequence[Stroke]) -> None:
    """Replace the drawing by strokes that can be drawn on; "Undo stroke" takes them back."""
    _history().append(Drawing(strokes.to_canvas(drawn), strokes.render(drawn)))
    _renew()


def pen() -> None:
    """Show the slider for the pen width."""
    st.slider(_("Pen width, pixels"), 8, 40, PEN_WIDTH, key=_PEN, persist_state="session")


def _caption(drawing: Drawing | None) -> str:
    if drawing is None:
        return _("**Draw a digit**, or try unusual handwriting. Until then you see an example.")
    hint = strokes.drawing_hint(drawing.strokes)
    return sentence(hint) if hint else _("Or try unusual handwriting:")


def _examples() -> None:
    """Show a button for each example of unusual handwriting."""
    with st.container(horizontal=True, gap="xsmall"):
        for name in strokes.EXAMPLES:
            digit = next(letter for letter in name if letter.isdigit())
            key = f"draw/canvas/example/{name}"
            st.button(digit, help=_(name), key=key, on_click=_put_example, args=(name,))


def _history() -> list[Drawing]:
    """The drawing after each stroke."""
    drawings: list[Drawing] = st.session_state.setdefault(_HISTORY, [])
    return drawings


def _remember(sent: CanvasResult) -> None:
    """Add what the canvas sent to the history, if it is new.

    Raises:
        InputError: it sent no valid drawing.
    """
    png, json = sent.image_bytes, sent.json_data
    if png is None or json is None or (_history() and _history()[-1].json == json):
        return
    drawing = Drawing(json, strokes.from_png(png))
    if drawing.strokes:
        _history().append(drawing)
    else:
        _history().clear()


def _put_example(name: str) -> None:
    put(strokes.example(name))


def _renew() -> None:
    """Show a new canvas: only under a new key does a canvas forget its strokes."""
    st.session_state[_VERSION] = st.session_state.get(_VERSION, 0) + 1


def _clear() -> None:
    """Empty the canvas."""
    _history().clear()
    _renew()


def _undo() -> None:
    """Go back to the drawing without its last stroke."""
    _history().pop()
    _renew()
