"""A recipe in words: its values, a summary, and what was changed from a preset."""

from rnn_demo.app.text import _, n_
from rnn_demo.training.recipe import HYPERPARAMETERS, Recipe, differing


def value_text(name: str, value: object) -> str:
    """A value of a hyperparameter in the visitor's language.

    Args:
        name: of the hyperparameter.
        value: a valid value of it.
    """
    parameter = HYPERPARAMETERS[name]
    text = parameter.text(value)
    return _(text) if parameter.choices else text


def summary(recipe: Recipe) -> str:
    """The most important values of a recipe in one sentence."""
    units = _units(recipe)
    optimizer = value_text("optimizer", recipe.optimizer)
    rate = value_text("learning_rate", recipe.learning_rate)
    return _("{units}, {optimizer} at {rate}, {epochs}.").format(
        units=units, optimizer=optimizer, rate=rate, epochs=_epochs(recipe)
    )


def difference(recipe: Recipe, preset: Recipe) -> str:
    """One sentence with the values that differ from a preset; empty if none do."""
    changes = [
        _("{name} {value} (was {preset})").format(
            name=_lower_first(_(HYPERPARAMETERS[name].label)),
            value=value_text(name, value),
            preset=value_text(name, theirs),
        )
        for name, (value, theirs) in differing([recipe, preset]).items()
    ]
    if not changes:
        return ""
    return _("Changed from the preset: {changes}.").format(changes=", ".join(changes))


def _units(recipe: Recipe) -> str:
    cell = value_text("cell", recipe.cell)
    units = n_("{n} {cell} unit", "{n} {cell} units", recipe.n_neurons)
    units = units.format(n=recipe.n_neurons, cell=cell)
    if recipe.num_layers == 1:
        return units
    layers = n_("{n} layer of {units}", "{n} layers of {units}", recipe.num_layers)
    return layers.format(n=recipe.num_layers, units=units)


def _epochs(recipe: Recipe) -> str:
    epochs = n_("{n} epoch", "{n} epochs", recipe.epochs).format(n=recipe.epochs)
    if recipe.data == "synthetic":
        return _("{epochs} of synthetic digits").format(epochs=epochs)
    if recipe.synthetic:
        return _("{epochs} of MNIST and synthetic digits").format(epochs=epochs)
    return _("{epochs} of MNIST").format(epochs=epochs)


def _lower_first(text: str) -> str:
    """A label in the middle of a sentence."""
    return text[:1].lower() + text[1:]
