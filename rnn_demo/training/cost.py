"""How long a training takes on one core, before anybody has tried."""

from rnn_demo.training.recipe import Cell, Recipe
from rnn_demo.training.resources import n_images

# Microseconds for an image, forward and backward through 28 steps: a constant, for each unit and
# for each pair of units. Measured on one core of an AMD EPYC for 10 to 256 units, within 20 %.
_IMAGE_US: dict[Cell, tuple[float, float, float]] = {
    "rnn_tanh": (9.0, 0.14, 0.0018),
    "rnn_relu": (8.0, 0.11, 0.0015),
    "gru": (20.0, 1.2, 0.0040),
    "lstm": (20.0, 1.3, 0.0038),
}
_AUGMENTATION_US = 70.0
# A plain network of one layer has hand-written gradients; more layers go through autograd.
_AUTOGRAD_FACTOR = 2.0
_READING_FACTOR = 0.3  # of measuring an image to training on it: forward only
_START_S = 4.0  # until a process has imported PyTorch and loaded the images
_DRAWING_US = 220.0  # to draw a synthetic digit


def training_seconds(recipe: Recipe) -> float:
    """Seconds for all epochs of a recipe, without the start of the process."""
    constant, by_unit, by_pair = _IMAGE_US[recipe.cell]
    n = recipe.n_neurons
    image = recipe.num_layers * (constant + by_unit * n + by_pair * n * n)
    if recipe.num_layers > 1 and recipe.cell.startswith("rnn"):
        image *= _AUTOGRAD_FACTOR
    trained = image + (_AUGMENTATION_US if recipe.augmentation else 0.0)
    read = _READING_FACTOR * image * recipe.validation
    return 1e-6 * recipe.epochs * (trained * n_images(recipe) + read)


def other_seconds(recipe: Recipe) -> float:
    """Seconds before and after the training: start, drawing synthetic digits, the test."""
    drawings = recipe.synthetic + recipe.non_digits
    return _START_S + 1e-6 * drawings * _DRAWING_US
