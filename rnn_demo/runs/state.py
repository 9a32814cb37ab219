"""The state of a run: what its worker has written, and the one function that judges it."""

import threading
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from filelock import FileLock, Timeout

from rnn_demo.formats.checked import number, optional_number, whole_number
from rnn_demo.formats.files import UnreadableError, overwrite_json, read_json, retried, write_json
from rnn_demo.messages import Message
from rnn_demo.runs.commands import MAX_CLAIM

State = Literal[
    "queued", "starting", "running", "paused", "interrupted", "finished", "stopped", "failed"
]
ACTIVE: tuple[State, ...] = ("starting", "running")
ENDED: tuple[State, ...] = ("finished", "stopped", "failed")
RESUMABLE: tuple[State, ...] = ("paused", "interrupted", "failed")
WRITTEN_BY_WORKER: tuple[State, ...] = ("starting", "running", "paused", *ENDED)

# From the start of a process to its lock nothing says whether it is alive. On a busy machine that
# takes seconds.
START_LIMIT_S = 60.0

_MESSAGES = ("stage", "message", "device_problem")  # fields of a status
_MAX_COUNT = 10**6  # attempts, epochs or commands
_MAX_AMOUNT = 1e12  # seconds or images a second; more than any run reaches
_MAX_LOSS = 3.5e38  # nats; more than a 32-bit float can hold

# One look at a lock at a time: looking means holding it for an instant.
_looking = threading.Lock()


@dataclass(frozen=True)
class Status:
    """How far a run is.

    Attributes:
        state: "queued", "starting", "running", "paused", "interrupted" (its process ended
            without giving a reason), "finished", "stopped" or "failed".
        stage: what its worker prepares before it trains; None before that.
        attempts: how often a worker began to train it; each time its curve may become shorter.
        claim: the claim that its last worker works for, see `Claim`.
        n_commands: number of commands that workers have read.
        epoch: the current epoch, 0-based; of an ended run, whole epochs done.
        progress: fraction of all batches done, 0 to 1.
        images_per_second: images trained on in a second, lately.
        seconds_left: estimate for the rest of the training; None while unknown.
        seconds: training time in all attempts.
        loss: mean cross-entropy since the last report, nats; None before the first batch.
        accuracy: right answers since the last report, percent; None before the first batch.
        learning_rate: of the last step; None before the first batch.
        test_accuracy: right answers of all test images, percent, exact; None before the end.
        message: why it failed; None if it did not.
        device_problem: why the CPU trains it instead of a faster device; None if that is as it
            should be.
    """

    state: State
    stage: Message | None = None
    attempts: int = 0
    claim: int = 0
    n_commands: int = 0
    epoch: int = 0
    progress: float = 0.0
    images_per_second: float = 0.0
    seconds_left: float | None = None
    seconds: float = 0.0
    loss: float | None = None
    accuracy: float | None = None
    learning_rate: float | None = None
    test_accuracy: float | None = None
    message: Message | None = None
    device_problem: Message | None = None

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Status":
        """The status that a worker wrote.

        Raises:
            ValueError: a key is missing or unknown, or a value is not valid.
        """
        messages = {name: _read_message(value.get(name)) for name in _MESSAGES}
        try:
            status = cls(**value | messages)
        except TypeError as error:
            raise ValueError(f"This is not a status: {error}.") from error
        if status.state not in WRITTEN_BY_WORKER:
            raise ValueError("No worker writes this state.")
        whole_number(status.claim, 0, MAX_CLAIM)
        for count in (status.attempts, status.epoch, status.n_commands):
            whole_number(count, 0, _MAX_COUNT)
        number(status.progress, 0, 1)
        for amount in (status.images_per_second, status.seconds):
            number(amount, 0, _MAX_AMOUNT)
        for measured, high in (
            (status.seconds_left, _MAX_AMOUNT),
            (status.loss, _MAX_LOSS),
            (status.learning_rate, _MAX_AMOUNT),
            (status.accuracy, 100),
            (status.test_accuracy, 100),
        ):
            optional_number(measured, 0, high)
        return status

    def to_json(self) -> dict[str, Any]:
        """The dictionary that `from_json` reads."""
        messages = {name: getattr(self, name) for name in _MESSAGES}
        return asdict(self) | {
            name: message and message.to_json() for name, message in messages.items()
        }

    @property
    def active(self) -> bool:
        """Whether a process works on it."""
        return self.state in ACTIVE

    @property
    def ended(self) -> bool:
        """Whether nothing more happens without a visitor."""
        return self.state in ENDED

    @property
    def resumable(self) -> bool:
        """Whether it can continue from where it stopped."""
        return self.state in RESUMABLE


@dataclass(frozen=True)
class Claim:
    """A start of a worker by the queue.

    Attributes:
        moment: when, in nanoseconds since 1970; it identifies the claim.
        over: the process has ended.
        problem: why no process could be started; None if one was.
    """

    moment: int
    over: bool = False
    problem: Message | None = None

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Claim":
        """The claim that the queue wrote.

        Raises:
            ValueError: a key is missing or unknown, or a value is not valid.
        """
        try:
            claim = cls(**value | {"problem": _read_message(value.get("problem"))})
        except TypeError as error:
            raise ValueError(f"This is not a claim: {error}.") from error
        whole_number(claim.moment, 0, MAX_CLAIM)
        if not isinstance(claim.over, bool):
            raise ValueError("over is neither true nor false.")
        return claim

    def to_json(self) -> dict[str, Any]:
        """The dictionary that `from_json` reads."""
        return asdict(self) | {"problem": self.problem and self.problem.to_json()}


