"""The canvas: the drawing survives a switch of pages, and each stroke can be undone.

The page is on screen before NumPy is imported, so this module imports it only for a drawing.
"""

import base64
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st
import streamlit_drawable_canvas

from rnn_demo.app.draw import first_reading
from rnn_demo.app.draw.gallery_component import chosen_place, show_gallery
from rnn_demo.app.draw.keys import PEN
from rnn_demo.app.glossary import show_explained
from rnn_demo.app.text import _, sentence
from rnn_demo.app.theme import palette
from rnn_demo.data.pen import INK, PEN_WIDTH, PEN_WIDTHS, SIDE

if TYPE_CHECKING:
    import numpy as np

    from rnn_demo.data.strokes import Stroke

_EXAMPLES = "draw/canvas/examples"
_HISTORY = "draw/canvas/history"
_VERSION = "draw/canvas/version"  # counts up with each new canvas
_START = "draw/canvas/start"  # the drawing that the canvas on screen started from

# The package's own script, with its style sheet inline. As a file, the sheet is fetched again for
# each new canvas. Until it arrives, the canvas lies 287 px too low, and a stroke misses it.
_BUILT = Path(streamlit_drawable_canvas.__file__).parent / "frontend" / "build"
# Its toolbar appears under the pointer and covers what stands above the canvas. "Clear" and "Undo
# stroke" are below.
_NO_TOOLBAR = ".dc-toolbar { display: none !important }"
# As in `rnn_demo.app.components`, no `await` outside a function.
_LOADER = """\
const path = "_stcore/bidi-components/streamlit-drawable-canvas.streamlit_drawable_canvas/{script}"
const loading = import(new URL(path, document.baseURI))
export default async (args) => (await loading).default(args)
"""
_mount_canvas = st.components.v2.component(
    "rnn_demo_draw_canvas",
    js=_LOADER.format(script=next(_BUILT.glob("*.js")).name),
    css=next(_BUILT.glob("*.css")).read_text("utf-8") + _NO_TOOLBAR,
    html='<div class="canvas-root"></div>',
)


@dataclass(frozen=True)
class Drawing:
    """The canvas after a stroke.

    The picture is made from the strokes: some browsers hand out noise for the pixels of a canvas,
    so that nobody can tell them apart by how they draw (Firefox and Tor call this fingerprinting).

    Attributes:
        json: the canvas's own description.
        address: the text of the link that it came from, if any.
    """

    json: dict[str, Any]
    address: str | None = None

    @cached_property
    def link(self) -> str | None:
        """The drawing as text for the address; None if it has too many strokes, or none."""
        from rnn_demo.data import strokes
        from rnn_demo.messages import InputError

        if self.address or not self._drawn:
            return self.address
        with suppress(InputError):
            return strokes.encode(self._drawn)
        return None

    @cached_property
    def strokes(self) -> "list[Stroke]":
        """The strokes that are read: those in the link, so that it shows the same as the drawing.

        Without a link they are those on the canvas.
        """
        from rnn_demo.data import strokes

        return strokes.decode(self.link) if self.link else self._drawn

    @cached_property
    def rgba(self) -> "np.ndarray":
        """The picture of the strokes, uint8 (280, 280, 4)."""
        from rnn_demo.data import strokes

        return strokes.render(self.strokes)

    @cached_property
    def _drawn(self) -> "list[Stroke]":
        from rnn_demo.data import strokes

        return strokes.from_canvas(self.json)


def canvas() -> Drawing | None:
    """Show the canvas; return its drawing, or None before the first stroke."""
    version = st.session_state.setdefault(_VERSION, 0)
    key = f"draw/canvas/{version}"
    if key not in st.session_state:
        # A new canvas starts from the last drawing, which must not change from then on.
        st.session_state[_START] = _history()[-1].json if _history() else None
    with st.container(key="draw-canvas"):
        sent = _mount(key)
    with suppress(ValueError):  # invalid data changes nothing
        _remember(sent)
    with st.container(horizontal=True, gap="xsmall"):
        st.button(_("Clear"), icon=":material/delete:", on_click=clear, key="draw/canvas/clear")
        st.button(
            _("Undo stroke"),
            icon=":material/undo:",
            on_click=_undo,
            disabled=not _history(),
            key="draw/canvas/undo",
        )
    drawing = current()
    with st.container(key="draw-caption"):
        show_explained(_caption(drawing))
    return drawing


