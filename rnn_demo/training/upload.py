"""A file of weights that a visitor gives: what it is, and the network in it.

Only a .safetensors file is opened, which contains no code. Sizes and shapes are checked before
anything is built.
"""

import json
import re
from dataclasses import replace

from safetensors import SafetensorError
from safetensors.torch import load as load_bytes

from rnn_demo.messages import InputError
from rnn_demo.training.checkpoint import RECIPE_KEY
from rnn_demo.training.foreign_weights import Weights, weights_of
from rnn_demo.training.recipe import Recipe

MAX_UPLOAD_BYTES = 21 * 2**20  # the largest network of the page Train fits
_MAX_HEADER_BYTES = 2**20  # of names and shapes, enough for thousands of tensors

PICKLED = "training.weights_pickled"  # the refusal of a file that `torch.save` wrote
# How files begin that are given instead.
_KINDS = (
    (re.compile(rb"\Z"), "training.weights_empty"),
    (re.compile(rb"PK\x03\x04.{26}[^/]{1,200}/data(\.pkl|/)", re.DOTALL), PICKLED),
    (re.compile(rb"PK\x03\x04"), "training.weights_zipped"),
    # A .safetensors file may start with the same two bytes, followed by zeros.
    (re.compile(rb"\x80[\x02-\x05](?!\x00)"), PICKLED),
    (re.compile(rb"\x89HDF"), "training.weights_of_keras"),
    (re.compile(rb"version https://git-lfs"), "training.weights_not_fetched"),
    (re.compile(rb"\s*<(!doctype |html)", re.IGNORECASE), "training.weights_are_a_web_page"),
)


def from_bytes(content: bytes) -> Weights:
    """The weights in a file that anyone may have made.

    If the file holds a recipe, as those of this app do, the weights must agree with it.

    Args:
        content: the file.

    Raises:
        InputError: this is not a network that reads digits.
    """
    if len(content) > MAX_UPLOAD_BYTES:
        raise InputError("training.weights_too_large", megabytes=MAX_UPLOAD_BYTES // 2**20)
    # The file starts with the size of its header, which is JSON.
    header_bytes = int.from_bytes(content[:8], "little")
    if _MAX_HEADER_BYTES < header_bytes <= len(content):
        raise InputError("training.weights_with_many_tensors")
    try:
        tensors = load_bytes(content)
    except (SafetensorError, RuntimeError, TypeError, KeyError, ValueError) as error:
        raise InputError(_kind_of(content)) from error
    recipe = _recipe_in(json.loads(content[8 : 8 + header_bytes]).get("__metadata__") or {})
    weights = weights_of(tensors, MAX_UPLOAD_BYTES)
    if recipe is None:
        return weights
    sizes = recipe.n_neurons, recipe.num_layers
    if recipe.cell not in weights.cells or sizes != (weights.n_neurons, weights.num_layers):
        raise InputError("training.weights_of_another_recipe")
    return replace(weights, cells=(recipe.cell,), reads_unit_pixels=True)


def _kind_of(content: bytes) -> str:
    """The code that says what a file is which is not a whole .safetensors file."""
    matching = (code for pattern, code in _KINDS if pattern.match(content))
    return next(matching, "training.weights_not_safetensors")


def _recipe_in(metadata: dict[str, str]) -> Recipe | None:
    """The recipe in the metadata of a .safetensors file; None if there is none.

    Raises:
        InputError: the recipe is not valid.
    """
    text = metadata.get(RECIPE_KEY)
    if text is None:
        return None
    try:
        return Recipe.from_json(json.loads(text))
    except (AttributeError, TypeError, ValueError, RecursionError) as error:
        raise InputError("training.recipe_damaged") from error
