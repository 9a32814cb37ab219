"""Trained weights on disk: a safetensors file, and a card beside it that says what they are."""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load as load_bytes
from safetensors.torch import load_file
from safetensors.torch import save as to_bytes
from torch import Tensor

from rnn_demo.formats.files import read_json, write_json, write_whole
from rnn_demo.nn.models import ImageRNN
from rnn_demo.training.data import Data
from rnn_demo.training.recipe import Recipe

MAX_UPLOAD = 21 * 2**20  # bytes: the largest network of the training hall fits
_MAX_LAYERS = 4  # of an uploaded network
_RECIPE = "rnn_demo.recipe"  # its place among the metadata of a file of weights
_PLAIN = ("rnn_tanh", "rnn_relu")
_GATED = {3: "gru", 4: "lstm"}  # by how many rows of weights there are to a neuron
SHIPPED = ("vanilla", "gated", "tutorial")  # networks that come with the project
WEIGHTS = Path(__file__).parents[2] / "assets" / "weights"


@dataclass(frozen=True)
class Card:
    """What a set of weights is and where it came from.

    Attributes:
        recipe: what was trained.
        data_digest: SHA-256 of the training images and labels that were loaded, see `Data`.
        test_digest: SHA-256 of the test images and labels.
        torch: version of PyTorch.
        epochs_done: whole epochs behind it, fewer than the recipe's if it was stopped.
        seconds: training time.
        test_accuracy: right answers of all test images, percent, exact; None if not measured.
        validation_accuracy: right answers of the validation images, half of them held-out
            training images and half synthetic, percent; None where nothing was held out.
        temperature: what the logits were divided by to calibrate them.
        calibration_error: expected calibration error on the validation images, percent.
        size: bytes of the file of weights.
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
        """The card a dictionary describes.

        Raises:
            ValueError: a key is missing or unknown, or the recipe is not valid.
        """
        try:
            return cls(**value | {"recipe": Recipe.from_json(value["recipe"])})
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"This is not the card of a network: {error}.") from error

    def to_json(self) -> dict[str, Any]:
        """The dictionary `from_json` reads."""
        return asdict(self)


def card_of(recipe: Recipe, data: Data) -> Card:
    """The card of a network that is about to be trained."""
    return Card(recipe, data.digest, data.test.digest(), torch.__version__)


def save(path: Path, model: ImageRNN, card: Card) -> None:
    """Write `path`, a .safetensors file, and its card beside it as .json.

    The card comes last: where it is, the weights are whole. The file of weights carries its
    recipe along, so that it can be handed on alone.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    tensors = {name: tensor.contiguous() for name, tensor in model.state_dict().items()}
    metadata = {_RECIPE: json.dumps(card.recipe.to_json())}
    content = to_bytes(tensors, metadata)
    write_whole(path, lambda partial: partial.write_bytes(content))
    write_json(path.with_suffix(".json"), replace(card, size=path.stat().st_size).to_json())


def load(path: Path) -> tuple[ImageRNN, Card]:
    """Read a network back, in eval mode.

    Args:
        path: the .safetensors file.

    Raises:
        FileNotFoundError: the file or its card is missing.
        ValueError: either is damaged, or the two do not belong together.
    """
    card = load_card(path)
    recipe = card.recipe
    model = ImageRNN(
        1, 28, 28, recipe.n_neurons, 10, cell=recipe.cell, num_layers=recipe.num_layers
    )
    try:
        model.load_state_dict(load_file(path))
    except (SafetensorError, RuntimeError) as error:
        raise ValueError(f"The weights in {path.name} are damaged or not its card's.") from error
    return model.eval(), card


