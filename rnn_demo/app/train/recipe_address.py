"""The recipe form in the address: the preset and what differs from it, "quick,epochs=3"."""

from typing import Any

from rnn_demo.training.hyperparameter import Hyperparameter
from rnn_demo.training.presets import PRESETS
from rnn_demo.training.recipe import HYPERPARAMETERS, Recipe, differing

_MAX_LENGTH = 1_000  # characters; all hyperparameters together take half of it


def to_text(preset: str, recipe: Recipe) -> str:
    """A recipe as a preset and what differs from it.

    Args:
        preset: name of the preset that the visitor started from.
        recipe: in the form.
    """
    changes = differing([recipe, PRESETS[preset].recipe])
    return ",".join([preset, *(f"{name}={value}" for name, (value, _) in changes.items())])


def from_text(text: str) -> tuple[str, Recipe] | None:
    """The preset and the recipe in an address; None if there is no such recipe."""
    preset, *changes = text[:_MAX_LENGTH].split(",")
    if preset not in PRESETS:
        return None
    values = PRESETS[preset].recipe.to_json()
    try:
        for change in changes:
            name, _, value = change.partition("=")
            values[name] = _value(HYPERPARAMETERS[name], value)
        return preset, Recipe.from_json(values)
    except (KeyError, ValueError):
        return None


def _value(parameter: Hyperparameter, text: str) -> Any:
    """A value of a hyperparameter.

    Raises:
        ValueError: it is not a number where one is needed.
    """
    if parameter.choices:
        return text
    return int(text) if parameter.whole else float(text)
