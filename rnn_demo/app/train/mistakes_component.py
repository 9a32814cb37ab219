"""Digits that a network got wrong, as pictures to click on."""

import base64
from collections.abc import Sequence
from dataclasses import asdict

from rnn_demo.app.components import register_joined
from rnn_demo.app.palette import Palette
from rnn_demo.data.digits import Digits
from rnn_demo.training.result import Mistake

_mount = register_joined(
    "train/mistakes",
    "shared/transport",
    "shared/float32",
    "shared/digit_image",
    styles=["shared/controls"],
)


def mistakes(
    found: Sequence[Mistake], test: Digits, palette: Palette, *, key: str
) -> Mistake | None:
    """Show mistakes; the one that was clicked on just now.

    Args:
        found: what to show.
        test: the digits that their indices count.
        palette: light or dark.
        key: of this place on the page.
    """
    images = test.images[[mistake.index for mistake in found]].tobytes()
    opened = _mount(
        key=key,
        data={
            "images": base64.b64encode(images).decode(),
            "mistakes": [asdict(mistake) for mistake in found],
            "palette": asdict(palette),
        },
        on_opened_change=lambda: None,
    ).opened
    return next((mistake for mistake in found if mistake.index == opened), None)
