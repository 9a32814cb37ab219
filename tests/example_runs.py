"""Runs made by hand, in the format of a run's folder: no process, but all that a page shows."""

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rnn_demo.data import source
from rnn_demo.runs.state import Status
from rnn_demo.runs.store import Run
from rnn_demo.training import checkpoint
from rnn_demo.training.build import build
from rnn_demo.training.evaluate import measure
from rnn_demo.training.recipe import Recipe

SMALL = Recipe(data="synthetic", n_neurons=12, epochs=10)
PER_EPOCH = 20  # points, and one more at its end


def home_of(key: str) -> str:
    """The folder of the visitor with a key."""
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def point(i: int, **values: Any) -> dict[str, Any]:
    """The i-th point between ends of epochs, all its numbers different from the others'."""
    step = (i + 1) / PER_EPOCH
    return {
        "step": step,
        "loss": 2 / (1 + 4 * step) + i % 100 / 1000,
        "accuracy": 95 - 80 * math.exp(-2 * step),
        "learning_rate": 0.001,
        "gradient_norm": 1 + math.cos(i) / 2,
        "images_per_second": 12_345.0,
        "answers": [i % 10] * 12,
        "confidence": [0.5 + 0.4 * math.sin(i) ** 2] * 12,
        "epoch_done": False,
    } | values


def curve(n: int) -> list[dict[str, Any]]:
    """The first n points between ends of epochs, with the ends among them."""
    points = []
    for i in range(n):
        points.append(point(i))
        if (i + 1) % PER_EPOCH == 0:
            epoch = (i + 1) // PER_EPOCH
            ended = {
                "step": epoch,
                "epoch_done": True,
                "validation_loss": 0.5 / epoch,
                "validation_accuracy": 90 + epoch / 2,
                "tutorial_loss": 0.4321,
                "tutorial_accuracy": 98.76,
            }
            points.append(point(i) | ended)
    return points


def append(run: Run, points: Sequence[dict[str, Any]]) -> None:
    """Add points to a run, all at once."""
    text = "".join(json.dumps(each) + "\n" for each in points)
    with (run.folder / "metrics.jsonl").open("a") as file:
        file.write(text)


def put_run(
    home: Path, run_id: str, state: str, *, recipe: Recipe = SMALL, n: int = 0, **status: Any
) -> Run:
    """A run in a state, with n points.

    Args:
        home: folder of its visitor.
        run_id: its name, beginning with when it was started.
        state: of `Status`; to be "running" in truth, somebody has to hold its lock.
        recipe: what it trains.
        n: points between ends of epochs.
        status: more of `Status`.
    """
    run = Run(home / run_id)
    (run.folder / "checkpoints").mkdir(parents=True)
    (run.folder / "recipe.json").write_text(json.dumps(recipe.to_json()))
    write_status(run, state, **status)
    append(run, curve(n))
    return run


def write_status(run: Run, state: str, **status: Any) -> None:
    """What its worker would say."""
    text = json.dumps(asdict(Status(state, attempts=1, **status)))  # type: ignore[arg-type]
    (run.folder / "status.json").write_text(text)


def takes_a_place(run: Run) -> None:
    """Let a run count among those that train at the same time."""
    queue = run.folder.parents[1] / "queue"
    queue.mkdir(exist_ok=True)
    (queue / f"{1:020}.{run.folder.parent.name}.{run.id}").touch()


def finish(run: Run) -> None:
    """Give a run an untrained network, with what it is measured to be worth."""
    model, test = build(run.recipe), source.load(run.recipe.data, "test")
    result = measure(model, test)
    card = checkpoint.Card(run.recipe, "", "", "", epochs_done=10, test_accuracy=result.accuracy)
    checkpoint.save(run.weights, model, card)
    (run.folder / "result.json").write_text(json.dumps(asdict(result)))
    write_status(run, "finished", epoch=10, progress=1.0, test_accuracy=result.accuracy, seconds=9)
