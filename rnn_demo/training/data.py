"""The training, validation and test images of a recipe."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain

import numpy as np

from rnn_demo.data import handwriting, non_digits, source
from rnn_demo.data.digits import Digits, Source
from rnn_demo.data.preprocess import SIZE
from rnn_demo.training.recipe import Recipe

NO_DIGIT = 10  # the label of a non-digit

# Seeds of generated images, so that validation images are never training images.
_TRAIN_SEED, _VALIDATION_SEED = 11, 12


@dataclass(frozen=True)
class Data:
    """Three sets of images without an image in common.

    Attributes:
        train: training images; labels may be `NO_DIGIT`.
        validation: images for choosing recipes and for calibration: the last training images and,
            if the recipe adds synthetic digits, as many synthetic digits. None if the recipe asks
            for no validation images.
        test: test images, for the final measurement.
        digest: SHA-256 of the training images and labels as loaded. It leaves out generated
            images, whose pixels may differ in the last bit from machine to machine.
    """

    train: Digits
    validation: Digits | None
    test: Digits
    digest: str


def load(recipe: Recipe) -> Data:
    """Load and generate the images of a recipe.

    Raises:
        FileNotFoundError: the recipe needs MNIST, which is not on disk.
        ValueError: MNIST is damaged.
    """
    train, test = source.load(recipe.data, "train"), source.load(recipe.data, "test")
    digest, validation = train.digest(), _validation(train, recipe)
    train = train.part(0, math.ceil(recipe.fraction * (len(train) - recipe.validation)))
    generated = recipe.synthetic + recipe.non_digits
    # Without generated images, MNIST stays a memory map that all runs share.
    if generated:
        train = _joined(len(train) + generated, chain([train], _generated(recipe)), recipe.data)
    return Data(train, validation, test, digest)


def validation_digits(n: int) -> Digits:
    """Digits to choose by, none of the test images: the last training images of MNIST.

    Args:
        n: number of digits; synthetic ones where MNIST is not on disk.
    """
    if source.available() == "mnist":
        train = source.load("mnist", "train")
        return train.part(len(train) - n, n)
    return _synthetic_validation(n)


@cache
def _synthetic_validation(n: int) -> Digits:
    return Digits(*handwriting.generate(n, _VALIDATION_SEED), "synthetic")


def _generated(recipe: Recipe) -> Iterator[Digits]:
    """Generated training images: synthetic digits, then non-digits."""
    yield Digits(*handwriting.generate(recipe.synthetic, _TRAIN_SEED), "synthetic")
    images, _ = non_digits.generate(recipe.non_digits, _TRAIN_SEED)
    yield Digits(images, np.full(len(images), NO_DIGIT, np.uint8), "synthetic")


def _validation(train: Digits, recipe: Recipe) -> Digits | None:
    """The validation images of a recipe, given all training images of its source."""
    if not recipe.validation:
        return None
    last = train.part(len(train) - recipe.validation, recipe.validation)
    if not recipe.synthetic:
        return last
    synthetic = Digits(*handwriting.generate(recipe.validation, _VALIDATION_SEED), "synthetic")
    return _joined(len(last) + len(synthetic), [last, synthetic], recipe.data)


def _joined(n: int, parts: Iterable[Digits], name: Source) -> Digits:
    """The parts as one set of n images with the name of a source."""
    images, labels = np.empty((n, SIZE, SIZE), np.uint8), np.empty(n, np.uint8)
    end = 0
    for part in parts:
        start, end = end, end + len(part)
        images[start:end], labels[start:end] = part.images, part.labels
        del part  # frees its memory before the next part is generated
    return Digits(images, labels, name)
