"""The curve of a run, metrics.jsonl: one point a line, appended while it trains."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rnn_demo.formats.checked import items, number, optional_number, whole_number
from rnn_demo.formats.files import read_bytes, write_whole

Point = dict[str, Any]

N_SAMPLE_DIGITS = 12  # test digits, the first ones, whose answers each point tells

# What a point may lack, and what it then has.
_BLANK: Point = {
    "learning_rate": None,
    "gradient_norm": None,
    "images_per_second": None,
    "answers": [],
    "confidence": [],
    "epoch_done": False,
}
_BLANK_EPOCH: Point = {
    "validation_loss": None,
    "validation_accuracy": None,
    "tutorial_loss": None,
    "tutorial_accuracy": None,
}


def append_point(path: Path, point: Point) -> None:
    """Add a point to a curve.

    Raises:
        OSError: it cannot be written.
        ValueError: it holds a number that JSON has no word for.
    """
    line = json.dumps(point, allow_nan=False) + "\n"
    with path.open("a", encoding="utf-8") as file:
        file.write(line)


def read_points(path: Path, start: int = 0) -> list[Point]:
    """The points of a curve, up to the first damaged line.

    Args:
        path: its file; without one there are no points.
        start: the first point to read.
    """
    try:
        lines = _lines(path)
    except (OSError, ValueError):
        return []
    return _points(lines[start:])


def check_points(path: Path) -> None:
    """Read a curve to its end.

    Raises:
        FileNotFoundError: there is none.
        ValueError: it is damaged, in one sentence.
    """
    n_lines, n_points = len(_lines(path)), len(read_points(path))
    if n_points < n_lines:
        raise ValueError(f"{path.name} is damaged from line {n_points + 1} on.")


def cut_points(path: Path, last: float) -> None:
    """Forget what came after a step, so that a run can go on from there.

    Args:
        path: the file of the curve.
        last: the last step to keep, in epochs.

    Raises:
        OSError: the file cannot be written.
        ValueError: it cannot be read; nothing is cut off.
    """
    try:
        lines = _lines(path)
    except FileNotFoundError:
        lines = []
    # Steps are quotients: the same one may differ in its last bit.
    kept = [point for point in _points(lines) if point["step"] <= last + 1e-9]
    text = "".join(json.dumps(point) + "\n" for point in kept)
    write_whole(path, lambda partial: partial.write_text(text, encoding="utf-8"))


def _lines(path: Path) -> list[bytes]:
    """The whole lines of a file; the last one may be half written still."""
    return read_bytes(path).split(b"\n")[:-1]


def _points(lines: Sequence[bytes]) -> list[Point]:
    """The points in lines, up to the first damaged one."""
    points = []
    for line in lines:
        point = _parsed(line)
        if point is None:
            break
        points.append(point)
    return points


def _parsed(line: bytes) -> Point | None:
    """The point in a line; None if there is none."""
    try:
        value = json.loads(line)
        if not isinstance(value, dict):
            return None
        point = _BLANK | value
        if point["epoch_done"]:
            point = _BLANK_EPOCH | point
        _check(point)
    except (ValueError, KeyError, RecursionError):
        return None
    return point


def _check(point: Point) -> None:
    for name in ("step", "loss", "accuracy"):
        number(point[name])
    if not isinstance(point["epoch_done"], bool):
        raise ValueError("epoch_done is neither true nor false.")
    names = ["learning_rate", "gradient_norm", "images_per_second"]
    for name in names + list(_BLANK_EPOCH) * point["epoch_done"]:
        optional_number(point[name])
    for answer in items(point["answers"]):
        whole_number(answer, 0, 9)
    for confidence in items(point["confidence"]):
        number(confidence, 0, 1)
