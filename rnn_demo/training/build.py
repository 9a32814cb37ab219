"""The untrained network of a recipe."""

import torch
from torch import nn

from rnn_demo.nn.models import ImageRNN
from rnn_demo.training.recipe import Recipe


def build(recipe: Recipe) -> ImageRNN:
    """The untrained network of a recipe; its seed determines the weights."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(recipe.seed)
        model = ImageRNN(
            recipe.batch_size,
            28,
            28,
            recipe.n_neurons,
            10,
            cell=recipe.cell,
            num_layers=recipe.num_layers,
        )
        if recipe.initialisation == "identity":
            _initialise_with_identity(model)
        return model


def _initialise_with_identity(model: ImageRNN) -> None:
    for name, weights in model.basic_rnn.named_parameters():
        if name.startswith("weight_hh"):
            nn.init.eye_(weights)
        elif name.startswith("weight_ih"):
            nn.init.xavier_uniform_(weights)
        else:
            nn.init.zeros_(weights)
