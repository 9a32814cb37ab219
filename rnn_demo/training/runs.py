"""Training runs on disk: start one, watch it, stop it.

A run is a folder, and the folder is all there is between the app and the process that trains:

    recipe.json     what to train, written once
    status.json     how far it is, rewritten several times a second
    metrics.jsonl   loss and accuracy, one JSON object a line
    checkpoints/    the network after the last finished epoch, with its card
    stop            somebody asked it to stop
    worker.log      what the worker printed

So a refreshed browser, a second tab or a restarted server see the same run.
"""

import json
import os
import re
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from rnn_demo.training.files import read_json, write_json
from rnn_demo.training.recipe import Recipe

State = Literal["starting", "running", "finished", "stopped", "failed"]
ENDED: tuple[State, ...] = ("finished", "stopped", "failed")

# A worker says where it is several times a second once it runs; importing torch on a busy
# machine can take long. One that has been silent for longer than this is gone.
SILENCE_LIMITS = {"starting": 180.0, "running": 60.0}  # seconds
_GONE = "The training process is gone; start the run again."


@dataclass(frozen=True)
class Status:
    """How far a run is.

    Attributes:
        state: "starting", "running", "finished", "stopped" or "failed".
        epoch: the current epoch, 0-based.
        progress: share of all batches done, 0 to 1.
        samples_per_second: images trained on in a second, lately.
        seconds_left: estimate for the rest of the training, None while unknown.
        loss: mean cross-entropy of the epoch so far, nats; None before the first batch.
        accuracy: right answers of the epoch so far, percent; None before the first batch.
        test_accuracy: right answers of all test images, percent, exact; None before the end.
        message: one sentence on why it failed.
    """

    state: State
    epoch: int = 0
    progress: float = 0.0
    samples_per_second: float = 0.0
    seconds_left: float | None = None
    loss: float | None = None
    accuracy: float | None = None
    test_accuracy: float | None = None
    message: str = ""

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in ENDED

    def describe(self, epochs: int) -> str:
        """How far it is, in one line.

        Args:
            epochs: of the recipe.
        """
        if self.state == "starting":
            return "Starting: a process of its own is loading PyTorch and the digits"
        if self.state == "failed":
            return self.message
        if self.ended:
            return f"{self.state.capitalize()} after {self.epoch} of {epochs} epochs"
        speed = f"{self.samples_per_second:,.0f} samples/s"
        minutes, seconds = divmod(round(self.seconds_left or 0), 60)
        return f"Epoch {self.epoch + 1} of {epochs}, {speed}, {minutes}:{seconds:02} left"


@dataclass(frozen=True)
class Run:
    """One training run.

    Attributes:
        folder: where it is.
    """

    folder: Path

    @property
    def id(self) -> str:
        """The name of its folder."""
        return self.folder.name

    @property
    def recipe(self) -> Recipe:
        """What it trains."""
        return Recipe.from_json(read_json(self.folder / "recipe.json"))

    @property
    def title(self) -> str:
        """When it was started and what it trains, in a few words."""
        started = time.localtime((self.folder / "recipe.json").stat().st_mtime)
        return f"{time.strftime('%d %b %H:%M', started)}, {self.recipe.n_neurons} neurons"

    @property
    def weights(self) -> Path:
        """The network after the last finished epoch; not there before the first one is."""
        return self.folder / "checkpoints" / "last.safetensors"

    @property
    def has_network(self) -> bool:
        """Whether there is a network to use."""
        return self.weights.with_suffix(".json").is_file()

    def status(self) -> Status:
        """How far it is; a run whose process is gone without a word has failed."""
        path = self.folder / "status.json"
        status = Status(**read_json(path))
        silent = time.time() - path.stat().st_mtime
        if not status.ended and silent > SILENCE_LIMITS[status.state]:
            return Status(**asdict(status) | {"state": "failed", "message": _GONE})
        return status

    def write_status(self, status: Status) -> None:
        """Tell all who watch how far it is."""
        write_json(self.folder / "status.json", asdict(status))

    def metrics(self) -> list[dict[str, Any]]:
        """All points so far: `step` (in epochs), `loss`, `accuracy`, and `epoch_done` or not."""
        try:
            text = (self.folder / "metrics.jsonl").read_text(encoding="utf-8")
        except FileNotFoundError:
            return []
        # The last line may be half written still.
        whole, _, _ = text.rpartition("\n")
        return [json.loads(line) for line in whole.splitlines()]

    def stop(self) -> None:
        """Ask it to stop after the batch it is at; what it has learnt is kept."""
        (self.folder / "stop").touch()

    @property
    def stop_requested(self) -> bool:
        """Whether somebody asked it to stop."""
        return (self.folder / "stop").exists()


