"""The images a recipe is trained, chosen and tested on."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np

from rnn_demo.data import handwriting, non_digits, source
from rnn_demo.data.digits import Digits, Source
from rnn_demo.data.preprocess import SIZE
from rnn_demo.training.recipe import Recipe

# The label of a drawing that is no digit.
NO_DIGIT = 10

# Seeds of what is made on the spot: what is trained on is never validated on.
_TRAIN_SEED, _VALIDATION_SEED = 11, 12


@dataclass(frozen=True)
class Data:
    """Three sets of images that share none.

    Attributes:
        train: to learn from; labels may be `NO_DIGIT`.
        validation: to choose recipes and to calibrate on: training images held out, and as many
            synthetic digits where the recipe trains on such. None where it holds nothing out.
        test: to measure on, once.
        digest: SHA-256 of the training images and labels that were loaded, before anything was
            held out or added. What is made on the spot has seeds instead: floating point may
            differ in the last bit from machine to machine.
    """

    train: Digits
    validation: Digits | None
    test: Digits
    digest: str


def load(recipe: Recipe) -> Data:
    """Load, or make, all that a recipe asks for.

    Raises:
        FileNotFoundError: MNIST is asked for and not there.
        ValueError: MNIST is there, but damaged; or all images are held out.
    """
    train, test = source.load(recipe.data, "train"), source.load(recipe.data, "test")
    digest, validation = train.digest(), _held_out(train, recipe)
    left = len(train) - recipe.validation
    if left < 1:
        raise ValueError(f"With {recipe.validation} images held out, none are left to train on.")
    train = train.part(0, math.ceil(recipe.fraction * left))
    drawings = recipe.synthetic + recipe.non_digits
    # Alone, MNIST stays the memory map that all runs share.
    if drawings:
        train = _joined(len(train) + drawings, chain([train], _drawings(recipe)), recipe.data)
    return Data(train, validation, test, digest)


def _drawings(recipe: Recipe) -> Iterator[Digits]:
    """What is made on the spot to train on."""
    yield Digits(*handwriting.generate(recipe.synthetic, _TRAIN_SEED), "synthetic")
    images, _ = non_digits.generate(recipe.non_digits, _TRAIN_SEED)
    yield Digits(images, np.full(len(images), NO_DIGIT, np.uint8), "synthetic")


def _held_out(train: Digits, recipe: Recipe) -> Digits | None:
    """The validation images, out of all training images of the recipe's source."""
    if not recipe.validation:
        return None
    validation = train.part(len(train) - recipe.validation, recipe.validation)
    if not recipe.synthetic:
        return validation
    own = Digits(*handwriting.generate(recipe.validation, _VALIDATION_SEED), "synthetic")
    return _joined(len(validation) + len(own), [validation, own], recipe.data)


def _joined(n: int, parts: Iterable[Digits], name: Source) -> Digits:
    """All the parts, n images together, under the name of one source."""
    images, labels = np.empty((n, SIZE, SIZE), np.uint8), np.empty(n, np.uint8)
    end = 0
    for part in parts:
        start, end = end, end + len(part)
        images[start:end], labels[start:end] = part.images, part.labels
        del part  # before the next is made: they are large
    return Digits(images, labels, name)
