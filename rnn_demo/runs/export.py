"""What others can use of a run: its curve as a table, and code that repeats it."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass

from rnn_demo.formats.notebook import notebook
from rnn_demo.runs.records import recipe_arguments
from rnn_demo.runs.run import Snapshot
from rnn_demo.training.checkpoint import load_card
from rnn_demo.training.metrics import COLUMNS, Point, table_row
from rnn_demo.training.recipe import Change, Recipe
from rnn_demo.training.resources import batches_in_epoch

_IMPORTS = """import os

import torch
from safetensors.torch import save_file

from rnn_demo.training.data import load
from rnn_demo.training.evaluate import accuracy
from rnn_demo.training.loop import EpochDone, Training
from rnn_demo.training.recipe import Change, Recipe

# With several threads, or on a GPU, sums differ in their last bits.
torch.set_num_threads(1)
os.environ["RNN_DEMO_DEVICE"] = "cpu"
# MNIST is read from the folder that RNN_DEMO_DATA names, or from `data`."""
_NEEDS = "It needs the package `rnn_demo`: run it in a clone of the repository."
_TITLE = "A training run, repeated. On one machine, on a CPU, bit for bit."
_LOOP = """data = load(recipe)
training = Training(recipe, data.train, changes)
for event in training.events():
    if isinstance(event, EpochDone):
        print(f"epoch {event.epoch}: loss {event.loss:.4f}, accuracy {event.accuracy:.2f} %")"""
_END = """save_file(training.model.state_dict(), "network.safetensors")
print(f"test accuracy: {accuracy(training.model, data.test):.2f} %")"""


def to_csv(points: Sequence[Point]) -> str:
    """All points of a run as comma-separated values, below a line of column names.

    Args:
        points: as `Run.points()` returns them.
    """
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(COLUMNS)
    table.writerows(table_row(point) for point in points)
    return text.getvalue()


@dataclass(frozen=True)
class Replay:
    """Code that repeats a run.

    Attributes:
        source: a Python script. It leaves the network in `training.model`, saves its weights as
            network.safetensors and prints its test accuracy.
        notebook: the same as a Jupyter notebook, JSON.
    """

    source: str
    notebook: str


def replay(recipe: Recipe, changes: Sequence[Change] = (), stopped_at: int | None = None) -> Replay:
    """Code that trains the same network again. It contains no text of a visitor.

    Args:
        recipe: of the run.
        changes: of its learning rate.
        stopped_at: optimiser steps after which it was stopped; None if it was not.
    """
    loop = _LOOP
    if stopped_at is not None:
        loop += (
            f"\n    if training.step == {stopped_at}:  # the run was stopped here\n        break"
        )
    settings = f"{_recipe(recipe)}\n{_changes(changes)}"
    cells = [_IMPORTS, settings, loop, _END]
    source = "\n\n".join([f'"""{_TITLE}\n\n{_NEEDS}\n"""', *cells])
    return Replay(source + "\n", json.dumps(notebook(f"# {_TITLE}\n\n{_NEEDS}", cells)))


def stopped_at(snapshot: Snapshot) -> int | None:
    """The optimiser steps behind the network of a run; None for a run that goes to its end.

    A run that was stopped has the network of that step, any other that of its last whole epoch.

    Args:
        snapshot: of the run, with a recipe.

    Raises:
        ValueError: the network's card is damaged.
    """
    recipe, status = snapshot.recipe, snapshot.status
    assert recipe is not None
    n_batches = batches_in_epoch(recipe)
    if status.state == "stopped":
        return round(status.progress * recipe.epochs * n_batches)
    if status.state == "finished" or not snapshot.has_network:
        return None
    return load_card(snapshot.weights).epochs_done * n_batches


def _recipe(recipe: Recipe) -> str:
    """The recipe as code: only what differs from the tutorial's."""
    arguments = recipe_arguments(recipe)
    if not arguments:
        return "recipe = Recipe()  # the tutorial's"
    return "recipe = Recipe(\n" + "".join(f"    {argument},\n" for argument in arguments) + ")"


def _changes(changes: Sequence[Change]) -> str:
    """The learning-rate changes as code."""
    if not changes:
        return "changes: list[Change] = []  # the learning rate was never changed"
    lines = [f"    Change({change.step}, {change.learning_rate!r}),\n" for change in changes]
    return "changes = [  # after so many steps, this learning rate\n" + "".join(lines) + "]"
