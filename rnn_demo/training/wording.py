"""Recipes in words: what their parts are called, and how two of them differ."""

from collections.abc import Sequence
from dataclasses import fields

from rnn_demo.training.recipe import Recipe

# What each part of a recipe is called on a page.
NAMES = {
    "data": "Data",
    "cell": "Cell",
    "n_neurons": "Neurons",
    "num_layers": "Layers",
    "optimizer": "Optimiser",
    "learning_rate": "Learning rate",
    "batch_size": "Batch size",
    "epochs": "Epochs",
    "seed": "Seed",
    "initialisation": "Initialisation",
    "schedule": "Schedule",
    "clip_norm": "Clip gradients at",
    "augmentation": "Augmentation",
    "synthetic": "Synthetic digits added",
    "non_digits": "Scribbles added",
    "validation": "Held-out images",
    "fraction": "Part of the data",
}
# What their values are called, where these are words.
WORDS = {
    "data": {"mnist": "MNIST", "synthetic": "synthetic digits"},
    "cell": {"rnn_tanh": "tanh", "rnn_relu": "relu", "gru": "GRU", "lstm": "LSTM"},
    "optimizer": {"adam": "Adam", "sgd": "SGD with momentum"},
    "initialisation": {"pytorch": "PyTorch's", "identity": "identity"},
    "schedule": {"constant": "constant", "one_cycle": "one-cycle"},
}
# Recipes to begin with, in this order, by their name in `RECIPES`.
PRESETS = {
    "tutorial": "The tutorial",
    "vanilla": "Best plain RNN",
    "gated": "Best gated network",
    "gru": "Best small GRU",
    "one_minute": "One minute",
}


def format_value(name: str, value: object) -> str:
    """A value of a recipe as it stands on a page.

    Args:
        name: of the recipe's attribute.
        value: of that attribute.
    """
    if name in WORDS:
        return WORDS[name][str(value)]
    return f"{value:,}" if isinstance(value, int) and name != "seed" else f"{value:g}"


def differing(recipes: Sequence[Recipe]) -> dict[str, list[str]]:
    """What recipes differ in: by the name of each such part, its value in each of them."""
    rows = {}
    for name in (field.name for field in fields(Recipe)):
        values = [format_value(name, getattr(recipe, name)) for recipe in recipes]
        if len(set(values)) > 1:
            rows[NAMES[name]] = values
    return rows


def unique_titles(titles: Sequence[str]) -> list[str]:
    """Titles of which no two are the same: those that were there before get a number.

    Args:
        titles: the newest first, so that a title stays when others come.
    """
    found: list[str] = []
    for title in reversed(titles):
        n, name = 1, title
        while name in found:
            n += 1
            name = f"{title} ({n})"
        found.append(name)
    return found[::-1]


def without_exponent(number: float) -> str:
    """A number without an exponent, and without zeros at its end."""
    return f"{number:,.6f}".rstrip("0").rstrip(".")


def counted(n: int, noun: str) -> str:
    """A number with its noun, as in "1 epoch" and "2 epochs"."""
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def summary(recipe: Recipe) -> str:
    """The heart of a recipe in a few words."""
    layers = f"{recipe.num_layers} layers of " if recipe.num_layers > 1 else ""
    data = format_value("data", recipe.data)
    if recipe.synthetic and recipe.data == "mnist":
        data += " and synthetic digits"
    return (
        f"{layers}{recipe.n_neurons} {format_value('cell', recipe.cell)} units, "
        f"{format_value('optimizer', recipe.optimizer)} at {recipe.learning_rate:g}, "
        f"{counted(recipe.epochs, 'epoch')} of {data}"
    )


def difference(recipe: Recipe, preset: Recipe) -> str:
    """One sentence on what differs from a preset; nothing where nothing does."""
    rows = differing([recipe, preset])
    if not rows:
        return ""
    parts = [f"{name.lower()} {ours} instead of {theirs}" for name, (ours, theirs) in rows.items()]
    return f"Unlike the preset: {', '.join(parts)}."
