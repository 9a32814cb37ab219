"""The curve of a run, metrics.jsonl: one point a line, appended during training."""

import json
from collections.abc import Sequence
from pathlib import Path

from rnn_demo.formats.files import read_bytes, retried, write_whole
from rnn_demo.messages import InputError
from rnn_demo.training.metrics import Point, checked_point

_ROUNDING = 1e-9  # epochs; the same quotient may differ in its last bit


def append_point(folder: Path, point: Point) -> None:
    """Append a point to the curve of a run.

    Raises:
        OSError: it cannot be written.
        ValueError: it contains NaN or infinity.
    """
    line = json.dumps(point, allow_nan=False) + "\n"
    with retried(lambda: _file(folder).open("a", encoding="utf-8")) as file:
        file.write(line)


def read_points(folder: Path, start: int = 0) -> list[Point]:
    """The points of a curve, up to the first damaged line; none without a file.

    Args:
        folder: of the run.
        start: index of the first point to read.
    """
    try:
        lines = _lines(folder)
    except (OSError, ValueError):
        return []
    return _points(lines[start:])


def check_points(folder: Path) -> None:
    """Read a curve to its end.

    Raises:
        FileNotFoundError: there is no curve.
        InputError: a line of it is damaged.
        ValueError: its file cannot be read.
    """
    n_lines, n_points = len(_lines(folder)), len(read_points(folder))
    if n_points < n_lines:
        raise InputError("runs.line_damaged", file=_file(folder).name, line=n_points + 1)


def cut_points(folder: Path, epoch: float) -> None:
    """Remove the points after a moment, so that the run can continue from there.

    Args:
        folder: of the run.
        epoch: the moment, in epochs; a point of that moment stays.

    Raises:
        OSError: the file cannot be written.
        ValueError: it cannot be read; nothing is removed.
    """
    try:
        lines = _lines(folder)
    except FileNotFoundError:
        lines = []
    kept = [point for point in _points(lines) if point["epoch"] <= epoch + _ROUNDING]
    text = "".join(json.dumps(point) + "\n" for point in kept)
    write_whole(_file(folder), lambda partial: partial.write_text(text, encoding="utf-8"))


def _file(folder: Path) -> Path:
    return folder / "metrics.jsonl"


def _lines(folder: Path) -> list[bytes]:
    """The whole lines of the file; the last one may still be half written."""
    return read_bytes(_file(folder)).split(b"\n")[:-1]


def _points(lines: Sequence[bytes]) -> list[Point]:
    """The points in some lines, up to the first damaged one."""
    points = []
    for line in lines:
        try:
            points.append(checked_point(json.loads(line)))
        except (ValueError, RecursionError):
            break
    return points
