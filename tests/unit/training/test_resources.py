"""The size of a training, and the limit to its memory. Memory is measured in tests/process."""

import math
import subprocess
import sys

import pytest

from rnn_demo.training import data
from rnn_demo.training.build import build
from rnn_demo.training.recipe import Recipe
from rnn_demo.training.resources import batches_in_epoch, loss_floor, n_images, n_parameters


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"fraction": 0.3},
        {"validation": 1_000, "fraction": 0.01},
        {"synthetic": 30, "non_digits": 20, "validation": 100},
    ],
)
def test_images_are_counted_as_they_are_loaded(more, without_mnist):
    recipe = Recipe(data="synthetic", **more)
    n = len(data.load(recipe).train)
    assert n_images(recipe) == n
    assert batches_in_epoch(recipe) == math.ceil(n / 64)


def test_the_loss_floor_is_that_of_a_uniform_answer_to_non_digits():
    assert loss_floor(Recipe()) == 0
    recipe = Recipe(data="synthetic", non_digits=4_000)
    assert loss_floor(recipe) == pytest.approx(math.log(10) / 4)


@pytest.mark.process
@pytest.mark.skipif(sys.platform != "linux", reason="limits memory on Linux only")
@pytest.mark.parametrize("library", ["torch", "numpy"])
def test_memory_beyond_the_limit_ends_in_an_error(library):
    """In a process of its own, which keeps what it had before the limit."""
    allocate = {
        "torch": "torch.ones(size // 4, dtype=torch.float32)",
        "numpy": "numpy.ones(size, numpy.uint8)",
    }[library]
    code = f"""
import numpy, torch
from rnn_demo.training.resources import limit_memory
limit_memory(200 * 10**6)
size = 100 * 10**6
{allocate}
size = 300 * 10**6
try:
    {allocate}
except (MemoryError, RuntimeError) as error:
    print(type(error).__name__, error)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert "allocate" in done.stdout


@pytest.mark.parametrize("cell", ["rnn_tanh", "gru", "lstm"])
@pytest.mark.parametrize("layers", [1, 3])
def test_parameters_are_counted_as_pytorch_does(cell, layers):
    recipe = Recipe(cell=cell, n_neurons=37, num_layers=layers)
    assert n_parameters(recipe) == sum(each.numel() for each in build(recipe).parameters())


def test_an_epoch_of_mnist_has_the_tutorials_938_batches():
    assert batches_in_epoch(Recipe()) == 938
