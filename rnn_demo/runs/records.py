"""The small files of a run that describe it: recipe, name, changes and result."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import TypeVar

from rnn_demo.formats.checked import number, text, whole_number
from rnn_demo.formats.files import read_bytes, read_json, write_json, write_whole
from rnn_demo.messages import InputError
from rnn_demo.runs.layout import check_name
from rnn_demo.training.recipe import HYPERPARAMETERS, Change, Recipe
from rnn_demo.training.result import Result

_MAX_STEPS = 10**9  # of the optimiser; more than any run takes
_MAX_RUNS = 10**6  # of one visitor

T = TypeVar("T")


def read_recipe(folder: Path) -> Recipe:
    """What a run trains.

    Raises:
        InputError: the file is missing or damaged.
    """
    path = folder / "recipe.json"
    try:
        return _undamaged(path, lambda: Recipe.from_json(read_json(path)))
    except FileNotFoundError as error:
        raise InputError("files.missing", name=path.name) from error


def recipe_arguments(recipe: Recipe) -> list[str]:
    """What differs from the tutorial's recipe, as arguments of `Recipe` in code."""
    default = Recipe()
    values = {field.name: getattr(recipe, field.name) for field in fields(Recipe)}
    return [
        f"{name}={value!r}" for name, value in values.items() if value != getattr(default, name)
    ]


def read_name(folder: Path) -> str:
    """The name that a visitor gave to a run; empty without one.

    Raises:
        InputError: the file is damaged.
    """
    path = folder / "name.json"
    try:
        return _undamaged(path, lambda: check_name(text(read_json(path).get("name"))))
    except FileNotFoundError:
        return ""


def read_number(folder: Path) -> int | None:
    """The number of a run among its visitor's, from 1; None for a run without one.

    Raises:
        InputError: the file is damaged.
    """
    path = folder / "name.json"
    try:
        return _undamaged(path, lambda: _number(read_json(path).get("number")))
    except FileNotFoundError:
        return None


def write_name(folder: Path, name: str, number: int | None) -> None:
    """Write down what a run is called.

    Args:
        folder: of the run.
        name: given by the visitor; it may be empty.
        number: among the visitor's runs, from 1; None for a run without one.

    Raises:
        OSError: the folder cannot be written.
    """
    write_json(folder / "name.json", {"name": name, "number": number})


def read_result(folder: Path) -> Result | None:
    """What was measured on the test images; None before that.

    Raises:
        InputError: the file is damaged.
    """
    path = folder / "result.json"
    try:
        return _undamaged(path, lambda: Result.from_json(read_json(path)))
    except FileNotFoundError:
        return None


def read_changes(folder: Path) -> list[Change]:
    """The learning-rate changes of a run that took effect, oldest first.

    Raises:
        InputError: the file is damaged.
    """
    path = folder / "changes.jsonl"
    try:
        return _undamaged(path, lambda: [_change(line) for line in read_bytes(path).splitlines()])
    except FileNotFoundError:
        return []


def write_changes(folder: Path, changes: Sequence[Change]) -> None:
    """Write all changes of a run, and wait for the disk: without them it could not be repeated.

    Raises:
        OSError: they cannot be written; the earlier ones are still there.
    """
    lines = "".join(json.dumps(asdict(change)) + "\n" for change in changes)
    path = folder / "changes.jsonl"
    write_whole(path, lambda partial: partial.write_text(lines, encoding="utf-8"))


def _change(line: bytes) -> Change:
    value = json.loads(line)
    step = whole_number(value["step"], 0, _MAX_STEPS)
    learning_rate = number(value["learning_rate"])
    HYPERPARAMETERS["learning_rate"].check(learning_rate)
    return Change(step, learning_rate)


def _number(value: object) -> int | None:
    return None if value is None else whole_number(value, 1, _MAX_RUNS)


def _undamaged(path: Path, read: Callable[[], T]) -> T:
    """What `read` returns.

    Raises:
        FileNotFoundError: there is no such file.
        InputError: the file is damaged.
    """
    try:
        return read()
    except FileNotFoundError:
        raise
    except (ArithmeticError, KeyError, OSError, RecursionError, TypeError, ValueError) as error:
        raise InputError("files.damaged", name=path.name) from error
