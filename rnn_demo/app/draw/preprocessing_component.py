"""The animated preprocessing of a drawing, in the browser."""

import base64
import hashlib
from dataclasses import asdict
from typing import Any

import numpy as np

from rnn_demo.app.components import register, transport_text
from rnn_demo.app.text import _
from rnn_demo.app.theme import Palette
from rnn_demo.data.preprocess import Placement, Preprocessing

_mount = register(
    "draw_preprocessing",
    module="draw/preprocessing.js",
    html="draw/preprocessing.html",
    css=["shared/controls.css", "draw/preprocessing.css"],
)

BLOCK = 2  # the browser gets one mean for a square of so many canvas pixels a side


def animate(preprocessing: Preprocessing, palette: Palette, *, key: str) -> None:
    """Show the steps from a drawing to its image, to play and to scrub.

    Args:
        preprocessing: of a square drawing with ink on it; its side is a multiple of `BLOCK`.
        palette: light or dark.
        key: of this place on the page.
    """
    _mount(key=key, data=payload(preprocessing) | {"palette": asdict(palette)})


def payload(preprocessing: Preprocessing) -> dict[str, Any]:
    """The data of the animation: the ink that the network gets, the image, and the steps."""
    side = len(preprocessing.ink) // BLOCK
    ink = preprocessing.ink.reshape(side, BLOCK, side, BLOCK).mean(axis=(1, 3))
    small = np.rint(255 * ink).astype(np.uint8).tobytes()
    return {
        "signature": hashlib.sha256(small).hexdigest(),
        "ink": base64.b64encode(small).decode(),
        "side": side,
        "block": BLOCK,
        "image": preprocessing.image.astype(float).round(3).ravel().tolist(),
        "box": preprocessing.box,
        "mass": preprocessing.mass,
        "steps": _steps(preprocessing),
        "text": {"transport": transport_text()},
    }


def _steps(preprocessing: Preprocessing) -> list[dict[str, Any]]:
    """The steps of the animation; see `Step` in assets/draw/steps.js."""
    if preprocessing.has_specks:
        first = _("Your drawing on the canvas, without stray specks.")
    else:
        first = _("Your drawing on the canvas.")
    return [
        _step(first, preprocessing.shrunk),
        _step(_("Find the box around the ink."), preprocessing.shrunk, box=1),
        _step(_("Scale the box to 20 pixels and centre it."), preprocessing.boxed, box=1),
        _step(
            _("Move the centre of mass, the cross, to the middle."),
            preprocessing.centred,
            box=0.3,
            mass=1,
        ),
        _step(_("28 x 28 pixels: what the network sees."), preprocessing.centred, image=1),
    ]


def _step(
    text: str, placement: Placement, *, box: float = 0, mass: float = 0, image: float = 0
) -> dict[str, Any]:
    return {
        "text": text,
        "placement": asdict(placement),
        "box": box,
        "mass": mass,
        "image": image,
    }
