"""The canvas: strokes that outlive a switch of pages, and are undone one by one."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import streamlit as st
from streamlit_drawable_canvas import CanvasResult, st_canvas

from rnn_demo.data import strokes
from rnn_demo.data.strokes import INK, PEN, SIDE, Stroke

EMPTY = "**Draw a digit here**, or take a hard one below. Until then an example is read."
DRAWN = "Or take one that is hard to read:"
_LINES = 48  # pixels of two lines of text: what is said below the canvas moves nothing


@dataclass(frozen=True)
class Drawing:
    """The canvas after a stroke.

    Attributes:
        json: as the canvas describes it.
        rgba: the canvas itself, uint8 (280, 280, 4).
    """

    json: dict[str, Any]
    rgba: np.ndarray

    @cached_property
    def strokes(self) -> list[Stroke]:
        """What was drawn, stroke by stroke."""
        return strokes.from_canvas(self.json)


def canvas() -> Drawing | None:
    """The drawing so far; None before the first stroke."""
    version = st.session_state.setdefault("canvas/version", 0)
    key = f"canvas/{version}"
    if key not in st.session_state:
        # Freshly on screen: begin from the last drawing, and hold that still. The canvas
        # sends no image of what it began with.
        st.session_state["canvas/base"] = _history()[-1].json if _history() else None
    with st.container(key="room-canvas"):
        result = st_canvas(
            stroke_width=st.session_state.get("canvas/pen", PEN),
            stroke_color=INK,
            width=SIDE,
            height=SIDE,
            initial_drawing=st.session_state["canvas/base"],
            return_image_data=True,
            key=key,
        )
    # What is no drawing changes nothing; an image that is no text is none to the canvas itself.
    with suppress(ValueError, AttributeError):
        _remember(result)
    with st.container(horizontal=True, gap="xsmall"):
        st.button("Clear", icon=":material/delete:", on_click=_clear)
        st.button("Undo stroke", icon=":material/undo:", on_click=_undo, disabled=not _history())
    drawing = current()
    with st.container(height=_LINES, border=False):
        st.caption((strokes.remark(drawing.strokes) or DRAWN) if drawing else EMPTY)
    _examples()
    return drawing


def current() -> Drawing | None:
    """The drawing as it was last seen, whether or not the canvas is on screen."""
    return _history()[-1] if _history() else None


def put(drawn: Sequence[Stroke]) -> None:
    """Strokes in place of the drawing, to be drawn on further; "Undo stroke" takes them back."""
    _history().append(Drawing(strokes.to_canvas(drawn), strokes.render(drawn)))
    _renew()


def _examples() -> None:
    """Digits that are hard to read, each one tap away from the canvas."""
    with st.container(horizontal=True, gap="xsmall"):
        for name in strokes.EXAMPLES:
            digit = next(letter for letter in name if letter.isdigit())
            key = f"canvas/example/{name}"
            st.button(digit, help=name, key=key, on_click=_put_example, args=(name,))


def pen() -> None:
    """The slider for the width of the pen."""
    st.slider("Pen width, pixels", 8, 40, PEN, key="canvas/pen", persist_state="session")


def _history() -> list[Drawing]:
    """The drawing, stroke by stroke."""
    drawings: list[Drawing] = st.session_state.setdefault("canvas/history", [])
    return drawings


def _remember(sent: CanvasResult) -> None:
    """Add what the canvas sent to the history, if it is new.

    Raises:
        ValueError: it sent what is no drawing.
    """
    png, json = sent.image_bytes, sent.json_data
    if png is None or json is None or (_history() and _history()[-1].json == json):
        return
    drawing = Drawing(json, strokes.picture(png))
    if drawing.strokes:
        _history().append(drawing)
    else:
        _history().clear()


def _put_example(name: str) -> None:
    put(strokes.example(name))


def _renew() -> None:
    """Another canvas; only a new key makes one forget its strokes."""
    st.session_state["canvas/version"] = st.session_state.get("canvas/version", 0) + 1


def _clear() -> None:
    """An empty canvas."""
    _history().clear()
    _renew()


def _undo() -> None:
    """The drawing without its last stroke."""
    _history().pop()
    _renew()
