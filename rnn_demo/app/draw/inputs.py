"""What the network reads: the visitor's drawing, an example, or a test digit."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from rnn_demo.app.draw import canvas, first_reading
from rnn_demo.app.draw.canvas import Drawing
from rnn_demo.app.errors import show_errors

if TYPE_CHECKING:
    import numpy as np

    from rnn_demo.data.preprocess import Preprocessing

EXAMPLE = "example"  # the place of the digit that is read until the visitor draws one


@dataclass(frozen=True)
class Input:
    """What the network reads.

    Attributes:
        place: its name, the same after a reload.
        given: float32 (28, 28) in [0, 1]; None for the example, which is stored with its reading.
        label: what it really shows, if that is known.
        drawing: what it was made from, if it was drawn.
        preprocessing: the steps from the drawing to the image.
    """

    place: str
    given: "np.ndarray | None" = None
    label: int | None = None
    drawing: Drawing | None = None
    preprocessing: "Preprocessing | None" = None

    @cached_property
    def image(self) -> "np.ndarray":
        """The image, float32 (28, 28) in [0, 1]."""
        return first_reading.example_image() if self.given is None else self.given


def drawn() -> Input:
    """Show the canvas; return its drawing, or the example before the first stroke."""
    with show_errors():
        drawing = canvas.canvas()
        if drawing is None:
            return Input(EXAMPLE)
        from rnn_demo.data.preprocess import preprocess

        steps = preprocess(drawing.rgba)
        # Without a link there is no name that a reload could find again.
        place = drawing.link or f"drawing {len(drawing.strokes)}"
        return Input(place, steps.image, drawing=drawing, preprocessing=steps)
