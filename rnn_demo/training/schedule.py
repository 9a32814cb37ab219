"""Learning rate and momentum as functions of the optimiser step."""

import math

from rnn_demo.training.recipe import Recipe

# Of SGD, and the first coefficient of Adam: the usual value, and PyTorch's default.
MOMENTUM = 0.9

# One cycle, with the names and defaults of PyTorch's `OneCycleLR`: for PCT_START of the steps the
# learning rate rises from peak / DIV_FACTOR to its peak, then it falls to
# peak / DIV_FACTOR / FINAL_DIV_FACTOR. The momentum does the opposite.
PCT_START = 0.3
DIV_FACTOR = 25
FINAL_DIV_FACTOR = 10_000
MAX_MOMENTUM, BASE_MOMENTUM = 0.95, 0.85


def rates(recipe: Recipe, step: int, total: int) -> tuple[float, float]:
    """Learning rate and momentum of one optimiser step.

    Args:
        recipe: its schedule and its learning rate count.
        step: 0-based.
        total: number of steps of the whole training.
    """
    if recipe.schedule == "constant":
        return recipe.learning_rate, MOMENTUM
    peak = PCT_START * total - 1  # the step with the highest learning rate
    if step <= peak:
        done = step / peak
        factor = _anneal(1 / DIV_FACTOR, 1, done)
        return recipe.learning_rate * factor, _anneal(MAX_MOMENTUM, BASE_MOMENTUM, done)
    done = (step - peak) / (total - 1 - peak)
    factor = _anneal(1, 1 / (DIV_FACTOR * FINAL_DIV_FACTOR), done)
    return recipe.learning_rate * factor, _anneal(BASE_MOMENTUM, MAX_MOMENTUM, done)


def _anneal(start: float, end: float, done: float) -> float:
    """The value after a fraction `done` of the way from start to end, along half a cosine."""
    return end + (start - end) * (1 + math.cos(math.pi * done)) / 2
