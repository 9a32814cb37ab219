"""Trained weights on disk: a safetensors file, and a JSON card that describes it."""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from safetensors.torch import save as to_bytes

from rnn_demo.data.digits import Origin
from rnn_demo.data.mnist import DIGESTS as MNIST_DIGESTS
from rnn_demo.formats.files import read_json, write_json, write_whole
from rnn_demo.messages import InputError
from rnn_demo.nn.models import ImageRNN
from rnn_demo.training.data import Data
from rnn_demo.training.recipe import Recipe

RECIPE_KEY = "rnn_demo.recipe"  # of the metadata of a .safetensors file
PRETRAINED = ("vanilla", "gated", "tutorial")
WEIGHTS = Path(__file__).parents[2] / "assets" / "weights"


@dataclass(frozen=True)
class Card:
    """Where a set of weights came from and how good it is.

    Attributes:
        recipe: of its training.
        data_digest: SHA-256 of the training images and labels that were loaded, see `Data`.
        test_digest: SHA-256 of the test images and labels.
        torch: version of PyTorch.
        epochs_done: completed epochs, fewer than the recipe's if the training was stopped.
        seconds: training time.
        test_accuracy: percent of the test images read correctly; None if not measured.
        validation_accuracy: percent of the validation images read correctly; None without
            validation images.
        temperature: the logits were divided by it for calibration.
        calibration_error: expected calibration error on the validation images, percent.
        size: bytes of the .safetensors file.
    """

    recipe: Recipe
    data_digest: str
    test_digest: str
    torch: str
    epochs_done: int = 0
    seconds: float = 0.0
    test_accuracy: float | None = None
    validation_accuracy: float | None = None
    temperature: float = 1.0
    calibration_error: float | None = None
    size: int = 0

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Card":
        """The card in a dictionary.

        Raises:
            InputError: a key is missing or unknown, or the recipe is not valid.
        """
        try:
            return cls(**value | {"recipe": Recipe.from_json(value["recipe"])})
        except (KeyError, TypeError, AttributeError) as error:
            raise InputError("training.not_a_card") from error

    @property
    def tested_on(self) -> Origin:
        """Which digits the test accuracy holds for."""
        if self.recipe.data == "synthetic":
            return "synthetic"
        return "mnist" if self.test_digest == MNIST_DIGESTS["test"] else "other"

    def to_json(self) -> dict[str, Any]:
        """The dictionary that `from_json` reads."""
        return asdict(self)


def card_of(recipe: Recipe, data: Data) -> Card:
    """The card of a network before its training."""
    return Card(recipe, data.digest, data.test.digest(), torch.__version__)


def save(path: Path, model: ImageRNN, card: Card) -> None:
    """Write `path`, a .safetensors file, and its card beside it as .json.

    The card is written last, so weights with a card are complete. The .safetensors file holds the
    recipe too, so it can be passed on without the card.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    tensors = {name: tensor.contiguous() for name, tensor in model.state_dict().items()}
    metadata = {RECIPE_KEY: json.dumps(card.recipe.to_json())}
    content = to_bytes(tensors, metadata)
    write_whole(path, lambda partial: partial.write_bytes(content))
    write_json(path.with_suffix(".json"), replace(card, size=path.stat().st_size).to_json())


def load(path: Path) -> tuple[ImageRNN, Card]:
    """Read a network back, in eval mode.

    Args:
        path: the .safetensors file.

    Raises:
        FileNotFoundError: the file or its card is missing.
        InputError: either is damaged, or the two do not belong together.
    """
    card = load_card(path)
    recipe = card.recipe
    model = ImageRNN(
        1, 28, 28, recipe.n_neurons, 10, cell=recipe.cell, num_layers=recipe.num_layers
    )
    try:
        model.load_state_dict(load_file(path))
    except (SafetensorError, RuntimeError) as error:
        raise InputError("training.weights_damaged", name=path.name) from error
    return model.eval(), card


def load_card(path: Path) -> Card:
    """Read the card of a .safetensors file.

    Raises:
        FileNotFoundError: it has no card.
        ValueError: the card is damaged.
    """
    return Card.from_json(read_json(path.with_suffix(".json")))


def pretrained() -> list[str]:
    """Names of the networks that come with the project, the default first."""
    return [name for name in PRETRAINED if _file_of(name).exists()]


def _file_of(name: str) -> Path:
    return WEIGHTS / f"{name}.safetensors"


def load_pretrained(name: str = "tutorial") -> ImageRNN:
    """A network that comes with the project, trained on MNIST, in eval mode.

    Args:
        name: "tutorial", 150 tanh units trained with the tutorial's recipe; "vanilla", the most
            accurate plain RNN of 150 units; "gated", an LSTM.

    Raises:
        ValueError: no network has that name.
    """
    if name not in pretrained():
        raise ValueError(f"name must be one of {', '.join(pretrained())}, not {name!r}.")
    return load(_file_of(name))[0]
