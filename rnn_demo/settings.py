"""What the owner of a machine decides about training on it, in environment variables."""

import os
from pathlib import Path


def root() -> Path:
    """The folder of all runs: `RNN_DEMO_RUNS`, or `runs` where that is not set."""
    return Path(os.environ.get("RNN_DEMO_RUNS") or "runs")


def most_at_once() -> int:
    """Runs that may train at the same time: `RNN_DEMO_MAX_RUNS`, by default cores - 1.

    Raises:
        ValueError: it is set to something else than a number.
    """
    return _whole_number("RNN_DEMO_MAX_RUNS", max(1, (os.cpu_count() or 1) - 1), 1, 1_000)


def shared() -> bool:
    """Whether all visitors see and steer all runs: `RNN_DEMO_SHARED`, by default not.

    Raises:
        ValueError: it is neither 0 nor 1.
    """
    return bool(_whole_number("RNN_DEMO_SHARED", 0, 0, 1))


def keep_days() -> int:
    """Days a run is kept that neither trains nor waits: `RNN_DEMO_KEEP_DAYS`, by default 30.

    Raises:
        ValueError: it is set to something else than a number.
    """
    return _whole_number("RNN_DEMO_KEEP_DAYS", 30, 1, 36_500)


def keep_mb() -> int:
    """Megabytes (10^6 bytes) all runs may take together: `RNN_DEMO_KEEP_MB`, by default 1000.

    Raises:
        ValueError: it is set to something else than a number.
    """
    return _whole_number("RNN_DEMO_KEEP_MB", 1_000, 1, 10_000_000)


def _whole_number(name: str, default: int, low: int, high: int) -> int:
    text = os.environ.get(name) or str(default)
    # Eight ASCII digits at most: int() also takes "1_0", " 1 " and digits of other scripts.
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1
    if not low <= number <= high:
        raise ValueError(f"{name} must be a whole number from {low} to {high}, not {text!r}.")
    return number
