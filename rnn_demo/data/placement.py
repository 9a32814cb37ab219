"""Where a drawing's ink comes to lie on its way into a 28x28 image, step by step."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rnn_demo.data.preprocess import BOX, CENTRE, EDGE, SIZE


@dataclass(frozen=True)
class Placement:
    """Where a drawing lies in the field: `scale * x + left` and `scale * y + top`.

    Attributes:
        scale: image pixels per drawing pixel.
        left: image pixels.
        top: image pixels.
    """

    scale: float
    left: float
    top: float


@dataclass(frozen=True)
class Journey:
    """A drawing's way into the field.

    Attributes:
        box: left, top, right and bottom edge of the ink, drawing pixels.
        mass: x and y of the ink's centre of mass, drawing pixels.
        whole: all of the canvas fills the field, as `ink.resized` has it.
        boxed: the box fills 20 x 20 pixels in the middle, as `ink.boxed` has it.
        centred: the centre of mass is in the middle, as `ink.to_mnist` has it.
    """

    box: tuple[int, int, int, int]
    mass: tuple[float, float]
    whole: Placement
    boxed: Placement
    centred: Placement


def journey(amount: npt.NDArray[np.float32]) -> Journey:
    """The way of a drawing into the field, its specks counted as ink.

    Args:
        amount: how much ink lies on each pixel of a square drawing, (side, side) in [0, 1],
            some of it at least.

    Raises:
        ValueError: there is no ink.
    """
    rows, columns = np.nonzero(amount >= EDGE)
    if not rows.size:
        raise ValueError("There is no ink to follow.")
    low = np.array([columns.min(), rows.min()])
    high = np.array([columns.max(), rows.max()]) + 1
    middles = np.arange(len(amount)) + 0.5
    mass = np.array([amount.sum(axis=0) @ middles, amount.sum(axis=1) @ middles]) / amount.sum()
    scale = BOX / float((high - low).max())
    middle = SIZE / 2 - scale * (low + high) / 2
    # The mass goes to the centre, but never so far that ink leaves the field.
    centred = np.clip(CENTRE - scale * mass, -scale * low, SIZE - scale * high)
    return Journey(
        box=(int(low[0]), int(low[1]), int(high[0]), int(high[1])),
        mass=(float(mass[0]), float(mass[1])),
        whole=Placement(SIZE / len(amount), 0, 0),
        boxed=Placement(scale, *middle.tolist()),
        centred=Placement(scale, *centred.tolist()),
    )
