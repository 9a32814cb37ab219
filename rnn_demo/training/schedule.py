"""The learning rate and the momentum of every step, as functions of the step."""

import math

from rnn_demo.training.recipe import Recipe

# The tutorial leaves Adam's first coefficient at PyTorch's default; SGD has the usual momentum.
MOMENTUM = 0.9

# One cycle: the learning rate rises from 1/25 of its peak for 30 % of the steps and falls to
# 1/250,000 of it; the momentum does the opposite. The shape is that of `OneCycleLR` in PyTorch.
_RISE = 0.3
_FIRST, _LAST = 1 / 25, 1 / 250_000
_HIGH, _LOW = 0.95, 0.85


def rates(recipe: Recipe, step: int, total: int) -> tuple[float, float]:
    """Learning rate and momentum of one optimiser step.

    Args:
        recipe: names the schedule and the learning rate.
        step: 0-based.
        total: steps of the whole training.
    """
    if recipe.schedule == "constant":
        return recipe.learning_rate, MOMENTUM
    peak = _RISE * total - 1  # the step with the highest learning rate
    if step <= peak:
        share = step / peak
        return recipe.learning_rate * _ease(_FIRST, 1, share), _ease(_HIGH, _LOW, share)
    share = (step - peak) / (total - 1 - peak)
    return recipe.learning_rate * _ease(1, _LAST, share), _ease(_LOW, _HIGH, share)


def _ease(start: float, end: float, share: float) -> float:
    """From start to end along half a cosine."""
    return end + (start - end) * (1 + math.cos(math.pi * share)) / 2
