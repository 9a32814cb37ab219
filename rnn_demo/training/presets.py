"""The presets: recipes to start from, in the order of the page Train."""

from dataclasses import dataclass, replace
from typing import Any

from rnn_demo.messages import N_, Translatable
from rnn_demo.training.recipe import Recipe


@dataclass(frozen=True)
class Preset:
    """A recipe with a label.

    Attributes:
        label: what it is called on a page.
        short: what it is called in the title of a run.
        purpose: what it is for, in a few words.
        recipe: what it trains.
    """

    label: Translatable
    short: Translatable
    purpose: Translatable
    recipe: Recipe


_MOST_ACCURATE = Recipe(
    schedule="one_cycle",
    clip_norm=1.0,
    augmentation=0.8,
    synthetic=40_000,
    non_digits=4_000,
    validation=5_000,
)

# Chosen on validation images. Those of the networks in assets/weights are among them. More
# variation (augmentation 1, 50,000 synthetic digits, 12,000 non-digits) cost the vanilla network
# 0.2 % of MNIST's validation images: 28,510 weights cannot learn all of it.
PRESETS = {
    "quick": Preset(
        N_("Quick start"),
        N_("quick"),
        N_("For a first look, and for a class."),
        Recipe(
            cell="rnn_relu",
            initialisation="identity",
            schedule="one_cycle",
            clip_norm=1.0,
            learning_rate=2e-3,
            batch_size=128,
            epochs=6,
            validation=5_000,
        ),
    ),
    "tutorial": Preset(
        N_("Tutorial's recipe"),
        N_("tutorial"),
        N_("As in the tutorial “Building RNNs is Fun with PyTorch” (2018)."),
        Recipe(),
    ),
    "gru": Preset(
        N_("GRU"),
        N_("small"),
        N_("A small network with gates, nearly as accurate as the best."),
        replace(_MOST_ACCURATE, cell="gru", n_neurons=128, epochs=16, learning_rate=3e-3),
    ),
    "vanilla": Preset(
        N_("Best plain RNN"),
        N_("best plain"),
        N_("The most accurate network without gates."),
        replace(_MOST_ACCURATE, cell="rnn_relu", initialisation="identity", epochs=50),
    ),
    "gated": Preset(
        N_("Best LSTM"),
        N_("best"),
        N_("The most accurate of all."),
        replace(_MOST_ACCURATE, cell="lstm", n_neurons=208, epochs=26, learning_rate=3e-3),
    ),
}


def preset_of(recipe: Recipe) -> Preset | None:
    """The preset that a recipe is; the data and the seed may differ. None if it is another."""
    for preset in PRESETS.values():
        if replace(recipe, **_same_data(preset.recipe)) == preset.recipe:
            return preset
    return None


def _same_data(recipe: Recipe) -> dict[str, Any]:
    return {name: getattr(recipe, name) for name in ("data", "synthetic", "seed")}
