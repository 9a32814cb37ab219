"""What the page Digits shows, and how the address says so."""

import re
from dataclasses import dataclass, replace
from typing import Any, cast

from rnn_demo.data.digits import Split

BATCH_SIZE = 64
N_ROWS = 28
_PATTERN = re.compile(
    r"(train|test)-([1-9]\d{0,5})-([1-9]\d?)(?:-row([1-9]\d?))?(?:-question([1-3]))?"
)


@dataclass(frozen=True)
class Position:
    """What the page Digits shows. Everything counts from 0 here, and from 1 in the address.

    Attributes:
        split: of the images.
        batch: number of the batch.
        image: number of the image in its batch.
        row: where the visitor stopped; None if the rows are to be played.
        question: number of the open question.
    """

    split: Split = "train"
    batch: int = 0
    image: int = 0
    row: int | None = None
    question: int = 0

    @property
    def text(self) -> str:
        """The position in the address, such as "test-3-5-row14-question2"."""
        text = f"{self.batch_name}-{self.image + 1}"
        if self.row is not None:
            text += f"-row{self.row + 1}"
        if self.question:
            text += f"-question{self.question + 1}"
        return text

    @property
    def batch_name(self) -> str:
        """The name of its batch, such as "test-32"."""
        return f"{self.split}-{self.batch + 1}"

    def moved(self, place: Any) -> "Position":
        """The position after a report of the browser, which a visitor can forge.

        Args:
            place: a dictionary with image, row and question.

        Returns:
            The same position if the report makes no sense.
        """
        try:
            text = replace(self, **place).text
        except TypeError:
            return self
        return parsed(text) or self


def parsed(text: str) -> Position | None:
    """The position of an address; None if it names no image, row or question."""
    match = _PATTERN.fullmatch(text)
    if match is None:
        return None
    split = cast(Split, match[1])
    batch, image = int(match[2]) - 1, int(match[3]) - 1
    row = int(match[4]) - 1 if match[4] else None
    question = int(match[5]) - 1 if match[5] else 0
    if image >= BATCH_SIZE or (row is not None and row >= N_ROWS):
        return None
    return Position(split, batch, image, row, question)
