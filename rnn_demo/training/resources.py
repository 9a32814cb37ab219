"""How large a training is: its images, its numbers to learn, the memory of its worker.

The memory is that of a worker on a CPU, estimated, so that no run is begun that would take too
much. The constants are measured; `tests/bench/worker.py` prints estimates beside what workers take.
"""

import math

from rnn_demo.data.source import N_TRAIN
from rnn_demo.training.recipe import Recipe

_MOST = 830  # MB that a worker is meant to take, so that it stays below 900 wherever it runs

_PYTORCH = 615  # MB: the pinned wheel and MNIST, before anything is learnt
_N_ROWS = _N_COLUMNS = 28
_N_CLASSES = 10
_IMAGE = _N_ROWS * _N_COLUMNS  # bytes: one for each pixel
_FLOAT = 4  # bytes
# Copies of each weight: itself, its gradient twice and two averages for Adam, and one to spare.
_COPIES = 6
_GATES = {"rnn_tanh": 1, "rnn_relu": 1, "gru": 3, "lstm": 4}
# What a unit leaves at each row for the way back, in numbers: all of PyTorch's gates, their
# pre-activations and gradients; `bptt` has a state and a slope.
_NUMBERS = {"rnn_tanh": 5.5, "rnn_relu": 5.5, "gru": 16, "lstm": 17}
_NUMBERS_BY_HAND = 2.2


def n_parameters(recipe: Recipe) -> int:
    """How many numbers the network of a recipe learns."""
    n, gates = recipe.n_neurons, _GATES[recipe.cell]
    inputs = _N_COLUMNS + (recipe.num_layers - 1) * n  # of all layers together
    recurrent = gates * n * (inputs + recipe.num_layers * (n + 2))
    return recurrent + _N_CLASSES * (n + 1)


def n_images(recipe: Recipe) -> int:
    """How many images are trained on in an epoch."""
    kept = max(0, N_TRAIN[recipe.data] - recipe.validation)
    return math.ceil(recipe.fraction * kept) + recipe.synthetic + recipe.non_digits


def least_loss(recipe: Recipe) -> float:
    """What no network gets below, nats: who gives all ten alike to a scribble loses ln 10 by it."""
    return math.log(_N_CLASSES) * recipe.non_digits / n_images(recipe)


def problem(recipe: Recipe) -> str | None:
    """Why no run of a recipe can be begun, in one sentence; None if it can."""
    if recipe.validation >= N_TRAIN[recipe.data]:
        return f"Of {N_TRAIN[recipe.data]:,} images none is left to train on: hold out fewer."
    needed = megabytes(recipe)
    if needed <= _MOST:
        return None
    drawn = recipe.synthetic or recipe.non_digits
    less = "a smaller batch, fewer synthetic digits or scribbles" if drawn else "or a smaller batch"
    return (
        f"This would take about {needed:,.0f} MB of memory, and a training may take {_MOST}: "
        f"choose fewer neurons, {less}."
    )


def megabytes(recipe: Recipe) -> float:
    """How much memory the worker of a recipe takes at most, about, in MB."""
    drawn = max(recipe.synthetic, recipe.non_digits)
    kept = n_images(recipe) if drawn else 0  # MNIST alone is a memory map, and counted already
    if recipe.synthetic:
        kept += 2 * recipe.validation
    # Drawings are made first, and then put beside the others.
    return _PYTORCH + (kept * _IMAGE + max(drawn * _IMAGE, _to_learn(recipe))) / 1e6


def _to_learn(recipe: Recipe) -> float:
    """Bytes for weights, and for a batch and what it leaves on its way through the network."""
    by_hand = _GATES[recipe.cell] == recipe.num_layers == 1
    numbers = _NUMBERS_BY_HAND if by_hand else _NUMBERS[recipe.cell]
    states = _N_ROWS * recipe.n_neurons * recipe.num_layers * numbers
    batch = recipe.batch_size * (2 * _IMAGE + states)
    return _FLOAT * (_COPIES * n_parameters(recipe) + batch)


def batches_in_epoch(recipe: Recipe) -> int:
    """Optimiser steps in an epoch of a recipe."""
    return max(1, math.ceil(n_images(recipe) / recipe.batch_size))
