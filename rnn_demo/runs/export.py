"""What a run leaves behind for others: its curve as a table, and code that repeats it."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from rnn_demo.formats.notebook import notebook
from rnn_demo.runs.metrics import N_SAMPLE_DIGITS
from rnn_demo.runs.state import Status
from rnn_demo.runs.store import Run
from rnn_demo.training.checkpoint import load_card
from rnn_demo.training.recipe import HYPERPARAMETERS, Change, Recipe, differing
from rnn_demo.training.resources import batches_in_epoch, n_parameters

_COLUMNS = [
    "step",
    "epoch_done",
    "loss",
    "accuracy",
    "learning_rate",
    "gradient_norm",
    "images_per_second",
    "validation_loss",
    "validation_accuracy",
    "tutorial_loss",
    "tutorial_accuracy",
]
_IMPORTS = """import os

import torch
from safetensors.torch import save_file

from rnn_demo.training.data import load
from rnn_demo.training.evaluate import accuracy
from rnn_demo.training.loop import EpochDone, Training
from rnn_demo.training.recipe import Change, Recipe

# With more threads, or elsewhere than on a CPU, sums differ in their last bits.
torch.set_num_threads(1)
os.environ["RNN_DEMO_DEVICE"] = "cpu"
# MNIST is looked for in the folder that RNN_DEMO_DATA names, or in `data`."""
_NEEDS = "Needs the package `rnn_demo`: run it in a clone of it."
_DOCSTRING = f'"""Repeat a run of the training hall: on a CPU, bit for bit.\n\n{_NEEDS}\n"""'
_TITLE = f"# A training run: on a CPU, bit for bit\n\n{_NEEDS}"
_LOOP = """data = load(recipe)
training = Training(recipe, data.train, changes)
for event in training.events():
    if isinstance(event, EpochDone):
        print(f"epoch {event.epoch}: loss {event.loss:.4f}, accuracy {event.accuracy:.2f} %")"""
_END = """save_file(training.model.state_dict(), "network.safetensors")
print(f"test accuracy, exact: {accuracy(training.model, data.test):.2f} %")"""


def to_csv(points: Sequence[dict[str, Any]]) -> str:
    """Every point of a run as comma-separated values, with a line of names.

    The answers to the twelve test digits, and how sure the network was of each, have a column
    each.

    Args:
        points: as `Run.metrics()` gives them.
    """
    names = [f"{name}_{i}" for name in ("answer", "confidence") for i in range(N_SAMPLE_DIGITS)]
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(_COLUMNS + names)
    for point in points:
        digits = _filled(point["answers"]) + _filled(point["confidence"])
        table.writerow([point.get(name) for name in _COLUMNS] + digits)
    return text.getvalue()


def _filled(values: list[Any]) -> list[Any]:
    return (values + [None] * N_SAMPLE_DIGITS)[:N_SAMPLE_DIGITS]


@dataclass(frozen=True)
class Replay:
    """Code that repeats a run.

    Attributes:
        source: a Python script; run, it holds the network in `training.model`, saves its weights
            as network.safetensors and prints its exact test accuracy.
        notebook: the same as a Jupyter notebook, JSON.
    """

    source: str
    notebook: str


def replay(recipe: Recipe, changes: Sequence[Change] = (), stopped_at: int | None = None) -> Replay:
    """Code that trains the same network again, of numbers and words of the recipe alone.

    Args:
        recipe: of the run.
        changes: of the learning rate, in the course of it.
        stopped_at: optimiser steps after which it was stopped; None if it was not.
    """
    loop = _LOOP
    if stopped_at is not None:
        loop += (
            f"\n    if training.step == {stopped_at}:  # here the run was stopped\n        break"
        )
    what = f"{_recipe(recipe)}\n{_changes(changes)}"
    source = "\n\n".join([_DOCSTRING, _IMPORTS, what, loop, _END])
    cells = [_IMPORTS, what, loop, _END]
    return Replay(source + "\n", json.dumps(notebook(_TITLE, cells)))


def stopped_at(run: Run) -> int | None:
    """After how many optimiser steps the network of a run was saved, if before its end.

    One that was stopped keeps its network as it then was, any other that of its last whole epoch.
    """
    recipe, status = run.recipe, run.status()
    in_epoch = batches_in_epoch(recipe)
    if status.state == "stopped":
        return round(status.progress * recipe.epochs * in_epoch)
    if status.state == "finished" or not run.has_network:
        return None
    return load_card(run.weights).epochs_done * in_epoch


def _recipe(recipe: Recipe) -> str:
    """The recipe as code: only what differs from the tutorial's."""
    given = [
        f"{field.name}={getattr(recipe, field.name)!r}"
        for field in fields(Recipe)
        if getattr(recipe, field.name) != field.default
    ]
    if not given:
        return "recipe = Recipe()  # the tutorial's"
    return "recipe = Recipe(\n" + "".join(f"    {part},\n" for part in given) + ")"


def _changes(changes: Sequence[Change]) -> str:
    if not changes:
        return "changes: list[Change] = []  # of the learning rate: none"
    lines = [f"    Change({change.step}, {change.learning_rate!r}),\n" for change in changes]
    return "changes = [  # of the learning rate: after so many steps, this\n" + "".join(lines) + "]"


def _test_accuracy(status: Status) -> str:
    if status.test_accuracy is not None:
        return f"{status.test_accuracy:.2f} %"
    return "none" if status.ended else "not yet"


def comparison(
    recipes: Sequence[Recipe], changes: Sequence[Sequence[Change]], statuses: Sequence[Status]
) -> dict[str, list[str]]:
    """What runs differ in: by name, the value of each run.

    Args:
        recipes: of the runs.
        changes: of the learning rate, of the same runs.
        statuses: of the same runs.
    """
    measured = {
        "Learning rate, later": [
            ", ".join(
                f"{change.learning_rate:g} from epoch {change.step / batches_in_epoch(recipe):.2f}"
                for change in of_run
            )
            or "unchanged"
            for recipe, of_run in zip(recipes, changes, strict=True)
        ],
        "Parameters": [f"{n_parameters(recipe):,}" for recipe in recipes],
        "Seconds": [
            "in training" if status.active else f"{status.seconds:,.0f}" for status in statuses
        ],
        "Test accuracy": [_test_accuracy(status) for status in statuses],
    }
    parameters = {
        str(HYPERPARAMETERS[name].label): [HYPERPARAMETERS[name].text(value) for value in values]
        for name, values in differing(recipes).items()
    }
    return parameters | {name: values for name, values in measured.items() if len(set(values)) > 1}
