"""The answer of a network after the last row, in plain numbers: this module needs no torch."""

import math
from dataclasses import dataclass

CONFIDENT_PROBABILITY = 0.9  # from this probability on, a network is called confident
# An image whose best guess is less probable than this does not look like a digit. The shipped
# networks were trained to be unsure about non-digits and then calibrated. The number was chosen
# on validation images, of which it rejects 1 in 1,000 (0.5 rejects twice as many digits, and
# hardly more non-digits). It rejects less than 1 % of MNIST's test digits.
MIN_DIGIT_PROBABILITY = 0.45
MAX_PERCENT = 99  # of confidence: no network is certain


def percent(probability: float) -> int:
    """A class probability in whole percent, rounded down, at most 99.

    The one rounding of the app; `percent` in `assets/shared/percent.js` does the same.
    """
    return min(math.floor(100 * probability), MAX_PERCENT)


@dataclass(frozen=True)
class Answer:
    """What a network answers after the last row, and from which row on. Rows are 0-based.

    Attributes:
        prediction: the most probable class.
        confidence: its probability.
        settled_at: the row from which on the prediction was the most probable class.
        confident_from: the row from which on it had `CONFIDENT_PROBABILITY` or more; None if it
            has less after the last row.
        blank: whether the image has no ink at all.
    """

    prediction: int
    confidence: float
    settled_at: int
    confident_from: int | None
    blank: bool

    @property
    def percent(self) -> int:
        """`confidence` in whole percent, see `percent`."""
        return percent(self.confidence)

    @property
    def looks_like_a_digit(self) -> bool:
        """Whether there is ink, and the best guess is probable enough."""
        return not self.blank and self.confidence >= MIN_DIGIT_PROBABILITY
