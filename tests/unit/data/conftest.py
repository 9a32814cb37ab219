"""A small MNIST: four files with three images in each split, and the table that knows them."""

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rnn_demo.data import mnist_files


@pytest.fixture
def small_mnist(monkeypatch) -> dict[str, bytes]:
    """The content of the four files by name; for this test it is MNIST."""
    rng = np.random.default_rng(14)
    files = {}
    for split, parts in list(mnist_files.PARTS.items()):
        small = []
        for part in parts:
            values = rng.integers(0, 10, (3, *part.shape[1:]), np.uint8)
            files[part.name] = np.array([part.magic, *values.shape], ">i4").tobytes()
            files[part.name] += values.tobytes()
            small.append(
                replace(
                    part,
                    shape=values.shape,
                    sha256=hashlib.sha256(files[part.name]).hexdigest(),
                    first_image=part.first_image and hashlib.sha256(values[0]).hexdigest(),
                )
            )
        monkeypatch.setitem(mnist_files.PARTS, split, tuple(small))
    return files


def put(files: dict[str, bytes], folder: Path) -> Path:
    """Write the files in torchvision's layout; returns their folder."""
    raw = folder / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for name, content in files.items():
        (raw / name).write_bytes(content)
    return raw