def _mount(key: str) -> Any:
    """Show the canvas; return what it sent, which may be anything.

    The package's own `st_canvas` hands the drawing over as a dictionary; Streamlit would import
    pandas to find out whether that is a data frame. Fabric.js takes it as text, too.
    """
    start = st.session_state[_START] or {"objects": []}
    data = {
        "strokeWidth": st.session_state.get(PEN, PEN_WIDTH),
        "strokeColor": INK,
        "fillColor": "",
        "backgroundColor": "",
        "backgroundImageURL": None,
        "backgroundImageFit": "stretch",
        "realtimeUpdateStreamlit": True,
        "canvasWidth": SIDE,
        "canvasHeight": SIDE,
        "maxDisplayHeight": None,
        "drawingMode": "freedraw",
        "initialDrawing": json.dumps(start),
        "displayRadius": 3,
        "returnImageData": False,
        "disabled": False,
        "fontSize": 20,
        "label": "",
    }
    result = _mount_canvas(
        key=key,
        data=data,
        default={"drawing": None},
        on_drawing_change=lambda: None,
        width="content",
        height="content",
    )
    return result.get("drawing")


def current() -> Drawing | None:
    """The drawing as it was last seen, whether or not the canvas is on screen."""
    return _history()[-1] if _history() else None


def put(drawn: "Sequence[Stroke]", address: str | None = None) -> None:
    """Replace the drawing by strokes that can be drawn on; "Undo stroke" takes them back.

    Args:
        drawn: the strokes.
        address: the text of the link that they came from, if any.
    """
    from rnn_demo.data import strokes

    _history().append(Drawing(strokes.to_canvas(drawn), address))
    _renew()


def clear() -> None:
    """Empty the canvas."""
    _history().clear()
    _renew()


def pen() -> None:
    """Show the slider for the pen width."""
    st.session_state.setdefault(PEN, PEN_WIDTH)
    st.slider(_("Pen width, pixels"), *PEN_WIDTHS, key=PEN, persist_state="session")


def _caption(drawing: Drawing | None) -> str:
    if drawing is None:
        return _("Draw here, or pick unusual handwriting. Until you draw, an example is read.")
    from rnn_demo.data import strokes

    hint = strokes.drawing_hint(drawing.strokes)
    return sentence(hint) if hint else _("Or try unusual handwriting:")


def examples() -> None:
    """Show the examples of unusual handwriting as small images."""
    images = first_reading.load()["examples"]
    show_gallery(
        [_(name) for name in images],
        _joined(list(images.values())),
        palette(),
        key=_EXAMPLES,
        columns=len(images),
        on_choose=_put_example,
    )


def _joined(images: list[str]) -> str:
    """Images in base64 as one; each has 784 bytes, which leaves one byte in the last group."""
    return base64.b64encode(b"".join(map(base64.b64decode, images))).decode()


def _put_example() -> None:
    from rnn_demo.data import strokes

    names = list(strokes.EXAMPLES)
    place = chosen_place(_EXAMPLES, len(names))
    if place is not None:
        put(strokes.example(names[place]))


def _history() -> list[Drawing]:
    """The drawing after each stroke."""
    drawings: list[Drawing] = st.session_state.setdefault(_HISTORY, [])
    return drawings


def _remember(sent: Any) -> None:
    """Add what the canvas sent to the history, if it is new.

    Raises:
        ValueError: it sent no valid drawing.
    """
    if not isinstance(sent, dict) or not isinstance(drawn := sent.get("raw"), dict):
        return
    if _history() and _history()[-1].json == drawn:
        return
    drawing = Drawing(drawn)
    if drawing.strokes:
        _history().append(drawing)
    else:
        _history().clear()


def _renew() -> None:
    """Show a new canvas: only under a new key does a canvas forget its strokes."""
    st.session_state[_VERSION] = st.session_state.get(_VERSION, 0) + 1


def _undo() -> None:
    """Go back to the drawing without its last stroke."""
    _history().pop()
    _renew()
