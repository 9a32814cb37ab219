"""What a training costs its machine: seconds from Start to the first batch, and its peak memory.

    python tests/bench/worker.py

It trains the tutorial's recipe and the recipes that take most memory among those that a visitor
can choose: each for a fraction of an epoch of the real MNIST, up to the measurement at the end.
Linux only.
"""

import os
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))
from rnn_demo.data import mnist  # noqa: E402
from rnn_demo.runs import store  # noqa: E402
from rnn_demo.settings import SETTINGS  # noqa: E402
from rnn_demo.training.recipe import HYPERPARAMETERS, Recipe  # noqa: E402

OWNER = "0" * 16
TIMEOUT_S = 300.0


def largest(**values: Any) -> Recipe:
    """The recipe with the largest batch that a visitor can choose."""
    high = HYPERPARAMETERS["batch_size"].high
    assert high is not None
    for batch_size in range(int(high), 0, -1):
        with suppress(ValueError):
            return Recipe(**{"fraction": 0.1} | values, batch_size=batch_size)
    raise AssertionError("Not even a single image is allowed.")


DRAWN: dict[str, Any] = {
    name: int(HYPERPARAMETERS[name].high or 0) for name in ("synthetic", "non_digits", "validation")
}
UNITS = int(HYPERPARAMETERS["n_neurons"].high or 0)
RECIPES = {
    "the tutorial": Recipe(fraction=0.1),
    f"{UNITS} tanh units": largest(n_neurons=UNITS),
    "150 relu units, augmented": largest(n_neurons=150, cell="rnn_relu", augmentation=2.0),
    f"three layers of {UNITS} tanh units": largest(n_neurons=UNITS, num_layers=3),
    f"{UNITS} GRU units": largest(n_neurons=UNITS, cell="gru"),
    f"{UNITS} LSTM units": largest(n_neurons=UNITS, cell="lstm"),
    f"three layers of {UNITS} LSTM units": largest(n_neurons=UNITS, num_layers=3, cell="lstm"),
    f"most drawings, {UNITS} LSTM units": largest(n_neurons=UNITS, cell="lstm", **DRAWN),
}


def cost(recipe: Recipe) -> tuple[float, float]:
    """Seconds to the first batch, and the peak resident size in MB, of one short epoch."""
    started, first, peak = time.perf_counter(), 0.0, 0.0
    run = store.start(replace(recipe, epochs=1), OWNER)
    while not (status := run.status()).ended:
        if time.perf_counter() - started > TIMEOUT_S:
            raise SystemExit(f"It takes too long: {status}")
        if status.state == "running" and not first:
            first = time.perf_counter() - started
        peak = max(peak, resident(run.folder))
        time.sleep(0.005)
    if status.state != "finished":
        raise SystemExit(str(status.message))
    return first, peak


def resident(folder: Path) -> float:
    """The peak resident size so far of the worker of a run, MB; 0 without a worker."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it may be gone
            if str(folder.absolute()).encode() not in (process / "cmdline").read_bytes():
                continue
            for line in (process / "status").read_text().splitlines():
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) * 1024 / 1e6
    return 0.0


def main() -> None:
    """Measure one recipe after the other, and print a line for each."""
    if message := mnist.error_message():
        raise SystemExit(str(message))
    with tempfile.TemporaryDirectory() as folder:
        data = SETTINGS.data_folder
        os.environ |= {
            SETTINGS.runs_folder.name: folder,
            data.name: str(data.read().absolute()),
        }
        for name, recipe in RECIPES.items():
            first, peak = cost(recipe)
            sys.stdout.write(
                f"{name}, batches of {recipe.batch_size}: "
                f"{first:.1f} s to the first batch, {peak:.0f} MB\n"
            )
            sys.stdout.flush()


if __name__ == "__main__":
    main()
