"""Commands of visitors to the worker of a run: commands.jsonl, one a line, only appended.

The worker counts the lines it has read and keeps the number in its status. A pause or a stop is
addressed to one claim, so one that comes too late does not stop the next worker. A learning rate is
for whichever worker comes next.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from rnn_demo.formats.checked import number, whole_number
from rnn_demo.formats.files import read_bytes
from rnn_demo.messages import InputError
from rnn_demo.training.recipe import HYPERPARAMETERS

Action = Literal["pause", "stop"]

MAX_CLAIM = 10**20  # nanoseconds since 1970


@dataclass(frozen=True)
class ActionCommand:
    """End the work on a run.

    Attributes:
        action: "pause" to continue later, "stop" for good.
        claim: the claim whose worker is meant, see `state.Claim`.
    """

    action: Action
    claim: int


@dataclass(frozen=True)
class RateCommand:
    """Use another learning rate from the next step on.

    Attributes:
        learning_rate: in the range of a recipe's.
    """

    learning_rate: float


Command = ActionCommand | RateCommand


def send(folder: Path, command: Command) -> None:
    """Append a command for the worker of a run.

    Raises:
        OSError: it cannot be written.
    """
    line = json.dumps(asdict(command)) + "\n"
    # No link is followed out of the folder, and no pipe blocks; Windows has neither flag.
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
    flags |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    descriptor = os.open(_file(folder), flags, 0o666)
    try:
        os.write(descriptor, line.encode())
    finally:
        os.close(descriptor)


def read_commands(folder: Path, start: int = 0) -> list[Command | None]:
    """The commands of a run, None for a damaged line; empty without a file.

    Args:
        folder: of the run.
        start: index of the first command to read.
    """
    try:
        lines = read_bytes(_file(folder)).split(b"\n")[:-1]  # the last one may be half written
    except (OSError, ValueError):
        return []
    return [_command(line) for line in lines[start:]]


def check_commands(folder: Path) -> None:
    """Read all commands.

    Raises:
        FileNotFoundError: there is no file.
        InputError: a line is damaged.
        ValueError: the file cannot be read.
    """
    lines = read_bytes(_file(folder)).split(b"\n")
    for number_of_line, line in enumerate(lines, start=1):
        # A whole file ends with a line end.
        if _command(line) is None and (line or number_of_line < len(lines)):
            name = _file(folder).name
            raise InputError("runs.line_damaged", file=name, line=number_of_line)


class Inbox:
    """The commands that a worker has not read yet.

    Args:
        folder: of the run.
        claim: of this worker.
        n_read: number of commands that earlier workers have read.

    Attributes:
        n_read: number of commands read so far.
    """

    def __init__(self, folder: Path, claim: int, n_read: int) -> None:
        self._folder, self._claim, self.n_read = folder, claim, n_read
        self._size = 0  # bytes of the file at the last look

    def take(self) -> tuple[Action | None, list[float]]:
        """The new action for this worker, if any, and the new learning rates, oldest first."""
        # A batch takes a millisecond and there is nearly always nothing new; this takes 2 us.
        try:
            size = _file(self._folder).stat().st_size
        except OSError:
            return None, []
        if size == self._size:
            return None, []
        self._size = size
        commands = read_commands(self._folder)
        if self.n_read > len(commands):
            self.n_read = 0  # somebody has replaced the file
        new, self.n_read = commands[self.n_read :], len(commands)
        actions = [
            command.action
            for command in new
            if isinstance(command, ActionCommand) and command.claim == self._claim
        ]
        rates = [command.learning_rate for command in new if isinstance(command, RateCommand)]
        return (actions[-1] if actions else None), rates


def pending_learning_rate(folder: Path, n_read: int) -> float | None:
    """The last learning rate that no worker has read yet; None without one.

    Args:
        folder: of the run.
        n_read: number of commands that workers have read.
    """
    new = read_commands(folder, n_read)
    rates = [command.learning_rate for command in new if isinstance(command, RateCommand)]
    return rates[-1] if rates else None


def _command(line: bytes) -> Command | None:
    """The command in a line; None if it is damaged."""
    try:
        return _parsed(json.loads(line))
    except (KeyError, TypeError, ValueError, RecursionError):
        return None


def _parsed(value: Any) -> Command:
    if "learning_rate" in value:
        learning_rate = number(value["learning_rate"])
        HYPERPARAMETERS["learning_rate"].check(learning_rate)
        return RateCommand(learning_rate)
    if value["action"] not in get_args(Action):
        raise ValueError("This is not an action.")
    return ActionCommand(value["action"], whole_number(value["claim"], 0, MAX_CLAIM))


def _file(folder: Path) -> Path:
    return folder / "commands.jsonl"
