"""The test result of a trained network, as result.json stores it."""

from dataclasses import dataclass
from itertools import chain
from typing import Any

from rnn_demo.formats.checked import items, number, optional_number, whole_number
from rnn_demo.messages import InputError

_MAX_IMAGES = 10**9


@dataclass(frozen=True)
class Mistake:
    """A test image that was read as the wrong digit.

    Attributes:
        index: of the image in the test set.
        label: the right digit.
        answer: the digit it was read as.
        confidence: the probability of the answer, 0 to 1.
    """

    index: int
    label: int
    answer: int
    confidence: float


@dataclass(frozen=True)
class Result:
    """How well a network reads the test images.

    Attributes:
        accuracy: percent of the images read correctly.
        confusion: 10 x 10 counts, a row for each right digit, a column for each answer.
        mistakes: those with the highest confidence, the most confident first.
        tutorial_accuracy: the accuracy by the tutorial's formula, percent. The formula divides by
            one batch too few, so it has no value (None) for a single batch.
        n: number of test images.
    """

    accuracy: float
    confusion: list[list[int]]
    mistakes: list[Mistake]
    tutorial_accuracy: float | None
    n: int

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Result":
        """The result in a dictionary.

        Raises:
            ValueError: a key is missing or unknown, or a value is not valid.
        """
        try:
            result = cls(**value | {"mistakes": [Mistake(**one) for one in value["mistakes"]]})
        except (KeyError, TypeError) as error:
            raise InputError("training.not_a_result") from error
        number(result.accuracy, 0, 100)
        optional_number(result.tutorial_accuracy, 0, 1_000)
        whole_number(result.n, 1, _MAX_IMAGES)
        if [len(items(row)) for row in items(result.confusion)] != [10] * 10:
            raise ValueError("A confusion matrix has 10 rows of 10 numbers.")
        for count in chain.from_iterable(result.confusion):
            whole_number(count, 0, _MAX_IMAGES)
        for mistake in result.mistakes:
            whole_number(mistake.index, 0, result.n - 1)
            whole_number(mistake.label, 0, 9)
            whole_number(mistake.answer, 0, 9)
            number(mistake.confidence, 0, 1)
        return result
