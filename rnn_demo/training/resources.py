"""How large a training is: its images, its weights, and a limit to its memory."""

import math
import re
import sys
from contextlib import suppress
from pathlib import Path

from rnn_demo.data.source import N_TRAIN
from rnn_demo.training.recipe import N_GATES, Recipe

# What a training may take beside all that is loaded when it starts. The largest recipes take
# about half of it.
MAX_TRAINING_BYTES = 600 * 10**6

_N_COLUMNS = 28
_N_CLASSES = 10
_PROCESS_STATUS = Path("/proc/self/status")  # of Linux


def n_parameters(recipe: Recipe) -> int:
    """Number of weights of the network of a recipe."""
    n, gates = recipe.n_neurons, N_GATES[recipe.cell]
    inputs = _N_COLUMNS + (recipe.num_layers - 1) * n  # of all layers together
    recurrent = gates * n * (inputs + recipe.num_layers * (n + 2))
    return recurrent + _N_CLASSES * (n + 1)


def n_images(recipe: Recipe) -> int:
    """Number of training images in an epoch."""
    left = N_TRAIN[recipe.data] - recipe.validation
    return math.ceil(recipe.fraction * left) + recipe.synthetic + recipe.non_digits


def batches_in_epoch(recipe: Recipe) -> int:
    """Number of optimiser steps in an epoch."""
    return math.ceil(n_images(recipe) / recipe.batch_size)


def loss_floor(recipe: Recipe) -> float:
    """The lowest possible mean loss, nats: a uniform prediction costs ln 10 for each non-digit."""
    return math.log(_N_CLASSES) * recipe.non_digits / n_images(recipe)


def limit_memory(extra: int = MAX_TRAINING_BYTES) -> None:
    """Limit the memory of this process on Linux; beyond it, an allocation fails with an error.

    Call it when PyTorch is loaded: the limit is what the process has by then, and `extra`. So it
    holds for every version of PyTorch.

    Args:
        extra: bytes.
    """
    if sys.platform != "linux":
        return
    import resource

    with suppress(OSError, ValueError):  # a container may hide one or forbid the other
        found = re.search(r"VmData:\s+(\d+) kB", _PROCESS_STATUS.read_text())
        if found:
            _, hard = resource.getrlimit(resource.RLIMIT_DATA)
            limit = int(found[1]) * 1024 + extra
            resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))
