"""What a trained network was measured to be worth: result.json."""

from dataclasses import dataclass
from itertools import chain
from typing import Any

from rnn_demo.formats.checked import items, number, optional_number, whole_number

_MANY = 10**9  # images


@dataclass(frozen=True)
class Mistake:
    """A digit that was read wrong.

    Attributes:
        index: of the image in the test set.
        label: the right digit.
        answer: what it was taken for.
        sureness: the probability the network gave its answer, 0 to 1.
    """

    index: int
    label: int
    answer: int
    confidence: float


@dataclass(frozen=True)
class Result:
    """How well a network reads the test images.

    Attributes:
        accuracy: right answers, percent, exact.
        confusion: 10 rows of 10 counts, a row for each right digit, a column for each answer.
        mistakes: the worst ones, surest first.
        printed_accuracy: what the tutorial's formula would print, percent: it divides by one
            batch too few. None where there is one batch.
        n: test images.
    """

    accuracy: float
    confusion: list[list[int]]
    mistakes: list[Mistake]
    tutorial_accuracy: float | None
    n: int

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Result":
        """The result a dictionary describes.

        Raises:
            ValueError: it describes none.
        """
        try:
            result = cls(**value | {"mistakes": [Mistake(**one) for one in value["mistakes"]]})
        except (KeyError, TypeError) as error:
            raise ValueError(f"This is no result: {error}.") from error
        number(result.accuracy, 0, 100)
        optional_number(result.tutorial_accuracy, 0, 1_000)
        whole_number(result.n, 1, _MANY)
        if [len(items(row)) for row in items(result.confusion)] != [10] * 10:
            raise ValueError("A confusion matrix has 10 rows of 10 numbers.")
        for count in chain.from_iterable(result.confusion):
            whole_number(count, 0, _MANY)
        for mistake in result.mistakes:
            whole_number(mistake.index, 0, result.n - 1)
            whole_number(mistake.label, 0, 9)
            whole_number(mistake.answer, 0, 9)
            number(mistake.confidence, 0, 1)
        return result
