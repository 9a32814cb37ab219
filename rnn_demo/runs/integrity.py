"""Damaged and missing files of a run."""

import os
from collections.abc import Callable
from pathlib import Path

from safetensors import SafetensorError, safe_open

from rnn_demo.formats.files import read_bytes, read_json
from rnn_demo.messages import CodedError, Message
from rnn_demo.runs.commands import check_commands
from rnn_demo.runs.metrics import check_points
from rnn_demo.runs.records import read_changes, read_name, read_recipe, read_result
from rnn_demo.runs.state import Claim, Status
from rnn_demo.training.checkpoint import load_card


def damage(folder: Path) -> list[Message]:
    """One message for each file of a run that is damaged or missing.

    It reads every file to its end, so it is not for every rerun.

    Args:
        folder: of the run.
    """
    found = [_problem(folder / name, check) for name, check in _CHECKS.items()]
    missing = [name for name in _expected(folder) if not os.path.lexists(folder / name)]
    return [message for message in found if message] + [
        Message("files.missing", {"name": name}) for name in missing
    ]


def _problem(path: Path, check: Callable[[Path], object]) -> Message | None:
    """What is wrong with a file; None if nothing is, or if it does not exist."""
    try:
        check(path)
    except FileNotFoundError:
        # A link to nothing is damage.
        return _damaged(path) if os.path.lexists(path) else None
    except CodedError as error:
        return error.message
    except (ArithmeticError, OSError, TypeError, ValueError):
        return _damaged(path)
    return None


def _damaged(path: Path) -> Message:
    return Message("files.damaged", {"name": path.name})


def _expected(folder: Path) -> list[str]:
    """The files that must exist: a worker writes its status before anything else."""
    trained = any((folder / name).exists() for name in ("metrics.jsonl", "result.json"))
    return ["recipe.json", "status.json"] if trained else ["recipe.json"]


def _check_weights(path: Path) -> None:
    if not os.path.lexists(path):
        return
    if path.is_symlink() or not path.is_file():
        raise ValueError("This is not a plain file.")
    try:
        with safe_open(path, "np"):
            pass
    except SafetensorError as error:
        raise ValueError("This is not a safetensors file.") from error


def _check_card(path: Path) -> None:
    try:
        load_card(path)
    except FileNotFoundError:
        raise
    except CodedError as error:
        raise ValueError("This is not the card of a network.") from error


def _check_folder(path: Path) -> None:
    if os.path.lexists(path) and (path.is_symlink() or not path.is_dir()):
        raise ValueError("This is not a folder.")


# Every file of a run, with what reads it and raises an error if it is damaged.
_CHECKS: dict[str, Callable[[Path], object]] = {
    "recipe.json": lambda path: os.path.lexists(path) and read_recipe(path.parent),
    "name.json": lambda path: read_name(path.parent),
    "claim.json": lambda path: Claim.from_json(read_json(path)),
    "status.json": lambda path: Status.from_json(read_json(path)),
    "commands.jsonl": lambda path: check_commands(path.parent),
    "metrics.jsonl": lambda path: check_points(path.parent),
    "changes.jsonl": lambda path: read_changes(path.parent),
    "result.json": lambda path: read_result(path.parent),
    "worker.lock": read_bytes,
    "worker.log": read_bytes,
    "checkpoints": _check_folder,
    "checkpoints/last.safetensors": _check_weights,
    "checkpoints/last.json": _check_card,
    "checkpoints/training.safetensors": _check_weights,
}