def from_bytes(content: bytes, cell: str) -> ImageRNN:
    """The network in a .safetensors file from a stranger, in eval mode; it needs no card.

    Its kind and its sizes are told by the names and the shapes of its tensors, which must be
    those of the recipe that files of this app carry along. Nothing in such a file can be run,
    and nothing is made of it before its shapes have been checked.

    Args:
        content: the file.
        cell: "rnn_tanh" or "rnn_relu", which the weights of a plain RNN do not tell; ignored for
            one with gates, and where the file has a recipe.

    Raises:
        ValueError: in one sentence, why this is no network that reads digits.
    """
    if len(content) > MAX_UPLOAD:
        raise ValueError(f"The file is larger than {MAX_UPLOAD // 2**20} MB.")
    try:
        tensors = load_bytes(content)
    except (SafetensorError, RuntimeError, TypeError, KeyError, ValueError) as error:
        raise ValueError("This is not a whole .safetensors file.") from error
    recipe = _recipe_in(content)
    if recipe and recipe.cell in _PLAIN:
        cell = recipe.cell
    cell, n_neurons, num_layers = _architecture(tensors, cell)
    told = recipe and (recipe.cell, recipe.n_neurons, recipe.num_layers)
    if told and told != (cell, n_neurons, num_layers):
        raise ValueError("The weights are not of the network that the file's recipe describes.")
    # As float32: PyTorch does not look into the smallest of its kinds of numbers.
    if not all(tensor.float().isfinite().all() for tensor in tensors.values()):
        raise ValueError("The weights hold NaN or infinite values.")
    model = ImageRNN(1, 28, 28, n_neurons, 10, cell=cell, num_layers=num_layers)
    model.load_state_dict(tensors)
    return model.eval()


def _recipe_in(content: bytes) -> Recipe | None:
    """The recipe in a whole .safetensors file, None where it was written by others.

    Raises:
        ValueError: it is no recipe.
    """
    # The file begins with the size of its header, and the header is JSON.
    size = int.from_bytes(content[:8], "little")
    metadata = json.loads(content[8 : 8 + size]).get("__metadata__") or {}
    text = metadata.get(_RECIPE)
    if text is None:
        return None
    try:
        return Recipe.from_json(json.loads(text))
    except (AttributeError, TypeError, ValueError, RecursionError) as error:
        raise ValueError("The recipe in this file is damaged.") from error


def _architecture(tensors: dict[str, Tensor], cell: str) -> tuple[str, int, int]:
    """The cell, the neurons and the layers of the network that tensors are the weights of.

    Raises:
        ValueError: they are no weights of an `ImageRNN` that reads digits.
    """
    shapes = {name: tuple(tensor.shape) for name, tensor in tensors.items()}
    rows, n_neurons = (*shapes.get("basic_rnn.weight_hh_l0", ()), 0, 0)[:2]
    gates = rows // max(n_neurons, 1)
    num_layers = sum(name.startswith("basic_rnn.weight_hh_l") for name in shapes)
    if gates not in (1, *_GATED) or not 1 <= num_layers <= _MAX_LAYERS:
        raise ValueError("These are not the weights of an ImageRNN.")
    expected = {"FC.weight": (10, n_neurons), "FC.bias": (10,)}
    for layer in range(num_layers):
        n_inputs = n_neurons if layer else 28
        for name, *shape in (
            ("weight_ih", rows, n_inputs),
            ("weight_hh", rows, n_neurons),
            ("bias_ih", rows),
            ("bias_hh", rows),
        ):
            expected[f"basic_rnn.{name}_l{layer}"] = tuple(shape)
    if shapes != expected or rows != gates * n_neurons:
        raise ValueError(
            "These weights do not fit together as an ImageRNN that reads 28 rows of 28 pixels."
        )
    if 4 * sum(tensor.numel() for tensor in tensors.values()) > MAX_UPLOAD:
        raise ValueError("This network is too large to be read here.")  # as float32
    if not all(tensor.is_floating_point() for tensor in tensors.values()):
        raise ValueError("The weights are not floating-point numbers.")
    return _GATED.get(gates, cell), n_neurons, num_layers


def load_card(path: Path) -> Card:
    """Read the card of a .safetensors file.

    Raises:
        FileNotFoundError: there is none.
        ValueError: it is damaged.
    """
    return Card.from_json(read_json(path.with_suffix(".json")))


def pretrained() -> list[str]:
    """Names of the networks that come with the project, the first one being the usual choice."""
    return [name for name in SHIPPED if _shipped(name).exists()]


def _shipped(name: str) -> Path:
    return WEIGHTS / f"{name}.safetensors"


def load_pretrained(name: str = "tutorial") -> ImageRNN:
    """A network that comes with the project, trained on MNIST, in eval mode.

    Args:
        name: "tutorial", 150 tanh units trained by the tutorial's recipe; "vanilla", 150 units
            of a plain RNN trained as well as we can; "gated", a network with gates.

    Raises:
        ValueError: there is no network of that name.
    """
    if name not in pretrained():
        raise ValueError(f"name must be one of {', '.join(pretrained())}, not {name!r}.")
    return load(_shipped(name))[0]
