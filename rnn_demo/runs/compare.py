"""In what several runs differ."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rnn_demo.runs.run import Snapshot
from rnn_demo.training.recipe import Recipe, differing
from rnn_demo.training.resources import batches_in_epoch, n_parameters


@dataclass(frozen=True)
class Difference:
    """Something in which runs differ.

    Attributes:
        name: a field of `Recipe`, "later_learning_rates", "parameters", "seconds" or
            "test_accuracy".
        values: one for each run. Of a field, its value; of "later_learning_rates", a tuple of
            pairs (learning rate, epoch from which on it held); of "parameters", their number; of
            "seconds", the training time, None while it trains; of "test_accuracy", percent, None
            before it is measured.
    """

    name: str
    values: tuple[Any, ...]


def compare(runs: Sequence[Snapshot]) -> list[Difference]:
    """In what runs differ, recipes first; what is the same is left out.

    Args:
        runs: at least one; each with a recipe.
    """
    recipes = [run.recipe for run in runs if run.recipe]
    measured: dict[str, list[Any]] = {
        "later_learning_rates": [
            _later_learning_rates(run, recipe) for run, recipe in zip(runs, recipes, strict=True)
        ],
        "parameters": [n_parameters(recipe) for recipe in recipes],
        "seconds": [None if run.status.active else round(run.status.seconds) for run in runs],
        "test_accuracy": [run.status.test_accuracy for run in runs],
    }
    found = differing(recipes) | {
        name: tuple(values) for name, values in measured.items() if len(set(values)) > 1
    }
    return [Difference(name, values) for name, values in found.items()]


def _later_learning_rates(run: Snapshot, recipe: Recipe) -> tuple[tuple[float, float], ...]:
    n_batches = batches_in_epoch(recipe)
    return tuple((change.learning_rate, change.step / n_batches) for change in run.changes)
