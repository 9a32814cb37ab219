"""Images of digits, and nothing about networks."""

import hashlib
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

Source = Literal["mnist", "synthetic"]


@dataclass(frozen=True)
class Digits:
    """Labelled images of digits.

    Attributes:
        images: uint8 (n, 28, 28), ink bright on 0; it may be a memory map.
        labels: uint8 (n,), 0 to 9.
        source: "mnist" or "synthetic".
    """

    images: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.uint8]
    source: Source

    def __len__(self) -> int:
        return len(self.labels)

    def part(self, start: int, size: int) -> "Digits":
        """At most `size` digits from index `start` on."""
        return Digits(
            self.images[start : start + size], self.labels[start : start + size], self.source
        )

    def digest(self) -> str:
        """SHA-256 of the images and the labels, one after the other, in hexadecimal."""
        sha = hashlib.sha256(np.ascontiguousarray(self.images).data)
        sha.update(np.ascontiguousarray(self.labels).data)
        return sha.hexdigest()


def as_float(images: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Brightness 0 to 255 becomes 0 to 1, as `torchvision.transforms.ToTensor` has it."""
    return images.astype(np.float32) / np.float32(255)
