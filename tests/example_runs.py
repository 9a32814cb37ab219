"""Run folders written by hand: everything that a page shows, without a worker."""

import hashlib
import json
import math
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, get_args

from rnn_demo.data import source
from rnn_demo.runs.layout import root
from rnn_demo.runs.run import Run
from rnn_demo.runs.state import Claim, State, Status, lock_of, read_claim, write_claim
from rnn_demo.training import checkpoint
from rnn_demo.training.build import build
from rnn_demo.training.evaluate import measure
from rnn_demo.training.metrics import N_SAMPLE_DIGITS, Point
from rnn_demo.training.recipe import Recipe

SMALL = Recipe(data="synthetic", n_neurons=12, epochs=10)
POINTS_PER_EPOCH = 20  # and one more at its end


def owner_of(key: str) -> str:
    """The owner of the runs of a visitor with a key: the name of their folder."""
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def point(i: int, **values: Any) -> Point:
    """The i-th point between ends of epochs; its numbers differ from those of the others."""
    epoch = (i + 1) / POINTS_PER_EPOCH
    return {
        "epoch": epoch,
        "loss": 2 / (1 + 4 * epoch) + i % 100 / 1000,
        "accuracy": 95 - 80 * math.exp(-2 * epoch),
        "learning_rate": 0.001,
        "gradient_norm": 1 + math.cos(i) / 2,
        "images_per_second": 12_345.0,
        "answers": [i % 10] * N_SAMPLE_DIGITS,
        "confidence": [0.5 + 0.4 * math.sin(i) ** 2] * N_SAMPLE_DIGITS,
        "epoch_done": False,
    } | values


def curve(n: int) -> list[Point]:
    """The first n points between ends of epochs, with the ends among them."""
    points = []
    for i in range(n):
        points.append(point(i))
        if (i + 1) % POINTS_PER_EPOCH == 0:
            epoch = (i + 1) // POINTS_PER_EPOCH
            end = {
                "epoch": epoch,
                "epoch_done": True,
                "validation_loss": 0.5 / epoch,
                "validation_accuracy": 90 + epoch / 2,
                "tutorial_loss": 0.4321,
                "tutorial_accuracy": 98.76,
            }
            points.append(point(i) | end)
    return points


def append(run: Run, points: Sequence[Point]) -> None:
    """Add points to a run, all at once."""
    text = "".join(json.dumps(each) + "\n" for each in points)
    with (run.folder / "metrics.jsonl").open("a") as file:
        file.write(text)


def put_run(
    owner_folder: Path,
    run_id: str,
    state: State,
    *,
    recipe: Recipe = SMALL,
    n: int = 0,
    **status: Any,
) -> Run:
    """A run in a state, with n points.

    Args:
        owner_folder: of its visitor.
        run_id: its name, beginning with the time at which it was started.
        state: as in `write_status`.
        recipe: what it trains.
        n: points between ends of epochs.
        status: more of `Status`.
    """
    run = Run(owner_folder / run_id)
    (run.folder / "checkpoints").mkdir(parents=True)
    (run.folder / "recipe.json").write_text(json.dumps(recipe.to_json()))
    write_status(run, state, **status)
    append(run, curve(n))
    return run


def write_status(run: Run, state: State, **status: Any) -> None:
    """Write what its worker would write.

    Args:
        run: of whichever visitor.
        state: it is running or starting only while somebody holds its lock; otherwise, as with
            "interrupted", its worker is gone. If "queued", it has trained and waits again.
        status: more of `Status`.
    """
    assert state in get_args(State)
    said: State = {"interrupted": "running", "queued": "paused"}.get(state, state)  # type: ignore[assignment]
    run.folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(Status(said, **({"attempts": 1} | status)).to_json())
    (run.folder / "status.json").write_text(text)
    if state == "queued":
        put_into_queue(run)


def put_into_queue(run: Run, *, claimed: bool = False) -> None:
    """Let a run wait; or, if claimed, take one of the places of those that train."""
    folder = run.folder.parents[1] / "queue"
    folder.mkdir(exist_ok=True)
    name = f"{1:020}.{run.folder.parent.name}.{run.id}" + ".claimed" * claimed
    (folder / name).touch()


def claim(run: Run) -> None:
    """Claim a run as the queue does before it starts a worker."""
    last = read_claim(run.folder) or Claim(time.time_ns())
    write_claim(run.folder, Claim(last.moment + 1))


def finish(run: Run) -> None:
    """Give a run an untrained network and its measured result."""
    recipe = run.snapshot().recipe
    assert recipe is not None
    model, test = build(recipe), source.load(recipe.data, "test")
    result = measure(model, test)
    card = checkpoint.Card(recipe, "", "", "", epochs_done=10, test_accuracy=result.accuracy)
    checkpoint.save(run.weights, model, card)
    (run.folder / "result.json").write_text(json.dumps(asdict(result)))
    write_status(run, "finished", epoch=10, progress=1.0, test_accuracy=result.accuracy, seconds=9)


@contextmanager
def training_run(owner: str, run_id: str = "busy") -> Iterator[Run]:
    """A run that trains and takes a place: the test holds the lock of its worker."""
    run = put_run(root() / owner, run_id, "running", attempts=0)
    put_into_queue(run, claimed=True)
    with lock_of(run.folder):
        yield run
