"""Training runs on disk: start one, watch it, steer it.

A run is a folder, and the folder is all there is between the app and the process that trains:

    recipe.json     what to train, written once
    name.json       what the visitor called it, if they did
    status.json     how far it is, rewritten several times a second
    metrics.jsonl   its curve, one point a line
    changes.jsonl   changes of the learning rate that took effect, one a line
    request.json    what was asked of the worker and not yet done
    checkpoints/    last: the network after the last whole epoch, with its card
                    training: all it takes to go on bit for bit
    result.json     what was measured on the test images, at the end
    worker.lock     held by the worker as long as it lives
    worker.log      what the worker printed

So a refreshed browser, a second tab or a restarted server see the same run, and a run whose
worker or server was killed can be resumed.
"""

import secrets
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from rnn_demo.formats.files import describe_os_error, write_json
from rnn_demo.runs import layout, queue
from rnn_demo.runs.changes import read_changes
from rnn_demo.runs.commands import Action, ask, read_request
from rnn_demo.runs.layout import root
from rnn_demo.runs.metrics import Point, read_points
from rnn_demo.runs.naming import check_name
from rnn_demo.runs.queue import advance
from rnn_demo.runs.records import read_name, read_recipe, read_result
from rnn_demo.runs.retention import clean_up
from rnn_demo.runs.state import Status, read_status, write_status
from rnn_demo.settings import SETTINGS
from rnn_demo.training import resources, wording
from rnn_demo.training.recipe import Change, Recipe, check_learning_rate
from rnn_demo.training.result import Result

__all__ = [
    "Run",
    "Status",
    "advance",
    "look_after",
    "root",
    "runs_of",
    "start",
    "titles",
]


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
    def recipe(self) -> Recipe:
        """What it trains.

        Raises:
            ValueError: the recipe is missing or damaged, in one sentence.
        """
        return read_recipe(self.folder)

    @property
    def title(self) -> str:
        """Its name; without one, what it trains and when it was started."""
        if self.name:
            return self.name
        moment = f"{self.started:%d %b %H:%M}" if self.started else self.id
        with suppress(ValueError):
            recipe = self.recipe
            return f"{recipe.n_neurons} {wording.format_value('cell', recipe.cell)}, {moment}"
        return moment

    @property
    def name(self) -> str:
        """What the visitor called it; empty if they did not, or where that cannot be read."""
        with suppress(ValueError):
            return read_name(self.folder)
        return ""

    @property
    def started(self) -> datetime | None:
        """When it was started, on the clock of this machine; None where its id does not tell."""
        with suppress(ValueError):
            moment = datetime.strptime(self.id[:15], _MOMENT).replace(tzinfo=UTC)
            return moment.astimezone().replace(tzinfo=None)
        return None

    @property
    def weights(self) -> Path:
        """The network after the last finished epoch; not there before the first one is."""
        return self.folder / "checkpoints" / "last.safetensors"

    @property
    def has_network(self) -> bool:
        """Whether there is a network to use."""
        return self.weights.is_file() and self.weights.with_suffix(".json").is_file()

    def status(self) -> Status:
        """How far it is; a damaged status is that of a failed run."""
        status = read_status(self.folder)
        if status.state == "queued" and not queue.holds(self.folder):
            return replace(status, state="interrupted")  # the queue was removed, by hand
        return status

    def metrics(self, start: int = 0) -> list[Point]:
        """Points of its curve, up to the first damaged line.

        When a run is resumed, the points after its last checkpoint go: see `Status.lives`.

        Args:
            start: the first point to read.

        Returns:
            Dictionaries with `step` (in epochs), `loss`, `accuracy`, `learning_rate`,
            `gradient_norm`, `samples_per_second`, `answers` and `sureness` on a dozen test
            digits, and `epoch_done`; where that is true also `held_out_loss`,
            `held_out_accuracy`, `printed_loss` and `printed_accuracy`. What was not measured
            is None.
        """
        return read_points(self.folder / "metrics.jsonl", start)

    def changes(self) -> list[Change]:
        """Changes of the learning rate that took effect; none where they cannot be read."""
        with suppress(ValueError):
            return read_changes(self.folder / "changes.jsonl")
        return []

    def result(self) -> Result | None:
        """What was measured on the test images; None before that, or where it is damaged."""
        with suppress(ValueError):
            return read_result(self.folder)
        return None

    def problems(self) -> list[str]:
        """One sentence for each file that is damaged, missing or none of a run's.

        Every file is read from its first byte to its last: this is not for each half second.
        """
        from rnn_demo.runs.integrity import problems

        return problems(self.folder)

    def queue_place(self) -> int:
        """Its place among those that wait, 1 being the next; 0 if it does not wait."""
        waiting = queue.waiting()
        return waiting.index(self.folder) + 1 if self.folder in waiting else 0

    def pause(self) -> None:
        """Ask it to write down all it knows after this batch, and to end until it is resumed.

        Raises:
            OSError: the folder cannot be written.
        """
        self._ask("pause")

    def stop(self) -> None:
        """Ask it to stop after this batch, for good; what it has learnt is kept.

        Raises:
            OSError: the folder cannot be written.
        """
        self._ask("stop")

    def change_learning_rate(self, learning_rate: float) -> None:
        """Ask for another learning rate from the next batch on, or from where it is resumed.

        Raises:
            ValueError: it is outside the range of a recipe's.
            OSError: the folder cannot be written.
        """
        check_learning_rate(learning_rate)
        with _told():
            ask(self.folder, learning_rate=learning_rate)

    def learning_rate(self) -> float:
        """The one it goes on with: asked for, else as it was last changed, else its recipe's.

        Raises:
            ValueError: its recipe is damaged.
        """
        asked = read_request(self.folder).learning_rate
        changed = [change.learning_rate for change in self.changes()]
        return float(asked or [self.recipe.learning_rate, *changed][-1])

    def resume(self) -> None:
        """Let it go on from its last checkpoint, when its turn comes.

        Raises:
            ValueError: it does not stand still, its recipe is damaged, or its visitor has as
                many waiting as may.
            OSError: the folder cannot be written.
        """
        with _told(), queue.lock():
            status = self.status()
            if not status.resumable:
                raise ValueError(f"A run that is {status.state} cannot be resumed.")
            read_recipe(self.folder)
            queue.enter(self.folder, status)
        advance()

    def withdraw(self) -> None:
        """Take it out of the queue: one that never began is removed, any other stands still.

        Raises:
            ValueError: it does not wait.
            OSError: the folder cannot be written or removed.
        """
        with _told(), queue.lock():
            status = self.status()
            if status.state != "queued":
                raise ValueError("This run no longer waits: its turn has come.")
            queue.leave(self.folder)
            if status.attempts or any(self.weights.parent.glob("*.safetensors")):
                write_status(self.folder, replace(status, state="paused"))
            else:
                layout.remove(self.folder)
        advance()

    def rename(self, name: str) -> None:
        """Give it a name; an empty one takes it away again.

        Raises:
            ValueError: the name is longer than 40 characters, or has control characters.
            OSError: the folder cannot be written.
        """
        with _told():
            write_json(self.folder / "name.json", {"name": check_name(name)})

    def delete(self) -> None:
        """Remove it from the disk.

        Raises:
            ValueError: it is training.
            OSError: the folder cannot be removed.
        """
        with _told(), queue.lock():
            if self.status().active:
                raise ValueError("This run is training: stop it, then delete it.")
            queue.leave(self.folder)
            layout.remove(self.folder)
        advance()

    def _ask(self, action: Action) -> None:
        # One that has just ended is asked for nothing any more.
        if self.status().active:
            with _told():
                ask(self.folder, action=action)


