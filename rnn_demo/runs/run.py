"""A training run: what a page reads of it, as a snapshot, and what it can do with it."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rnn_demo.messages import InputError, Message
from rnn_demo.runs import layout, queue
from rnn_demo.runs.commands import Action, ActionCommand, RateCommand, pending_learning_rate, send
from rnn_demo.runs.errors import storage_errors
from rnn_demo.runs.layout import check_name, weights_of
from rnn_demo.runs.metrics import read_points
from rnn_demo.runs.records import (
    read_changes,
    read_name,
    read_number,
    read_recipe,
    read_result,
    write_name,
)
from rnn_demo.runs.state import Facts, Status, read_facts, status_of
from rnn_demo.training.metrics import Point
from rnn_demo.training.recipe import HYPERPARAMETERS, Change, Recipe
from rnn_demo.training.result import Result

TIME_FORMAT = "%Y%m%d-%H%M%S"  # the beginning of an id, UTC
_TIME_LENGTH = 15  # characters


@dataclass(frozen=True)
class Run:
    """One training run.

    Attributes:
        folder: where it is.
    """

    folder: Path

    @property
    def id(self) -> str:
        """The name of its folder."""
        return self.folder.name

    @property
    def weights(self) -> Path:
        """Its network after the last whole epoch; not there during the first one."""
        return weights_of(self.folder)

    def snapshot(self) -> "Snapshot":
        """What lies on disk at this moment, without the curve; never an exception."""
        return snapshots([self])[0]

    def status(self) -> Status:
        """How far it is; what `snapshot` has, for those who need nothing else."""
        return status_of(self._facts())

    def number(self) -> int | None:
        """Its number among its visitor's runs, from 1; None if nothing readable says it."""
        with suppress(ValueError):
            return read_number(self.folder)
        return None

    def points(self, start: int = 0) -> list[Point]:
        """The points of its curve, up to the first damaged line.

        When a run is resumed, the points after its last checkpoint go: see `Status.attempts`.

        Args:
            start: index of the first point to read.
        """
        return read_points(self.folder, start)

    def damage(self) -> list[Message]:
        """One message for each file that is damaged or missing.

        It reads every file to its end, so it is not for every rerun.
        """
        from rnn_demo.runs.integrity import damage  # imports PyTorch

        return damage(self.folder)

    def pause(self) -> None:
        """Let its worker save everything after this batch and end; nothing if it has ended.

        Raises:
            StorageError: the folder cannot be written.
        """
        self._send("pause")

    def stop(self) -> None:
        """Let its worker end for good after this batch and keep the network.

        Raises:
            StorageError: the folder cannot be written.
        """
        self._send("stop")

    def change_learning_rate(self, learning_rate: float) -> None:
        """Use another learning rate from the next batch on, or from where it is resumed.

        Raises:
            InputError: it is outside the range of a recipe's.
            StorageError: the folder cannot be written.
        """
        HYPERPARAMETERS["learning_rate"].check(learning_rate)
        with storage_errors():
            send(self.folder, RateCommand(learning_rate))

    def resume(self) -> None:
        """Let it continue from its last checkpoint, when its turn comes.

        Raises:
            InputError: it trains, waits or has ended, its recipe is damaged, or too many runs wait.
            StorageError: the queue cannot be written.
        """
        with storage_errors(), queue.lock():
            if not self.status().resumable:
                raise InputError("runs.not_resumable")
            read_recipe(self.folder)
            queue.enter(self.folder)
        queue.advance()

    def withdraw(self) -> None:
        """Take it out of the queue; one that has never trained is removed.

        Raises:
            InputError: it does not wait.
            StorageError: the queue cannot be written, or the folder not be removed.
        """
        with storage_errors(), queue.lock():
            facts = self._facts()
            if not facts.queued:
                raise InputError("runs.already_started")
            queue.leave(self.folder)
            trained = facts.status is not None and facts.status.attempts > 0
            if not trained and not any(self.weights.parent.glob("*.safetensors")):
                layout.remove(self.folder)
        queue.advance()

    def rename(self, name: str) -> None:
        """Give it a name; an empty one removes the name.

        Raises:
            InputError: the name is too long or contains control characters.
            StorageError: the folder cannot be written.
        """
        name = check_name(name)
        with storage_errors():
            write_name(self.folder, name, self.number())

    def delete(self) -> None:
        """Remove it from the disk.

        Raises:
            InputError: it is training.
            StorageError: the folder cannot be removed.
        """
        with storage_errors(), queue.lock():
            if self.status().active:
                raise InputError("runs.delete_while_training")
            queue.leave(self.folder)
            layout.remove(self.folder)
        queue.advance()

    def _send(self, action: Action) -> None:
        facts = self._facts()
        if status_of(facts).active:
            with storage_errors():
                send(self.folder, ActionCommand(action, facts.claim.moment if facts.claim else 0))

    def _facts(self) -> Facts:
        return read_facts(self.folder, queued=self.folder in queue.waiting())


