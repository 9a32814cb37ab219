"""Checks for values from JSON: each function returns a valid value or raises a ValueError.

The files may be damaged or forged, so that nothing about a value can be taken for granted.
"""

import math
from typing import Any

_MAX_MAGNITUDE = 1e300  # an integer in JSON can be larger than any float


def number(value: Any, low: float = -math.inf, high: float = math.inf) -> float:
    """The value, if it is a finite number from `low` to `high`.

    Raises:
        ValueError: it is not.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError(f"{value!r:.40} is not a number.")
    if not abs(value) < _MAX_MAGNITUDE or not low <= value <= high:
        raise ValueError(f"{value!r:.40} is out of range.")
    return value


def optional_number(value: Any, low: float = -math.inf, high: float = math.inf) -> float | None:
    """The value, if it is None or a finite number from `low` to `high`.

    Raises:
        ValueError: it is not.
    """
    return None if value is None else number(value, low, high)


def whole_number(value: Any, low: int, high: int) -> int:
    """The value, if it is a whole number from `low` to `high`.

    Raises:
        ValueError: it is not.
    """
    if not isinstance(value, int):
        raise ValueError(f"{value!r:.40} is not a whole number.")
    return int(number(value, low, high))


def text(value: Any) -> str:
    """The value, if it is a string that can be encoded as UTF-8.

    Raises:
        ValueError: it is not.
    """
    if not isinstance(value, str):
        raise ValueError(f"{value!r:.40} is not a text.")
    value.encode()  # raises for half a surrogate pair, which a browser cannot display
    return value


def items(value: Any) -> list[Any]:
    """The value, if it is a list.

    Raises:
        ValueError: it is not.
    """
    if not isinstance(value, list):
        raise ValueError(f"{value!r:.40} is not a list.")
    return value
