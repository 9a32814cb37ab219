"""A hyperparameter: a field of a recipe that also says what it is called and what it may be."""

import reprlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any, TypeVar

from rnn_demo.messages import InputError, Translatable

Value = TypeVar("Value")

_KEY = "hyperparameter"  # of the metadata of a field
_MAX_SHOWN = 40  # characters of an invalid value in a message
_SIGNIFICANT_DIGITS = 6


@dataclass(frozen=True)
class Hyperparameter:
    """What validation, form, command line, export and comparison know of one field of a recipe.

    Attributes:
        name: of the field.
        default: the tutorial's value. A whole number allows whole numbers only.
        label: what it is called on a page.
        help: one or two sentences on what it does.
        low, high: smallest and largest number; 0 and 0 where there are choices.
        step: of the buttons beside the number.
        choices: the label of each choice; empty for a number.
        grouped: whether large numbers are shown with commas.
    """

    name: str
    default: Any
    label: Translatable
    help: Translatable
    low: float
    high: float
    step: float
    choices: Mapping[str, Translatable]
    grouped: bool

    @property
    def whole(self) -> bool:
        """Whether its values are whole numbers."""
        return isinstance(self.default, int)

    def check(self, value: object) -> None:
        """Check a value.

        Raises:
            InputError: its type is wrong, or it is outside the range or not among the choices.
        """
        if self.choices:
            self._check_choice(value)
        else:
            self._check_number(value)

    def text(self, value: object) -> str:
        """A value as it is shown: a number without an exponent, or the label of a choice."""
        if self.choices:
            return self.choices[str(value)]
        # Through the decimal text: 1e-06 becomes 0.000001.
        number = Decimal(f"{value:.{_SIGNIFICANT_DIGITS}g}")
        return f"{number:,f}" if self.grouped else f"{number:f}"

    def _check_choice(self, value: object) -> None:
        # A list cannot be looked up in a mapping, so its type is checked first.
        if not isinstance(value, str) or value not in self.choices:
            choices = ", ".join(self.choices)
            raise self._error("training.not_a_choice", value, choices=choices)

    def _check_number(self, value: object) -> None:
        allowed = (int,) if self.whole else (int, float)
        if isinstance(value, bool) or not isinstance(value, allowed):
            kind = "training.not_a_whole_number" if self.whole else "training.not_a_number"
            raise self._error(kind, value)
        assert isinstance(value, (int, float))
        if not self.low <= value <= self.high:
            low, high = self.text(self.low), self.text(self.high)
            raise self._error("training.out_of_range", value, low=low, high=high)

    def _error(self, code: str, value: object, **values: str) -> InputError:
        shown = reprlib.repr(value)[:_MAX_SHOWN]
        return InputError(code, name=self.label, value=shown, **values)


def hyperparameter(
    default: Value,
    *,
    label: Translatable,
    help: Translatable,  # noqa: A002 (what Streamlit and argparse call it)
    low: float = 0,
    high: float = 0,
    step: float = 1,
    choices: Mapping[str, Translatable] | None = None,
    grouped: bool = True,
) -> Value:
    """A field of a recipe, with all that is known of it; see `Hyperparameter`."""
    about = {
        "label": label,
        "help": help,
        "low": low,
        "high": high,
        "step": step,
        "choices": choices or {},
        "grouped": grouped,
    }
    value: Value = field(default=default, metadata={_KEY: about})
    return value


def hyperparameters(recipe: type) -> dict[str, Hyperparameter]:
    """The hyperparameters of a dataclass by their names, in the order of its fields."""
    return {
        each.name: Hyperparameter(each.name, each.default, **each.metadata[_KEY])
        for each in fields(recipe)
    }