def titles(found: Sequence[Run]) -> dict[str, str]:
    """What to call each of several runs, by their ids, so that no two are called the same.

    Args:
        found: the newest first.
    """
    names = wording.unique_titles([run.title for run in found])
    return dict(zip([run.id for run in found], names, strict=True))


def runs_of(owner: str) -> list[Run]:
    """The runs a visitor may see, newest first: their own, or all if they are shared.

    Args:
        owner: the visitor, as 16 to 64 hexadecimal digits.

    Raises:
        ValueError: owner is nothing of the kind.
    """
    found = [Run(folder) for home in _homes(owner) for folder in layout.runs_in(home)]
    return sorted(found, key=lambda run: run.id, reverse=True)


def start(recipe: Recipe, owner: str, name: str = "") -> Run:
    """Start a run in a process of its own, or queue it when as many train as may.

    Args:
        recipe: what to train.
        owner: the visitor it belongs to, as 16 to 64 hexadecimal digits.
        name: what the visitor calls it.

    Raises:
        ValueError: the recipe takes too much memory, owner is nothing of the kind, the name is
            none, the visitor or all together have as many runs waiting as may, or a setting of
            the machine is wrong.
        OSError: the folder cannot be written.
    """
    if problem := resources.problem(recipe):
        raise ValueError(problem)
    name = check_name(name)
    moment = time.strftime(_MOMENT, time.gmtime())
    run = Run(layout.home_of(owner) / f"{moment}-{secrets.token_hex(4)}")
    with _told(), queue.lock():
        clean_up()
        try:
            _write_new(run, recipe, name)
        except (OSError, ValueError):
            shutil.rmtree(run.folder, ignore_errors=True)
            raise
    advance()
    return run


def look_after() -> None:
    """Remove old runs, and start those whose turn it is.

    Raises:
        ValueError: a setting of the machine is wrong.
        OSError: the folder of all runs cannot be read or written.
    """
    if not root().is_dir():
        return  # nobody has trained here
    with _told():
        with queue.lock():
            clean_up()
        advance()


_MOMENT = "%Y%m%d-%H%M%S"


def _write_new(run: Run, recipe: Recipe, name: str) -> None:
    (run.folder / "checkpoints").mkdir(parents=True)
    write_json(run.folder / "recipe.json", recipe.to_json())
    if name:
        write_json(run.folder / "name.json", {"name": name})
    queue.enter(run.folder, Status("queued"))


def _homes(owner: str) -> list[Path]:
    """The folders whose runs a visitor may see."""
    home = layout.home_of(owner)
    return layout.all_homes() if SETTINGS.shared.read() else [home]


@contextmanager
def _told() -> Iterator[None]:
    """Say what the disk objects to in a sentence without a path."""
    try:
        yield
    except OSError as error:
        raise OSError(str(describe_os_error(error))) from error
