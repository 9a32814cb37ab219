"""What all tests share."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from rnn_demo.data import handwriting, mnist
from rnn_demo.data.digits import Digits
from rnn_demo.runs.state import Status
from rnn_demo.runs.store import Run

# As in a worker: several threads on a busy machine are slower, and results differ in bits.
torch.set_num_threads(1)

REPOSITORY = Path(__file__).parents[1]
# Seconds after which a hanging test fails, by folder: about ten times what the slowest test takes.
TIME_LIMITS_S = {"app": 180, "browser": 300, "process": 300, "unit": 180}


@pytest.hookimpl(tryfirst=True)  # before -m chooses by these markers
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test with its folder and time limit; one on the whole MNIST counts as process."""
    for item in items:
        folder = item.path.relative_to(REPOSITORY / "tests").parts[0]
        item.add_marker(folder)
        if "real_mnist" in getattr(item, "fixturenames", ()):
            item.add_marker("process")
        if item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(TIME_LIMITS_S[folder]))
        if folder == "process":  # they count processes and seconds: one at a time
            item.add_marker(pytest.mark.xdist_group("process"))


@pytest.fixture(scope="session")
def real_mnist() -> None:
    """Skip where the real MNIST is not on disk."""
    if message := mnist.error_message():
        pytest.skip(f"needs the real MNIST: {message}")


@pytest.fixture
def without_mnist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder: a machine that has no MNIST."""
    folder = tmp_path / "data"
    monkeypatch.setenv("RNN_DEMO_DATA", str(folder))
    return folder


@pytest.fixture
def runs_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A run folder of the test's own, with room for two trainings; no worker outlives the test."""
    folder = tmp_path / "runs"
    monkeypatch.setenv("RNN_DEMO_RUNS", str(folder))
    monkeypatch.setenv("RNN_DEMO_MAX_RUNS", "2")
    yield folder
    if not any(folder.glob("queue/*.claimed")):
        return  # no worker was started, and looking for one takes a process
    for pid in pids_of(folder):
        subprocess.run(["kill", "-9", str(pid)], check=False)


@pytest.fixture(scope="session")
def in_ci() -> bool:
    """Whether this is the gate, where nothing may be skipped that can run."""
    return os.environ.get("CI") == "true"


@pytest.fixture(scope="session")
def digits() -> Digits:
    return Digits(*handwriting.generate(1_000, seed=5), "synthetic")


@pytest.fixture(scope="session")
def test_digits() -> Digits:
    return Digits(*handwriting.generate(300, seed=6), "synthetic")


@pytest.fixture(scope="session")
def workers() -> Callable[[Path], list[int]]:
    """The processes that train a run, or any run below a folder."""
    return pids_of


def pids_of(folder: Path) -> list[int]:
    pattern = f"rnn_demo.runs.worker {folder.absolute()}"
    found = subprocess.run(["pgrep", "-f", pattern], capture_output=True, text=True, check=False)
    return [int(pid) for pid in found.stdout.split()]


@pytest.fixture(scope="session")
def wait_for() -> Callable[[Run, Callable[[Status], bool]], Status]:
    """Wait until the status of a run is as it should be."""

    def wait(run: Run, condition: Callable[[Status], bool], seconds: float = 180) -> Status:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            status = run.status()
            if condition(status):
                return status
            time.sleep(0.02)
        log = run.folder / "worker.log"
        raise AssertionError(f"{run.status()}, {log.read_text() if log.exists() else 'no log'}")

    return wait


@pytest.fixture(scope="session")
def strokes_as_mnist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in MNIST's layout, filled with synthetic digits: it loads at once."""
    folder = tmp_path_factory.mktemp("data")
    raw = folder / "MNIST" / "raw"
    raw.mkdir(parents=True)
    images, labels = handwriting.generate(2_000, seed=3)
    for name, times in (("train", 30), ("t10k", 5)):
        for kind, magic, values in (("images-idx3", 0x803, images), ("labels-idx1", 0x801, labels)):
            all_of_them = np.concatenate([values] * times)
            header = np.array([magic, *all_of_them.shape], ">i4").tobytes()
            (raw / f"{name}-{kind}-ubyte").write_bytes(header + all_of_them.tobytes())
    return folder


@pytest.fixture
def quick_data(strokes_as_mnist: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine has MNIST, or what looks like it."""
    monkeypatch.setenv("RNN_DEMO_DATA", str(strokes_as_mnist))
