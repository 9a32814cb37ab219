"""The questions beside the picture; the numbers of the image and of its batch decide them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rnn_demo.app.text import _, n_
from rnn_demo.data.digits import first_row_with_ink

CLEAR_DIFFERENCE = 0.1  # from this difference of a probability on, two answers differ clearly
_N_CHOICES, _STEP_ROWS = 3, 3  # rows to choose from, and their distance


@dataclass(frozen=True)
class Question:
    """A question with one right choice.

    Attributes:
        question: the question.
        choices: what the visitor may answer.
        right: index of the right choice.
        answer: what the numbers say.
        row: the row that shows it, from 0; None for a question that is not about a row.
    """

    question: str
    choices: list[str]
    right: int
    answer: str
    row: int | None


def questions(image: npt.NDArray[np.uint8], difference: float, n: int) -> list[Question]:
    """The questions about an image.

    Args:
        image: (28, 28), from 0 (paper) to 255 (ink).
        difference: how much a probability differs among the images of the batch before training,
            from 0 to 1.
        n: images in the batch.
    """
    return [_first_input(image), _first_ink(image), _another_image(difference, n)]


def _first_input(image: npt.NDArray[np.uint8]) -> Question:
    n_inked = int(np.count_nonzero(image[0]))
    answer = n_(
        "At t = 0 it gets row 1: 28 numbers, of which {n} is above 0.",
        "At t = 0 it gets row 1: 28 numbers, of which {n} are above 0.",
        n_inked,
    )
    if n_inked == 0:
        answer = _("At t = 0 it gets row 1. Here that is paper: 28 zeros.")
    return Question(
        _("What does the network get at its first time step, t = 0?"),
        [
            _("The whole picture: 784 numbers"),
            _("One row: 28 numbers"),
            _("One pixel: 1 number"),
        ],
        1,
        answer.format(n=n_inked),
        0,
    )


def _first_ink(image: npt.NDArray[np.uint8]) -> Question:
    row = first_row_with_ink(image)
    before = row % _N_CHOICES if row >= _STEP_ROWS * (_N_CHOICES - 1) else 0
    rows = [row + _STEP_ROWS * (place - before) for place in range(_N_CHOICES)]
    answer = n_(
        "Row {row}. Before it, the network gets {n} row of zeros.",
        "Row {row}. Before it, the network gets {n} rows of zeros.",
        row,
    )
    return Question(
        _("In which row does the network meet the first ink of this image?"),
        [_("Row {row}").format(row=each + 1) for each in rows],
        before,
        answer.format(row=row + 1, n=row),
        row,
    )


def _another_image(difference: float, n: int) -> Question:
    answer = n_(
        "In this batch of {n} image, no bar changes by more than {points} percentage points.",
        "In this batch of {n} images, no bar changes by more than {points} percentage points.",
        n,
    )
    return Question(
        _("If you choose another image, will the ten bars change clearly?"),
        [_("Yes, clearly"), _("Hardly at all")],
        int(difference < CLEAR_DIFFERENCE),
        answer.format(n=n, points=f"{100 * difference:.1f}"),
        None,
    )
