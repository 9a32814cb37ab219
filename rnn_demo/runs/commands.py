"""What is asked of the worker of a run and not yet done: request.json."""

import contextlib
import threading
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from rnn_demo.formats.checked import optional_number
from rnn_demo.formats.files import read_json, write_json
from rnn_demo.training.recipe import HYPERPARAMETERS

Action = Literal["pause", "stop"]

_asking = threading.Lock()  # a wish of one tab must not overwrite that of another


@dataclass(frozen=True)
class Request:
    """What a worker should do next.

    Attributes:
        action: "pause" or "stop", or None to go on.
        learning_rate: the learning rate from the next step on, or None for the one it has.
    """

    action: Action | None = None
    learning_rate: float | None = None


def ask(folder: Path, **wish: Any) -> None:
    """Add a wish to what is asked of the worker already.

    Args:
        folder: of the run.
        wish: `action` or `learning_rate`.

    Raises:
        OSError: the folder cannot be written.
    """
    with _asking:
        write_json(_file(folder), asdict(read_request(folder)) | wish, sync=False)


def read_request(folder: Path) -> Request:
    """What is asked of the worker; what cannot be read asks for nothing."""
    return _read(_file(folder))


def _read(file: Path) -> Request:
    try:
        value = read_json(file)
        action = value.get("action")
        allowed = HYPERPARAMETERS["learning_rate"]
        rate = optional_number(value.get("learning_rate"), allowed.low, allowed.high)
    except (OSError, ValueError):
        return Request()
    return Request(action if action in ("pause", "stop") else None, rate)


def take_request(folder: Path) -> Request:
    """What is asked of the worker, which is from now on no longer asked."""
    file = _file(folder)
    # Nearly always there is none, and a batch takes a millisecond: this look takes 2 us.
    if not file.is_file():
        return Request()
    # It gets another name first: what is asked while it is being read must not go with it.
    taken = folder / ".request.taken"
    try:
        file.replace(taken)
        return _read(taken)
    except OSError:
        return Request()
    finally:
        taken.unlink(missing_ok=True)


def forget_action(folder: Path) -> None:
    """Drop a pause or a stop that came too late for an earlier worker."""
    with _asking:
        request = read_request(folder)
        if request.learning_rate is None:
            with contextlib.suppress(OSError):
                _file(folder).unlink()
        else:
            write_json(_file(folder), asdict(replace(request, action=None)), sync=False)


def _file(folder: Path) -> Path:
    return folder / "request.json"