@dataclass(frozen=True)
class Facts:
    """What lies on disk about the state of a run.

    Attributes:
        queued: it has an entry in the queue that no worker was started for.
        claim: the last start of a worker; None without one, or where it cannot be read.
        claim_age: seconds since then.
        locked: a worker holds the run's lock.
        status: the last one that a worker wrote; None without one, or where it cannot be read.
        damaged: there is a status, and it is not what a worker writes.
        unreadable: the claim or the status is there, and cannot be read just now.
    """

    queued: bool = False
    claim: Claim | None = None
    claim_age: float = 0.0
    locked: bool = False
    status: Status | None = None
    damaged: bool = False
    unreadable: bool = False

    @property
    def unanswered(self) -> Claim | None:
        """The last claim, if its worker has not written a status yet."""
        claim, status = self.claim, self.status
        if claim is not None and status is not None and status.claim == claim.moment:
            return None
        return claim


def state_of(facts: Facts) -> State:
    """The state of a run. Nothing else decides it."""
    if facts.queued:
        return "queued"
    claim = facts.unanswered
    if claim is not None:
        if claim.problem is not None:
            return "failed"
        on_its_way = not claim.over and abs(facts.claim_age) < START_LIMIT_S
        if facts.locked or on_its_way:
            return "starting"
    if facts.unreadable:  # which says nothing about the training
        return "running" if facts.locked else "interrupted"
    if facts.damaged:
        return "failed"
    if claim is not None or facts.status is None:
        return "interrupted"
    if facts.status.active and not facts.locked:
        return "interrupted"
    return facts.status.state


def status_of(facts: Facts) -> Status:
    """How far a run is: the last status of its worker, in the state that the facts give."""
    state = state_of(facts)
    last = facts.status or Status(state)
    if state == "failed":
        if facts.unanswered is not None and facts.unanswered.problem is not None:
            message: Message | None = facts.unanswered.problem
        elif facts.damaged:
            message = Message("files.damaged", {"name": "status.json"})
        else:
            message = last.message
        return replace(last, state=state, stage=None, message=message)
    stage = last.stage if state == "starting" and facts.unanswered is None else None
    return replace(last, state=state, stage=stage, message=None)


def read_facts(folder: Path, *, queued: bool) -> Facts:
    """What lies on disk about the state of a run; never an exception.

    Args:
        folder: of the run.
        queued: it waits in the queue.
    """
    facts = _read_facts(folder, queued)
    if state_of(facts) == "interrupted" and not facts.unreadable:
        # Its worker may have written its last status and ended after the first look.
        facts = _read_facts(folder, queued)
    return facts


def read_claim(folder: Path) -> Claim | None:
    """The last start of a worker; None without one, or where it cannot be read."""
    try:
        return Claim.from_json(read_json(_claim_file(folder)))
    except (OSError, ValueError):
        return None


def write_claim(folder: Path, claim: Claim) -> None:
    """Write down a start of a worker. For the queue only.

    Raises:
        OSError: the folder cannot be written.
    """
    write_json(_claim_file(folder), claim.to_json(), sync=False)


def read_status(folder: Path) -> Status | None:
    """The last status that a worker wrote; None without one, or where it cannot be read."""
    try:
        return Status.from_json(read_json(_status_file(folder)))
    except (OSError, ValueError):
        return None


def write_status(folder: Path, status: Status) -> None:
    """Write down how far a run is. For its worker only.

    Raises:
        OSError: the folder cannot be written.
    """
    write_json(_status_file(folder), status.to_json(), sync=False)


def write_last_status(folder: Path, status: Status) -> None:
    """Write it even if the disk is full: over the status that is there. For the worker only.

    Raises:
        OSError: the folder cannot be written at all.
    """
    try:
        write_status(folder, status)
    except OSError:
        overwrite_json(_status_file(folder), status.to_json())


def lock_of(folder: Path) -> FileLock:
    """The lock that the worker of a run holds while it runs."""
    return FileLock(folder / "worker.lock")


def is_locked(folder: Path) -> bool:
    """Whether the worker of a run is alive."""
    try:
        return retried(lambda: _is_locked(folder))
    except OSError:
        return False  # something else is in its place


def _is_locked(folder: Path) -> bool:
    if not (folder / "worker.lock").is_file():
        return False  # acquiring the lock would create the file
    try:
        with _looking, lock_of(folder).acquire(blocking=False):
            return False
    except Timeout:
        return True


def _read_message(value: Any) -> Message | None:
    if value is None:
        return None
    message = Message.from_json(value)
    str(message).encode()  # half a surrogate pair, a ValueError, cannot be sent to a browser
    return message


def _read_facts(folder: Path, queued: bool) -> Facts:
    claim, status, damaged, unreadable = None, None, False, False
    try:
        claim = Claim.from_json(read_json(_claim_file(folder)))
    except UnreadableError:
        unreadable = True
    except (OSError, ValueError):
        pass  # as if no worker had been started
    try:
        status = Status.from_json(read_json(_status_file(folder)))
    except UnreadableError:
        unreadable = True
    except (OSError, ValueError):
        damaged = _status_file(folder).exists() or _status_file(folder).is_symlink()
    facts = Facts(
        queued=queued,
        claim=claim,
        claim_age=time.time() - claim.moment / 1e9 if claim else 0.0,
        status=status,
        damaged=damaged,
        unreadable=unreadable,
    )
    # Only where it decides: a look at a lock takes a while.
    active = status is not None and status.active
    if facts.unanswered is not None or active or unreadable:
        facts = replace(facts, locked=is_locked(folder))
    return facts


def _claim_file(folder: Path) -> Path:
    return folder / "claim.json"


def _status_file(folder: Path) -> Path:
    return folder / "status.json"
