"""The cost of a training: seconds from Start to the first batch, and the peak of its memory.

    python tests/bench/worker.py

Trains the tutorial's recipe and the recipes that take most memory within the allowed ranges; each
for a few seconds on the real MNIST, with the test at the end. Linux only.
"""

import os
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))
from rnn_demo.data import mnist  # noqa: E402
from rnn_demo.messages import InputError  # noqa: E402
from rnn_demo.runs import store  # noqa: E402
from rnn_demo.settings import SETTINGS  # noqa: E402
from rnn_demo.training.recipe import HYPERPARAMETERS, Recipe  # noqa: E402

OWNER = "0" * 16
TRAINING_S = 5.0  # then the run is stopped
TIMEOUT_S = 300.0


def largest(**values: Any) -> Recipe:
    """The recipe with the largest batch that is allowed."""
    for batch_size in range(int(HYPERPARAMETERS["batch_size"].high), 0, -1):
        with suppress(InputError):
            return Recipe(**values, batch_size=batch_size)
    raise AssertionError("Not even a single image is allowed.")


def highest(*names: str) -> dict[str, int]:
    """The largest values of hyperparameters."""
    return {name: int(HYPERPARAMETERS[name].high) for name in names}


UNITS, DEEP = highest("n_neurons"), highest("n_neurons", "num_layers")
GENERATED = highest("synthetic", "non_digits", "validation")
RECIPES = {
    "the tutorial": Recipe(),
    "one layer of tanh": largest(**UNITS),
    "one layer of relu, augmented": largest(**UNITS, cell="rnn_relu", augmentation=2.0),
    "three layers of tanh": largest(**DEEP),
    "one layer of GRU": largest(**UNITS, cell="gru"),
    "three layers of GRU": largest(**DEEP, cell="gru"),
    "a large batch of GRU": largest(n_neurons=85, cell="gru"),
    "one layer of LSTM": largest(**UNITS, cell="lstm"),
    "three layers of LSTM": largest(**DEEP, cell="lstm"),
    "one layer of tanh, all generated images": largest(**UNITS, **GENERATED),
    "one layer of GRU, all generated images": largest(**UNITS, **GENERATED, cell="gru"),
    "three layers of tanh, all generated images": largest(**DEEP, **GENERATED),
}


def cost(recipe: Recipe) -> tuple[float, float]:
    """Seconds to the first batch, and the largest resident size in MB, of a few seconds."""
    started, first, peak = time.perf_counter(), 0.0, 0.0
    run = store.start(recipe, OWNER)
    while not (status := run.snapshot().status).ended:
        now = time.perf_counter() - started
        if now > TIMEOUT_S:
            raise SystemExit(f"It takes too long: {status}")
        if status.state == "running" and not first:
            first = now
        if first and now > first + TRAINING_S:
            run.stop()
        peak = max(peak, resident(run.folder))
        time.sleep(0.005)
    if status.state == "failed":
        raise SystemExit(str(status.message))
    return first, peak


def resident(folder: Path) -> float:
    """The largest resident size so far of the worker of a run, in MB; 0 where it has none."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it may be gone
            if str(folder.absolute()).encode() not in (process / "cmdline").read_bytes():
                continue
            for line in (process / "status").read_text().splitlines():
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) * 1024 / 1e6
    return 0.0


def main() -> None:
    """Measure one after the other, and print a line each."""
    if message := mnist.error_message():
        raise SystemExit(str(message))
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            SETTINGS.runs_folder.name: folder,
            SETTINGS.data_folder.name: str(SETTINGS.data_folder.read().absolute()),
        }
        for name, recipe in RECIPES.items():
            first, peak = cost(recipe)
            sys.stdout.write(
                f"{name}, batches of {recipe.batch_size}: {first:.1f} s to the first batch, "
                f"{peak:.0f} MB\n"
            )
            sys.stdout.flush()


if __name__ == "__main__":
    main()
