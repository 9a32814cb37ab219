"""The presets: recipes to start from, in the order of the page Train."""

from dataclasses import dataclass, replace

from rnn_demo.messages import N_, Translatable
from rnn_demo.training.recipe import Recipe


@dataclass(frozen=True)
class Preset:
    """A recipe with a label.

    Attributes:
        label: what it is called on a page, with about how long it takes on one core.
        recipe: what it trains.
    """

    label: Translatable
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
    "tutorial": Preset(N_("Tutorial's recipe"), Recipe()),
    "vanilla": Preset(
        N_("Best plain RNN (25 min)"),
        replace(_MOST_ACCURATE, cell="rnn_relu", initialisation="identity", epochs=50),
    ),
    "gated": Preset(
        N_("Best LSTM (40 min)"),
        replace(_MOST_ACCURATE, cell="lstm", n_neurons=208, epochs=26, learning_rate=3e-3),
    ),
    "gru": Preset(
        N_("GRU (10 min)"),
        replace(_MOST_ACCURATE, cell="gru", n_neurons=128, epochs=16, learning_rate=3e-3),
    ),
    "one_minute": Preset(
        N_("Quick start (1 min)"),
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
}