class BusyError(Exception):
    """As many runs as may are training already."""


def root() -> Path:
    """The folder of all runs: `RNN_DEMO_RUNS`, or `runs` where that is not set."""
    return Path(os.environ.get("RNN_DEMO_RUNS") or "runs")


def most_at_once() -> int:
    """Runs that may train at the same time: `RNN_DEMO_MAX_RUNS`, by default cores - 1."""
    return int(os.environ.get("RNN_DEMO_MAX_RUNS") or max(1, (os.cpu_count() or 1) - 1))


def runs_of(owner: str) -> list[Run]:
    """The runs of one visitor, newest first.

    Args:
        owner: the visitor, as 16 to 64 hexadecimal digits.

    Raises:
        ValueError: owner is nothing of the kind.
    """
    return _runs_in(_home(owner))


def start(recipe: Recipe, owner: str) -> Run:
    """Start a run in a process of its own.

    Args:
        recipe: what to train.
        owner: the visitor it belongs to, as 16 to 64 hexadecimal digits.

    Raises:
        ValueError: owner is nothing of the kind.
        BusyError: as many runs as may are training already.
        OSError: the folder cannot be written, or the process not started.
    """
    training = sum(not run.status().ended for home in _homes() for run in _runs_in(home))
    if training >= most_at_once():
        raise BusyError(
            f"{training} of {most_at_once()} trainings are running on this machine already; "
            "wait until one has ended."
        )
    name = time.strftime("%Y%m%d-%H%M%S-", time.gmtime()) + secrets.token_hex(4)
    run = Run(_home(owner) / name)
    (run.folder / "checkpoints").mkdir(parents=True)
    write_json(run.folder / "recipe.json", recipe.to_json())
    run.write_status(Status("starting"))
    _spawn(run)
    return run


def _home(owner: str) -> Path:
    if not re.fullmatch(r"[0-9a-f]{16,64}", owner):
        raise ValueError("owner must be 16 to 64 hexadecimal digits.")
    return root() / owner


def _homes() -> list[Path]:
    return [path for path in root().glob("*") if path.is_dir()]


def _runs_in(home: Path) -> list[Run]:
    """The runs in a folder, newest first; a folder without a status is no run."""
    return [Run(path.parent) for path in sorted(home.glob("*/status.json"), reverse=True)]


def _spawn(run: Run) -> None:
    # One thread a run: two beside a browser on two cores are many times slower than one.
    environment = os.environ | {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    with (run.folder / "worker.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "rnn_demo.training.worker", run.folder.absolute()],
            cwd=Path(__file__).parents[2],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # an interrupted server leaves its runs alone
        )
    threading.Thread(target=_wait, args=(run, process.wait), daemon=True).start()


def _wait(run: Run, wait: Callable[[], int]) -> None:
    """Wait for a worker to end, so that it leaves no zombie and no death goes unnoticed."""
    wait()
    status = run.status()
    if not status.ended:
        run.write_status(Status(**asdict(status) | {"state": "failed", "message": _GONE}))
