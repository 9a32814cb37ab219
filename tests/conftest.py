"""What all tests share."""

import os
from pathlib import Path

import pytest
import torch

from rnn_demo.digits import mnist

# As in a worker: several threads on a busy machine are slower, and results differ in bits.
torch.set_num_threads(1)

REPOSITORY = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def real_mnist() -> None:
    """Skip where the real MNIST is not on disk."""
    problem = mnist.problem()
    if problem:
        pytest.skip(f"needs the real MNIST: {problem}")


@pytest.fixture
def without_mnist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder: a machine that has no MNIST."""
    folder = tmp_path / "data"
    monkeypatch.setenv("RNN_DEMO_DATA", str(folder))
    return folder


@pytest.fixture
def runs_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A run folder of the test's own, with room for two trainings."""
    folder = tmp_path / "runs"
    monkeypatch.setenv("RNN_DEMO_RUNS", str(folder))
    monkeypatch.setenv("RNN_DEMO_MAX_RUNS", "2")
    return folder


@pytest.fixture(scope="session")
def in_ci() -> bool:
    """Whether this is the gate, where nothing may be skipped that can run."""
    return os.environ.get("CI") == "true"
