"""A drawing on its way into a 28x28 image, in the browser."""

import base64
import hashlib
from dataclasses import asdict

import numpy as np
import numpy.typing as npt

from rnn_demo.app.components import register_joined
from rnn_demo.app.theme import Palette
from rnn_demo.data.placement import journey
from rnn_demo.data.preprocess import ink, to_mnist

_mount = register_joined(
    "draw/preprocessing", "shared/transport", "shared/float32", styles=["shared/controls"]
)

_EVERY = 2  # the browser gets one of so many pixels in each direction


def show_journey(rgba: npt.NDArray[np.uint8], palette: Palette, *, key: str) -> None:
    """Show the way of a drawing into the field, to play and to scrub.

    Args:
        rgba: uint8 (side, side, 4), the canvas, with ink on it.
        palette: light or dark.
        key: of this place on the page.

    Raises:
        ValueError: there is no ink on it.
    """
    amount = ink(rgba)
    small = np.rint(255 * amount[::_EVERY, ::_EVERY]).astype(np.uint8)
    _mount(
        key=key,
        data={
            "signature": hashlib.sha256(small.tobytes()).hexdigest(),
            "drawing": base64.b64encode(small.tobytes()).decode(),
            "side": len(small),
            "every": _EVERY,
            "image": to_mnist(rgba).astype(float).round(3).ravel().tolist(),
            "journey": asdict(journey(amount)),
            "palette": asdict(palette),
        },
    )
