"""Labelled images of digits."""

import hashlib
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

Source = Literal["mnist", "synthetic"]
Split = Literal["train", "test"]
# What digits really are: a folder of MNIST may hold others under its names.
Origin = Literal["mnist", "synthetic", "other"]


@dataclass(frozen=True)
class Digits:
    """Labelled images of digits.

    Attributes:
        images: uint8 (n, 28, 28), from 0 (paper) to 255 (ink); it may be a memory map.
        labels: uint8 (n,), 0 to 9.
        source: "mnist" or "synthetic".
    """

    images: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.uint8]
    source: Source

    def __len__(self) -> int:
        return len(self.labels)

    def part(self, start: int, size: int) -> "Digits":
        """At most `size` digits, from index `start` on."""
        return Digits(
            self.images[start : start + size], self.labels[start : start + size], self.source
        )

    def digest(self) -> str:
        """SHA-256 of the images followed by the labels, in hexadecimal."""
        sha = hashlib.sha256(np.ascontiguousarray(self.images).data)
        sha.update(np.ascontiguousarray(self.labels).data)
        return sha.hexdigest()


def as_float(images: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """The images with values from 0 to 1 instead of 0 to 255.

    The same as `torchvision.transforms.ToTensor`, which the tutorial uses.
    """
    return images.astype(np.float32) / np.float32(255)


def first_row_with_ink(image: npt.NDArray[np.uint8]) -> int:
    """The first row that is not all paper, 0-based; 0 for an image without ink.

    Args:
        image: (n_rows, n_columns), from 0 (paper) to 255 (ink).
    """
    return int(image.any(axis=1).argmax())
