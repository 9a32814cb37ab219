"""The two sources of digits: the real MNIST, and synthetic handwriting."""

from functools import cache

from rnn_demo.data import handwriting, mnist
from rnn_demo.data.digits import Digits, Source, Split

# Number of training images, for code that need not load them.
N_TRAIN: dict[Source, int] = {"mnist": 60_000, "synthetic": 12_000}
# Number of synthetic images and their seed; the seeds differ, so no test image is a training
# image.
_SYNTHETIC: dict[Split, tuple[int, int]] = {
    "train": (N_TRAIN["synthetic"], 1),
    "test": (2_000, 2),
}


def available() -> Source:
    """The best source: "mnist" if it is on disk, else "synthetic"."""
    return "synthetic" if mnist.error_message() else "mnist"


def load(source: Source, split: Split) -> Digits:
    """One split of a source; its images and labels are read-only.

    Args:
        source: "mnist" (60,000 training and 10,000 test images) or "synthetic" (12,000 and
            2,000).
        split: "train" or "test".

    Raises:
        MissingFileError: MNIST is not on disk.
        InputError: MNIST is damaged.
    """
    if source == "mnist":
        return mnist.load(split)
    return _synthetic(split)


@cache
def _synthetic(split: Split) -> Digits:
    """The synthetic digits of a split, which are always the same, so they are made once."""
    images, labels = handwriting.generate(*_SYNTHETIC[split])
    for array in (images, labels):
        array.flags.writeable = False  # as MNIST's are
    return Digits(images, labels, "synthetic")
