"""A recipe: the hyperparameters of a training."""

import reprlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from rnn_demo.data.digits import Source
from rnn_demo.messages import N_, InputError
from rnn_demo.training.hyperparameter import hyperparameter, hyperparameters

Optimizer = Literal["adam", "sgd"]
Cell = Literal["rnn_tanh", "rnn_relu", "gru", "lstm"]
Initialisation = Literal["pytorch", "identity"]
Schedule = Literal["constant", "one_cycle"]

# Weight matrices for each layer: a gated cell computes three or four layers in one.
N_GATES: dict[Cell, int] = {"rnn_tanh": 1, "rnn_relu": 1, "gru": 3, "lstm": 4}
# Largest batch_size * n_neurons * num_layers * gates: the numbers that one time step of a batch
# leaves for the backward pass. A plain layer stays below it at the top of every range; a training
# at the limit takes about 150 MB beside PyTorch, its images and its weights.
MAX_BATCH_STATES = 2**18


# Where each optimiser usually learns, between too slow and diverging.
USUAL_LEARNING_RATES: dict[Optimizer, float] = {"adam": 0.001, "sgd": 0.01}


@dataclass(frozen=True)
class Recipe:
    """The hyperparameters of a training: the same recipe on the same data, the same network.

    The defaults are the tutorial's. The order of the fields is that of the form and of the
    command line.

    Raises:
        InputError: a value has the wrong type, is outside its range or is not among the choices,
            or the batch is too large for the network.
    """

    cell: Cell = hyperparameter(
        "rnn_tanh",
        label=N_("Cell"),
        help=N_("The recurrent layer. tanh and relu are plain RNNs, GRU and LSTM have gates."),
        choices={
            "rnn_tanh": N_("tanh"),
            "rnn_relu": N_("relu"),
            "gru": N_("GRU"),
            "lstm": N_("LSTM"),
        },
    )
    n_neurons: int = hyperparameter(
        150,
        label=N_("Units"),
        help=N_("Size of the hidden state. The tutorial calls its units neurons."),
        low=1,
        high=256,
    )
    num_layers: int = hyperparameter(
        1,
        label=N_("Layers"),
        help=N_("Recurrent layers, each reading the one below."),
        low=1,
        high=3,
    )
    # SGD has a momentum of 0.9, see `schedule`.
    optimizer: Optimizer = hyperparameter(
        "adam",
        label=N_("Optimiser"),
        help=N_("The rule that turns gradients into new weights."),
        choices={"adam": N_("Adam"), "sgd": N_("SGD with momentum")},
    )
    learning_rate: float = hyperparameter(
        1e-3,
        label=N_("Learning rate"),
        help=N_("Step size of the optimiser. With a one-cycle schedule, its peak."),
        low=1e-6,
        high=10.0,
        step=0.0001,
    )
    # One-cycle: Smith and Topin, "Super-Convergence", 2018.
    schedule: Schedule = hyperparameter(
        "constant",
        label=N_("Schedule"),
        help=N_("One-cycle: the learning rate ramps up to its peak, then decays to almost zero."),
        choices={"constant": N_("constant"), "one_cycle": N_("one-cycle")},
    )
    clip_norm: float = hyperparameter(
        0.0,
        label=N_("Clip gradients at"),
        help=N_("Longer gradients are scaled down to this length. 0 switches clipping off."),
        low=0.0,
        high=100.0,
        step=0.5,
    )
    # Identity: Le, Jaitly and Hinton, "A Simple Way to Initialize Recurrent Networks of Rectified
    # Linear Units", 2015, with zero biases and Xavier input weights.
    initialisation: Initialisation = hyperparameter(
        "pytorch",
        label=N_("Initialisation"),
        help=N_(
            "How the recurrent weights start. Identity: the state is passed on unchanged at first, "
            "which helps a relu network remember."
        ),
        choices={"pytorch": N_("PyTorch's"), "identity": N_("identity")},
    )
    augmentation: float = hyperparameter(
        0.0,
        label=N_("Augmentation"),
        help=N_(
            "How strongly each image is rotated, slanted, scaled, shifted and bent. 0 switches "
            "augmentation off."
        ),
        low=0.0,
        high=2.0,
        step=0.1,
    )
    data: Source = hyperparameter(
        "mnist",
        label=N_("Data"),
        help=N_("The digits to train on. Synthetic digits are drawn by a program."),
        choices={"mnist": N_("MNIST"), "synthetic": N_("synthetic")},
    )
    synthetic: int = hyperparameter(
        0,
        label=N_("Synthetic digits added"),
        help=N_("Digits drawn by a program, mixed in with the training images."),
        low=0,
        high=50_000,
    )
    # The first ones of those that validation leaves.
    fraction: float = hyperparameter(
        1.0,
        label=N_("Fraction of the data"),
        help=N_("Fraction of the training images to use."),
        low=0.01,
        high=1.0,
        step=0.1,
    )
    validation: int = hyperparameter(
        0,
        label=N_("Validation images"),
        help=N_(
            "Taken from the end of the training images. The network is measured on them after "
            "each epoch."
        ),
        low=0,
        high=10_000,
    )
    # Outlier exposure: Hendrycks, Mazeika and Dietterich, 2019.
    non_digits: int = hyperparameter(
        0,
        label=N_("Non-digits added"),
        help=N_("Non-digits mixed in, so that the network learns to be unsure about them."),
        low=0,
        high=10_000,
    )
    batch_size: int = hyperparameter(
        64,
        label=N_("Batch size"),
        help=N_("Images in one step of the optimiser."),
        low=1,
        high=1024,
    )
    epochs: int = hyperparameter(
        10, label=N_("Epochs"), help=N_("Passes over the training images."), low=1, high=50
    )
    # Of the first weights, the order of the images and their augmentation.
    seed: int = hyperparameter(
        0, label=N_("Seed"), help=N_("Same seed, same run."), low=0, high=9999, grouped=False
    )

    def __post_init__(self) -> None:
        for name, parameter in HYPERPARAMETERS.items():
            parameter.check(getattr(self, name))
        states_per_image = self.n_neurons * self.num_layers * N_GATES[self.cell]
        if self.batch_size * states_per_image > MAX_BATCH_STATES:
            largest = MAX_BATCH_STATES // states_per_image
            raise InputError("training.batch_too_large", largest=largest)

    @classmethod
    def from_json(cls, value: object) -> "Recipe":
        """The recipe in a dictionary; what it lacks has the default.

        Raises:
            InputError: this is not a dictionary, a key is unknown or a value is not valid.
        """
        if not isinstance(value, dict):
            raise InputError("training.not_an_object")
        unknown = value.keys() - HYPERPARAMETERS.keys()
        if unknown:
            raise InputError("training.unknown_field", name=reprlib.repr(min(unknown, key=str)))
        return cls(**value)

    def to_json(self) -> dict[str, Any]:
        """The dictionary that `from_json` reads."""
        return asdict(self)


HYPERPARAMETERS = hyperparameters(Recipe)


def differing(recipes: Sequence[Recipe]) -> dict[str, tuple[Any, ...]]:
    """The hyperparameters in which recipes differ: by name, the value of each recipe."""
    values = {name: tuple(getattr(each, name) for each in recipes) for name in HYPERPARAMETERS}
    return {name: each for name, each in values.items() if len(set(each)) > 1}


def lower_learning_rate(optimizer: Optimizer, learning_rate: float) -> float:
    """A learning rate to try when one has diverged: the usual one, or a tenth if it is lower."""
    return min(USUAL_LEARNING_RATES[optimizer], learning_rate / 10)


@dataclass(frozen=True)
class Change:
    """A change of the learning rate during a training.

    Attributes:
        step: optimiser steps done before it.
        learning_rate: replaces the recipe's from then on; the peak of a one-cycle schedule.
    """

    step: int
    learning_rate: float
