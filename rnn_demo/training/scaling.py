"""How the pixels that a network learned from were scaled, found by measuring.

A file of weights does not say how its images were prepared. Read with another scaling, a network
that is right in 99 % of the images falls to 10 %, without any error.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from torch import Tensor

from rnn_demo.data.digits import Digits
from rnn_demo.messages import InputError
from rnn_demo.nn.models import ImageRNN
from rnn_demo.training.evaluate import predict
from rnn_demo.training.foreign_weights import Weights

_N_FIRST = 50  # images that every scaling is tried on; the promising ones get all images
# A difference in right answers counts if it is larger than this many standard errors of the number
# of images that only one of the two reads right (McNemar's test at 5 %).
_N_STANDARD_ERRORS = 2
WELL_READ_PERCENT = 50  # a network with fewer right answers is not trained to read these images

Right = npt.NDArray[np.bool_]  # (n,), which images are read right


@dataclass(frozen=True)
class Scaling:
    """What was done to pixels from 0 (paper) to 1 (ink): `(pixel - mean) / std`."""

    mean: float
    std: float


SCALINGS = {
    "unit": Scaling(0, 1),  # torchvision's ToTensor
    "mnist": Scaling(0.1307, 0.3081),  # PyTorch's own MNIST example
    "half": Scaling(0.5, 0.5),
    "bytes": Scaling(0, 1 / 255),
    "inverted": Scaling(1, -1),
}


@dataclass(frozen=True)
class Interpretation:
    """One way to read a digit with weights that leave it open.

    Attributes:
        cell: see `ImageRNN`.
        scaling: a key of `SCALINGS`.
    """

    cell: str
    scaling: str


@dataclass(frozen=True)
class Measurement:
    """What measuring found out about weights.

    Attributes:
        best: the interpretations between which the images do not decide, the one with most right
            answers first; one alone if they do.
        accuracy: percent of the images that the first of them reads right.
        n: number of images.
    """

    best: tuple[Interpretation, ...]
    accuracy: float
    n: int

    @property
    def reads(self) -> bool:
        """Whether the network reads digits at all, instead of guessing."""
        return self.accuracy >= WELL_READ_PERCENT


def network(weights: Weights, chosen: Interpretation) -> ImageRNN:
    """The network that gives for pixels from 0 to 1 what the weights give for scaled ones.

    The scaling becomes part of the first layer: `W (x - mean) / std + b` is
    `(W / std) x + (b - W mean / std)`. So whatever reads, explains or measures the network gives it
    pixels from 0 to 1, as it does every other network.
    """
    scaling = SCALINGS[chosen.scaling]
    model = ImageRNN(
        1, 28, 28, weights.n_neurons, 10, cell=chosen.cell, num_layers=weights.num_layers
    )
    tensors = dict(weights.tensors)
    W = tensors["basic_rnn.weight_ih_l0"].double() / scaling.std
    b = tensors["basic_rnn.bias_ih_l0"].double() - W.sum(dim=1) * scaling.mean
    tensors |= {"basic_rnn.weight_ih_l0": W, "basic_rnn.bias_ih_l0": b}
    model.load_state_dict(tensors)
    return model.eval()


def measure(weights: Weights, digits: Digits) -> Measurement:
    """Find the cell and the scaling with which weights read digits best.

    Args:
        weights: of a network from elsewhere.
        digits: at least one, none of the test images.

    Raises:
        InputError: the network reads columns instead of rows, or its numbers overflow.
    """
    scalings = ["unit"] if weights.reads_unit_pixels else list(SCALINGS)
    ways = [Interpretation(cell, name) for name in scalings for cell in weights.cells]
    first, rest = digits.part(0, _N_FIRST), digits.part(_N_FIRST, len(digits))
    logits = {way: predict(network(weights, way), first.images) for way in ways}
    right = {way: _right(each, first) for way, each in logits.items() if each.isfinite().all()}
    if not right:
        raise InputError("training.weights_with_overflow")
    # A way that is clearly worse already does not get the other images: reading takes the time.
    best = _best_of(right)
    reads = 100 * right[best[0]].mean() >= WELL_READ_PERCENT
    if not reads:
        _check_rows(weights, list(right), first)
    # No way stands out for a network that guesses, however many images it gets.
    for way in best if reads else best[:1]:
        of_rest = _right(predict(network(weights, way), rest.images), rest)
        right[way] = np.concatenate([right[way], of_rest])
    if reads:
        best = _best_of({way: right[way] for way in best})
    return Measurement(best, 100 * float(right[best[0]].mean()), len(digits))


def _right(logits: Tensor, digits: Digits) -> Right:
    """Which images are read right."""
    return np.asarray(logits.argmax(dim=1).numpy() == digits.labels)


def _best_of(right: Mapping[Interpretation, Right]) -> tuple[Interpretation, ...]:
    """The way with most right answers first, and all that are not clearly worse."""
    ranked = sorted(right, key=lambda way: -int(right[way].sum()))
    best = right[ranked[0]]
    return tuple(way for way in ranked if not _clearly_better(best, right[way]))


def _clearly_better(a: Right, b: Right) -> bool:
    """Whether a difference in right answers to the same images is no accident."""
    only_a, only_b = int((a & ~b).sum()), int((b & ~a).sum())
    return only_a - only_b > _N_STANDARD_ERRORS * math.sqrt(only_a + only_b)


def _check_rows(weights: Weights, ways: Sequence[Interpretation], digits: Digits) -> None:
    """Check that a network that reads few digits does not read columns.

    torchvision's EMNIST holds its images with rows and columns exchanged.

    Raises:
        InputError: it does.
    """
    columns = digits.images.transpose(0, 2, 1)
    best = max(_right(predict(network(weights, way), columns), digits).mean() for way in ways)
    if 100 * best >= WELL_READ_PERCENT:
        raise InputError("training.weights_read_columns", percent=math.floor(100 * best))
