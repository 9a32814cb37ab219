"""How far a run is: what its worker says, and whether there is a worker."""

import threading
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal, get_args

from filelock import FileLock, Timeout

from rnn_demo.formats.checked import number, optional_number, text, whole_number
from rnn_demo.formats.files import overwrite_json, read_json, write_json

State = Literal[
    "queued", "starting", "running", "paused", "interrupted", "finished", "stopped", "failed"
]
ACTIVE: tuple[State, ...] = ("starting", "running")
ENDED: tuple[State, ...] = ("finished", "stopped", "failed")
RESUMABLE: tuple[State, ...] = ("paused", "interrupted", "failed")

# Between the start of a process and its lock there is nothing to tell whether it lives; a busy
# machine takes seconds over it.
_START_LIMIT = 60.0  # seconds

_MANY = 1e12  # seconds or images that no run gets to
_LARGEST_LOSS = 3.5e38  # nats: more than a 32-bit float can hold

# One look at a time: to look at a lock is to hold it for an instant.
_looking = threading.Lock()


@dataclass(frozen=True)
class Status:
    """How far a run is.

    Attributes:
        state: "queued", "starting", "running", "paused", "interrupted" (its process is gone
            without a word), "finished", "stopped" or "failed".
        stage: what is going on while it starts; empty until its process has said a word.
        lives: how often it was taken up; each time its curve may have become shorter.
        epoch: the current epoch, 0-based; of an ended run, whole epochs done.
        progress: share of all batches done, 0 to 1.
        samples_per_second: images trained on in a second, lately.
        seconds_left: estimate for the rest of the training, None while unknown.
        seconds: trained so far, in all lives.
        loss: mean cross-entropy since the last report, nats; None before the first batch.
        accuracy: right answers since the last report, percent; None before the first batch.
        learning_rate: of the last step; None before the first batch.
        test_accuracy: right answers of all test images, percent, exact; None before the end.
        message: one sentence on why it failed.
    """

    state: State
    stage: str = ""
    attempts: int = 0
    epoch: int = 0
    progress: float = 0.0
    images_per_second: float = 0.0
    seconds_left: float | None = None
    seconds: float = 0.0
    loss: float | None = None
    accuracy: float | None = None
    learning_rate: float | None = None
    test_accuracy: float | None = None
    message: str = ""

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Status":
        """The status a dictionary describes.

        Raises:
            ValueError: a key is missing or unknown, or a value is nothing of its kind.
        """
        try:
            status = cls(**value)
        except TypeError as error:
            raise ValueError(f"This is no status: {error}.") from error
        if status.state not in get_args(State):
            raise ValueError("This is no state of a run.")
        for said in (status.stage, status.message):
            text(said)
        for count in (status.attempts, status.epoch):
            whole_number(count, 0, 1_000_000)
        for known, high in (
            (status.progress, 1),
            (status.images_per_second, _MANY),
            (status.seconds, _MANY),
        ):
            number(known, 0, high)
        for measured, high in (
            (status.seconds_left, _MANY),
            (status.loss, _LARGEST_LOSS),
            (status.learning_rate, _MANY),
            (status.accuracy, 100),
            (status.test_accuracy, 100),
        ):
            optional_number(measured, 0, high)
        return status

    @property
    def active(self) -> bool:
        """Whether a process works on it."""
        return self.state in ACTIVE

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen by itself or in its turn."""
        return self.state in ENDED

    @property
    def resumable(self) -> bool:
        """Whether it can go on from where it stopped."""
        return self.state in RESUMABLE

    def describe(self, epochs: int) -> str:
        """How far it is, in one line.

        Args:
            epochs: of the recipe.
        """
        if self.state == "running":
            speed = f"{self.images_per_second:,.0f} samples/s"
            minutes, seconds = divmod(round(self.seconds_left or 0), 60)
            return f"Epoch {self.epoch + 1} of {epochs}, {speed}, {minutes}:{seconds:02} left"
        if self.state == "failed":
            return self.message or "It failed"
        return {
            "queued": "Waiting for its turn",
            "starting": self.stage or "Starting a process",
            "paused": f"Paused in epoch {min(self.epoch + 1, epochs)} of {epochs}",
            "interrupted": f"Interrupted in epoch {min(self.epoch + 1, epochs)} of {epochs}",
            "finished": f"Finished after {epochs} epochs",
            "stopped": f"Stopped after {self.epoch} of {epochs} epochs",
        }[self.state]


def lock_of(folder: Path) -> FileLock:
    """The lock that the worker of a run holds as long as it lives."""
    return FileLock(folder / "worker.lock")


def read_status(folder: Path) -> Status:
    """How far the run in a folder is; never an exception.

    Args:
        folder: of the run.
    """
    path = folder / "status.json"
    try:
        status = Status.from_json(read_json(path))
        if status.active and not _has_worker(folder, status):
            # It may have ended, and told so, since its status was read.
            again = Status.from_json(read_json(path))
            return replace(again, state="interrupted") if again == status else again
        return status
    except OSError:
        return Status("failed", message=f"{path.name} is missing.")
    except ValueError:
        return Status("failed", message=f"{path.name} is damaged.")


def write_status(folder: Path, status: Status) -> None:
    """Tell all who watch a run how far it is.

    Raises:
        OSError: the folder cannot be written.
    """
    write_json(folder / "status.json", asdict(status), sync=False)


def write_last_status(folder: Path, status: Status) -> None:
    """Tell it even if the disk is full: over the status that is there.

    Raises:
        OSError: the folder cannot be written at all.
    """
    try:
        write_status(folder, status)
    except OSError:
        overwrite_json(folder / "status.json", asdict(status))


def _has_worker(folder: Path, status: Status) -> bool:
    """Whether somebody holds the lock, or is still on the way to it."""
    if status.state == "starting" and not status.stage:
        silent = time.time() - (folder / "status.json").stat().st_mtime
        return abs(silent) < _START_LIMIT
    return is_locked(folder)


def is_locked(folder: Path) -> bool:
    """Whether the worker of a run lives."""
    try:
        if not (folder / "worker.lock").is_file():
            return False  # to look would be to make the file
        with _looking, lock_of(folder).acquire(blocking=False):
            return False
    except Timeout:
        return True
    except OSError:
        return False  # something else is in the file's place
