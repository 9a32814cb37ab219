"""How long a training takes on this machine, and how long a run waits for its turn.

The speed of this machine is learnt from the runs that have ended here, of all visitors: their
times say nothing of whose they are. Until there is one, it is that of a reference machine, see
`rnn_demo.training.cost`.
"""

import heapq
import statistics
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from rnn_demo.runs import layout, queue
from rnn_demo.runs.records import read_recipe
from rnn_demo.runs.run import Run
from rnn_demo.runs.state import Status, read_status
from rnn_demo.settings import SETTINGS
from rnn_demo.training.cost import other_seconds, training_seconds
from rnn_demo.training.recipe import Cell, Recipe

_MAX_RUNS_READ = 40  # the newest ones
_MIN_PROGRESS = 0.1  # of a run that says something about the speed of the machine
_MIN_SECONDS = 1.0


@dataclass(frozen=True)
class Speed:
    """How much longer trainings take here than on the reference machine.

    Attributes:
        by_cell: the factor for each kind of cell that has been trained here.
        other: for all other cells.
    """

    by_cell: dict[Cell, float]
    other: float = 1.0

    def seconds(self, recipe: Recipe) -> float:
        """How long a run of a recipe takes from its start to its result."""
        factor = self.by_cell.get(recipe.cell, self.other)
        return factor * training_seconds(recipe) + other_seconds(recipe)


def speed() -> Speed:
    """The speed of this machine, from the newest runs that have ended here."""
    folders = [run for owner in layout.owner_folders() for run in layout.run_folders(owner)]
    newest = sorted(folders, key=lambda folder: folder.name, reverse=True)[:_MAX_RUNS_READ]
    factors: dict[Cell, list[float]] = {}
    for folder in newest:
        with suppress(ValueError):
            recipe, status = read_recipe(folder), read_status(folder)
            if status is not None and _tells_the_speed(status):
                expected = status.progress * training_seconds(recipe)
                factors.setdefault(recipe.cell, []).append(status.seconds / expected)
    by_cell = {cell: statistics.median(values) for cell, values in factors.items()}
    return Speed(by_cell, statistics.median(by_cell.values()) if by_cell else 1.0)


def seconds_until_start(run: Run, speed: Speed) -> float | None:
    """How long a run will wait for its turn; None if it does not wait.

    Args:
        run: of whichever visitor.
        speed: of this machine.

    Raises:
        ValueError: `RNN_DEMO_MAX_RUNS` is not a number.
    """
    waiting = queue.waiting()
    if run.folder not in waiting:
        return None
    ahead = waiting[: waiting.index(run.folder)]
    training = [entry.folder for entry in queue.entries() if entry.claimed]
    return _wait(
        [_seconds_left(Run(folder), speed) for folder in training],
        [_seconds_left(Run(folder), speed) for folder in ahead],
        SETTINGS.max_runs.read(),
    )


def _wait(training: Sequence[float], ahead: Sequence[float], n_places: int) -> float:
    """When a place becomes free for the run behind all others, in seconds from now.

    Args:
        training: seconds that the runs in training still take.
        ahead: seconds that each run ahead takes, the next one first.
        n_places: number of runs that train at once.
    """
    free = [*sorted(training), *[0.0] * max(0, n_places - len(training))]
    heapq.heapify(free)
    for seconds in ahead:
        heapq.heappush(free, heapq.heappop(free) + seconds)
    return heapq.heappop(free)


def _seconds_left(run: Run, speed: Speed) -> float:
    """How long a run still takes once it trains; 0 if it is over or its recipe is damaged."""
    status = run.status()
    if status.active and status.seconds_left is not None:
        return status.seconds_left
    if status.ended:
        return 0.0
    with suppress(ValueError):
        return (1 - status.progress) * speed.seconds(read_recipe(run.folder))
    return 0.0


def _tells_the_speed(status: Status) -> bool:
    """Whether a run has ended and trained long enough."""
    trained = status.progress >= _MIN_PROGRESS and status.seconds >= _MIN_SECONDS
    return status.state in ("finished", "stopped") and trained
