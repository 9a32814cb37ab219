"""What to train, and how."""

import math
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

from rnn_demo.digits import Source

Optimizer = Literal["adam", "sgd"]
Cell = Literal["rnn_tanh", "rnn_relu", "gru", "lstm"]


@dataclass(frozen=True)
class Recipe:
    """A training run in full: the same recipe on the same data gives the same network.

    The defaults are the tutorial's.

    Attributes:
        data: "mnist" or "synthetic".
        cell: "rnn_tanh", "rnn_relu", "gru" or "lstm".
        n_neurons: size of the hidden state.
        num_layers: recurrent layers.
        optimizer: "adam", or "sgd" with momentum 0.9.
        learning_rate: step size of the optimiser.
        batch_size: images in one step.
        epochs: passes over the training images.
        seed: of the first weights and of the order of the images.

    Raises:
        ValueError: a value is outside its range.
        TypeError: a value is of the wrong type.
    """

    data: Source = "mnist"
    cell: Cell = "rnn_tanh"
    n_neurons: int = 150
    num_layers: int = 1
    optimizer: Optimizer = "adam"
    learning_rate: float = 1e-3
    batch_size: int = 64
    epochs: int = 10
    seed: int = 0

    def __post_init__(self) -> None:
        for name, choices in CHOICES.items():
            if getattr(self, name) not in choices:
                raise ValueError(
                    f"{name} must be one of {', '.join(choices)}, not {getattr(self, name)!r}."
                )
        for name, (low, high) in RANGES.items():
            _check_number(name, getattr(self, name), low, high)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Recipe":
        """The recipe a dictionary describes.

        Raises:
            ValueError: a key is unknown or a value outside its range.
            TypeError: a value is of the wrong type.
        """
        unknown = value.keys() - {field.name for field in fields(cls)}
        if unknown:
            raise ValueError(f"A recipe has no {', '.join(sorted(unknown))}.")
        return cls(**value)

    def to_json(self) -> dict[str, Any]:
        """The dictionary `from_json` reads."""
        return asdict(self)


CHOICES: dict[str, tuple[str, ...]] = {
    "data": ("mnist", "synthetic"),
    "cell": ("rnn_tanh", "rnn_relu", "gru", "lstm"),
    "optimizer": ("adam", "sgd"),
}
RANGES: dict[str, tuple[float, float]] = {
    "n_neurons": (1, 1024),
    "num_layers": (1, 4),
    "learning_rate": (1e-6, 10.0),
    "batch_size": (1, 4096),
    "epochs": (1, 100),
    "seed": (0, 9999),
}


def _check_number(name: str, value: object, low: float, high: float) -> None:
    wanted: tuple[type, ...] = (int, float) if isinstance(low, float) else (int,)
    if isinstance(value, bool) or not isinstance(value, wanted):
        kind = "number" if float in wanted else "whole number"
        raise TypeError(f"{name} must be a {kind}, not {value!r}.")
    assert isinstance(value, (int, float))
    if not (math.isfinite(value) and low <= value <= high):
        raise ValueError(f"{name} must be between {low:g} and {high:g}, not {value:g}.")


# The recipes of the networks in assets/weights.
RECIPES = {"tutorial": Recipe()}
