"""The networks a visitor can let read: the shipped ones, and what their own runs made."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from rnn_demo.app.run_titles import run_titles
from rnn_demo.data.digits import Source
from rnn_demo.runs import store
from rnn_demo.training.checkpoint import WEIGHTS, load_card, pretrained


@dataclass(frozen=True)
class Network:
    """A trained network on disk.

    Attributes:
        key: what tells it from the others.
        title: what it is called on a page.
        weights: its .safetensors file.
        data: what it was trained on, and is tested on.
    """

    key: str
    title: str
    weights: Path
    data: Source

    @property
    def version(self) -> str:
        """What tells its weights from all others, earlier ones of the same run among them.

        Raises:
            FileNotFoundError: the weights are gone.
        """
        return f"{self.key}/{self.weights.stat().st_mtime_ns}"


def networks(owner: str) -> list[Network]:
    """All networks of a visitor, the shipped ones first, then their runs, newest first."""
    shipped = [_network(name, name, WEIGHTS / f"{name}.safetensors") for name in pretrained()]
    found = store.snapshots_of(owner)
    titles = run_titles(found)
    return shipped + [network for run in found for network in _own(run, titles[run.id])]


def _own(run: store.Snapshot, title: str) -> list[Network]:
    """The network of a run; none before it has one, or where its card is damaged."""
    with suppress(OSError, ValueError, TypeError, ArithmeticError):
        if run.has_network:
            return [_network(run.id, f"your run of {title}", run.weights)]
    return []


def _network(key: str, name: str, weights: Path) -> Network:
    card = load_card(weights)
    title, data = name, card.recipe.data
    if card.test_accuracy is not None:
        digits = "MNIST" if data == "mnist" else "synthetic digits"
        title += f" ({card.test_accuracy:.2f} % on {digits})"
    return Network(key, title, weights, data)
