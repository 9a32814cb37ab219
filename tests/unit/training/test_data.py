from dataclasses import replace

import numpy as np
import pytest

from rnn_demo.data import mnist
from rnn_demo.training import data
from rnn_demo.training.presets import PRESETS
from rnn_demo.training.recipe import Recipe


def test_a_plain_recipe_gets_the_plain_digits(without_mnist):
    loaded = data.load(Recipe(data="synthetic"))
    assert loaded.validation is None
    assert len(loaded.train) == 12_000
    assert set(loaded.train.labels) == set(range(10))


def test_generated_and_validation_images_are_counted(without_mnist):
    recipe = Recipe(data="synthetic", synthetic=300, non_digits=200, validation=1_000)
    loaded = data.load(recipe)
    assert len(loaded.train) == 12_000 - 1_000 + 300 + 200
    assert (loaded.train.labels == data.NO_DIGIT).sum() == 200
    assert loaded.validation is not None
    assert len(loaded.validation) == 2_000
    assert data.NO_DIGIT not in loaded.validation.labels


def test_without_synthetic_digits_validation_is_the_end_of_the_training_images(without_mnist):
    whole = data.load(Recipe(data="synthetic"))
    loaded = data.load(Recipe(data="synthetic", validation=1_000))
    assert loaded.validation is not None
    np.testing.assert_array_equal(loaded.validation.images, whole.train.images[11_000:])
    np.testing.assert_array_equal(loaded.train.images, whole.train.images[:11_000])


def test_no_image_is_both_trained_and_validated_on(without_mnist):
    loaded = data.load(Recipe(data="synthetic", synthetic=2_000, validation=2_000))
    seen = {image.tobytes() for image in loaded.train.images}
    assert loaded.validation is not None
    assert not any(image.tobytes() in seen for image in loaded.validation.images)
    assert not any(image.tobytes() in seen for image in loaded.test.images)


def images_of(recipe: Recipe) -> tuple[object, ...]:
    return recipe.data, recipe.synthetic, recipe.non_digits, recipe.validation, recipe.fraction


# One recipe for each set of images.
@pytest.mark.parametrize(
    "name", {images_of(preset.recipe): name for name, preset in PRESETS.items()}.values()
)
def test_a_preset_never_trains_on_the_test_set(real_mnist, name):
    recipe = PRESETS[name].recipe
    # Generating all of them takes seconds, and none of them is an image of MNIST.
    loaded = data.load(replace(recipe, synthetic=min(recipe.synthetic, 100), non_digits=0))
    seen = {image.tobytes() for image in loaded.train.images}
    test = mnist.load("test")
    assert not any(image.tobytes() in seen for image in test.images)
    np.testing.assert_array_equal(loaded.test.images, test.images)
    if recipe.validation:
        assert loaded.validation is not None
        validation = loaded.validation.images[: recipe.validation]
        expected = mnist.load("train").images[-recipe.validation :]
        np.testing.assert_array_equal(validation, expected)
