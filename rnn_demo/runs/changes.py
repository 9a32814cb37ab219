"""The learning-rate changes of a run that took effect: changes.jsonl, one a line."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rnn_demo.formats.checked import number, whole_number
from rnn_demo.formats.files import read_bytes, write_whole
from rnn_demo.training.recipe import HYPERPARAMETERS, Change

_MOST_STEPS = 10**9


def write_changes(path: Path, changes: Sequence[Change]) -> None:
    """Write all changes of a run down: without one of them it could not be repeated.

    Raises:
        OSError: they cannot be written; those that were there still are.
    """
    text = "".join(json.dumps(asdict(change)) + "\n" for change in changes)
    write_whole(path, lambda partial: partial.write_text(text, encoding="utf-8"))


def read_changes(path: Path) -> list[Change]:
    """The changes of a run, in the order in which they were asked for.

    Args:
        path: their file; without one there are none.

    Raises:
        ValueError: the file is damaged.
    """
    try:
        lines = read_bytes(path).splitlines()
    except FileNotFoundError:
        return []
    try:
        return [_parsed(json.loads(line)) for line in lines]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ValueError(f"{path.name} is damaged.") from error


def _parsed(value: dict[str, object]) -> Change:
    step = whole_number(value["step"], 0, _MOST_STEPS)
    allowed = HYPERPARAMETERS["learning_rate"]
    return Change(step, number(value["learning_rate"], allowed.low, allowed.high))
