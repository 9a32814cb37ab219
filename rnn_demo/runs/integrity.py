"""What is wrong with the files of a run, by name."""

import os
from collections.abc import Callable
from pathlib import Path

from safetensors import SafetensorError, safe_open

from rnn_demo.formats.files import read_bytes, read_json
from rnn_demo.runs.changes import read_changes
from rnn_demo.runs.metrics import check_points
from rnn_demo.runs.records import read_name, read_recipe, read_result
from rnn_demo.runs.state import Status
from rnn_demo.training.checkpoint import load_card


def problems(folder: Path) -> list[str]:
    """One sentence for each file that is damaged, missing or none of a run's.

    Every file is read from its first byte to its last: this is not for each half second.

    Args:
        folder: of the run.
    """
    found = [_problem(folder / name, check) for name, check in _CHECKS.items()]
    for inside in ("", "checkpoints/"):
        found += [
            f"{_readable(inside + name)} does not belong to a run."
            for name in sorted(_names_in(folder / inside))
            if inside + name not in _CHECKS
        ]
    return [sentence for sentence in found if sentence]


def _problem(path: Path, check: Callable[[Path], object]) -> str:
    """What is wrong with a file, in one sentence; empty if nothing is."""
    try:
        if os.path.lexists(path):
            check(path)
        elif path.name in ("recipe.json", "status.json"):
            return f"{path.name} is missing."
    except FileNotFoundError:
        return ""  # gone in this instant
    except (OSError, ValueError) as error:
        return str(error)
    return ""


def _check_weights(path: Path) -> None:
    if path.is_symlink() or not path.is_file():
        raise ValueError(f"{path.name} does not belong to a run.")
    try:
        with safe_open(path, "np"):
            pass
    except SafetensorError as error:
        raise ValueError(f"{path.name} is damaged.") from error


def _check_card(path: Path) -> None:
    try:
        load_card(path)
    except (TypeError, ValueError, ArithmeticError) as error:
        raise ValueError(f"{path.name} is damaged.") from error


def _check_folder(path: Path) -> None:
    if path.is_symlink() or not path.is_dir():
        raise ValueError(f"{path.name} is not a folder.")


def _check_status(path: Path) -> None:
    try:
        Status.from_json(read_json(path))
    except ValueError as error:
        raise ValueError(f"{path.name} is damaged.") from error


# Every file of a run, and what reads it or raises a sentence.
_CHECKS: dict[str, Callable[[Path], object]] = {
    "recipe.json": lambda path: read_recipe(path.parent),
    "name.json": lambda path: read_name(path.parent),
    "status.json": _check_status,
    "metrics.jsonl": check_points,
    "changes.jsonl": read_changes,
    "request.json": read_json,
    "result.json": lambda path: read_result(path.parent),
    "worker.lock": read_bytes,
    "worker.log": read_bytes,
    "checkpoints": _check_folder,
    "checkpoints/last.safetensors": _check_weights,
    "checkpoints/last.json": _check_card,
    "checkpoints/training.safetensors": _check_weights,
}


def _names_in(folder: Path) -> list[str]:
    try:
        # What begins with a dot is being written, or the operating system's.
        return [path.name for path in folder.iterdir() if not path.name.startswith(".")]
    except OSError:
        return []


def _readable(name: str) -> str:
    """A name that may hold anything, as something to print."""
    return "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in name[:60])
