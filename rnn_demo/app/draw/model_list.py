"""The networks of a visitor: those that come with the app, and those of their own runs."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from rnn_demo.app.draw import sentences
from rnn_demo.app.run_titles import run_titles
from rnn_demo.data.digits import Source
from rnn_demo.runs import store
from rnn_demo.runs.run import Snapshot
from rnn_demo.training.checkpoint import WEIGHTS, load_card, pretrained


@dataclass(frozen=True)
class AvailableModel:
    """A trained network on disk.

    Attributes:
        key: unique among all networks.
        title: its name on the page.
        weights: its .safetensors file.
        data: what it was trained on, and is tested on.
    """

    key: str
    title: str
    weights: Path
    data: Source

    @property
    def version(self) -> str:
        """Unique for these weights; differs from earlier weights of the same run.

        Raises:
            FileNotFoundError: the weights are gone.
        """
        return f"{self.key}/{self.weights.stat().st_mtime_ns}"


def available_models(owner: str) -> list[AvailableModel]:
    """All networks of a visitor: first those of the app, then those of the runs, newest first."""
    shipped = [_shipped(name) for name in pretrained()]
    found = store.snapshots_of(owner)
    titles = run_titles(found)
    return shipped + [model for run in found for model in _of_run(run, titles[run.id])]


def _shipped(name: str) -> AvailableModel:
    weights = WEIGHTS / f"{name}.safetensors"
    card = load_card(weights)
    recipe = card.recipe
    title = sentences.titled(name, recipe.n_neurons, card.test_accuracy, card.tested_on)
    return AvailableModel(name, title, weights, card.recipe.data)


def _of_run(run: Snapshot, title: str) -> list[AvailableModel]:
    """The network of a run; empty before the run has one, or where its card is damaged."""
    with suppress(OSError, ValueError, TypeError, ArithmeticError):
        if run.has_network:
            card = load_card(run.weights)
            title = sentences.run_title(title)
            title = sentences.with_accuracy(title, card.test_accuracy, card.tested_on)
            return [AvailableModel(run.id, title, run.weights, card.recipe.data)]
    return []