@dataclass(frozen=True)
class Snapshot:
    """A run as it lay on disk at one moment.

    Attributes:
        run: to act on it, and to read its curve.
        name: given by the visitor; empty without one, or where it cannot be read.
        number: its number among the visitor's runs, from 1; None if nothing readable says it.
        started: when the visitor started it, UTC; None if its id does not say.
        recipe: what it trains; None where that cannot be read.
        status: how far it is.
        has_network: there is a trained network to use.
        queue_place: its place among the runs that wait, 1 for the next; 0 if it does not wait.
        changes: of the learning rate that took effect; empty where they cannot be read.
        next_learning_rate: the learning rate that it continues with; None without a recipe.
        result: what was measured on the test images; None before that, or where it is damaged.
    """

    run: Run
    name: str
    number: int | None
    started: datetime | None
    recipe: Recipe | None
    status: Status
    has_network: bool
    queue_place: int
    changes: tuple[Change, ...]
    next_learning_rate: float | None
    result: Result | None

    @property
    def id(self) -> str:
        """The name of its folder."""
        return self.run.id

    @property
    def weights(self) -> Path:
        """Its network after the last whole epoch."""
        return self.run.weights


def snapshots(runs: Sequence[Run]) -> list[Snapshot]:
    """Snapshots of some runs, in the same order; the queue is read once for all of them."""
    places = {folder: place for place, folder in enumerate(queue.waiting(), start=1)}
    return [_snapshot(run, places.get(run.folder, 0)) for run in runs]


def _snapshot(run: Run, queue_place: int) -> Snapshot:
    status = status_of(read_facts(run.folder, queued=queue_place > 0))
    recipe, name, result = None, "", None
    changes: list[Change] = []
    with suppress(ValueError):
        recipe = read_recipe(run.folder)
    with suppress(ValueError):
        name = read_name(run.folder)
    with suppress(ValueError):
        changes = read_changes(run.folder)
    with suppress(ValueError):
        result = read_result(run.folder) if status.ended else None
    weights = run.weights
    return Snapshot(
        run=run,
        name=name,
        number=run.number(),
        started=_started(run.id),
        recipe=recipe,
        status=status,
        has_network=weights.is_file() and weights.with_suffix(".json").is_file(),
        queue_place=queue_place,
        changes=tuple(changes),
        next_learning_rate=_next_learning_rate(run, recipe, changes, status) if recipe else None,
        result=result,
    )


def _next_learning_rate(
    run: Run, recipe: Recipe, changes: Sequence[Change], status: Status
) -> float:
    """The last one commanded; else as it was last changed; else the recipe's."""
    pending = pending_learning_rate(run.folder, status.n_commands)
    rates = [recipe.learning_rate, *(change.learning_rate for change in changes)]
    return float(pending or rates[-1])


def _started(run_id: str) -> datetime | None:
    """The moment in an id."""
    with suppress(ValueError):
        return datetime.strptime(run_id[:_TIME_LENGTH], TIME_FORMAT).replace(tzinfo=UTC)
    return None
