"""Where digits come from: the real MNIST, or handwriting made on the spot."""

from rnn_demo.data import handwriting, mnist
from rnn_demo.data.digits import Digits, Source

# Training images of each source, for those who plan with them and need not load them.
N_TRAIN: dict[Source, int] = {"mnist": 60_000, "synthetic": 12_000}
# Sizes and seeds of the synthetic stand-in: no test digit is ever a training digit.
_SYNTHETIC: dict[mnist.Split, tuple[int, int]] = {
    "train": (N_TRAIN["synthetic"], 1),
    "test": (2_000, 2),
}


def available() -> Source:
    """MNIST where it is on disk, synthetic digits elsewhere."""
    return "synthetic" if mnist.problem() else "mnist"


def load(source: Source, split: mnist.Split) -> Digits:
    """Load one split of one source.

    Args:
        source: "mnist" (60,000 training and 10,000 test images) or "synthetic" (12,000 and
            2,000).
        split: "train" or "test".

    Raises:
        FileNotFoundError: MNIST is asked for and not there.
        ValueError: MNIST is there, but damaged.
    """
    if source == "mnist":
        return mnist.load(split)
    return Digits(*handwriting.generate(*_SYNTHETIC[split]), source)
