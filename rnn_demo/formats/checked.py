"""Values out of JSON that anyone may have damaged: each is what it should be, or a ValueError."""

import math
from typing import Any


def number(value: Any, low: float = -math.inf, high: float = math.inf) -> float:
    """A finite number from `low` to `high`.

    Raises:
        ValueError: it is something else.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError(f"{value!r:.40} is not a number.")
    # An integer of JSON may be larger than any float.
    if not abs(value) < 1e300 or not low <= value <= high:
        raise ValueError(f"{value!r:.40} is out of range.")
    return value


def optional_number(value: Any, low: float = -math.inf, high: float = math.inf) -> float | None:
    """A finite number from `low` to `high`, or None.

    Raises:
        ValueError: it is something else.
    """
    return None if value is None else number(value, low, high)


def whole_number(value: Any, low: int, high: int) -> int:
    """A whole number from `low` to `high`.

    Raises:
        ValueError: it is something else.
    """
    if not isinstance(value, int):
        raise ValueError(f"{value!r:.40} is not a whole number.")
    return int(number(value, low, high))


def text(value: Any) -> str:
    """A string that can be written as UTF-8.

    Raises:
        ValueError: it is something else.
    """
    if not isinstance(value, str):
        raise ValueError(f"{value!r:.40} is not a text.")
    value.encode()  # half a surrogate pair cannot be sent to a browser
    return value


def items(value: Any) -> list[Any]:
    """A list.

    Raises:
        ValueError: it is something else.
    """
    if not isinstance(value, list):
        raise ValueError(f"{value!r:.40} is not a list.")
    return value
