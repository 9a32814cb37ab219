"""Digits that a network misread, as images to click."""

import base64
from collections.abc import Sequence
from dataclasses import asdict

from rnn_demo.app.components import no_callback, register
from rnn_demo.app.text import _
from rnn_demo.app.theme import Palette
from rnn_demo.data.digits import Digits
from rnn_demo.training.result import Mistake

_mount = register(
    "train_mistakes",
    module="train/mistakes.js",
    html="train/mistakes.html",
    css=["shared/controls.css", "train/mistakes.css"],
)


def mistakes(
    shown: Sequence[Mistake],
    test: Digits,
    palette: Palette,
    *,
    focus: int | None,
    key: str,
) -> Mistake | None:
    """Show mistakes and return the one that was just clicked, if any.

    Args:
        shown: the mistakes.
        test: the digits that their indices refer to.
        palette: light or dark.
        focus: index of the mistake to go to when the list appears; None for none.
        key: of this component.
    """
    images = test.images[[mistake.index for mistake in shown]].tobytes()
    opened = _mount(
        key=key,
        data={
            "text": text(),
            "images": base64.b64encode(images).decode(),
            "mistakes": [asdict(mistake) for mistake in shown],
            "palette": asdict(palette),
            "focus": focus,
        },
        on_opened_change=no_callback,
    ).opened
    return next((mistake for mistake in shown if mistake.index == opened), None)


def text() -> dict[str, str]:
    """The words beside the mistakes, in the visitor's language; templates have {placeholders}."""
    return {
        "list": _("Mistakes, the most confident first"),
        "answers": _("{label} as {answer}"),
        "confidence": _("{confidence} % sure"),
        "mistake": _("Test digit {index}: {label} read as {answer}, {confidence} % sure"),
    }
