"""What a training costs its machine: seconds from Start to the first batch, and memory at most.

    python tests/bench/worker.py

The tutorial's recipe, and the recipes that take most memory among those the page allows; each for
a part of an epoch, on the real MNIST, to the measuring at the end. Linux only.
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
from rnn_demo.training import resources  # noqa: E402
from rnn_demo.training.recipe import RANGES, Recipe  # noqa: E402

OWNER = "0" * 16
PATIENCE = 300.0  # seconds


def largest(**values: Any) -> Recipe:
    """The recipe with the largest batch that is allowed."""
    for batch_size in range(int(RANGES["batch_size"][1]), 0, -1):
        recipe = Recipe(**{"part": 0.1} | values, batch_size=batch_size)
        if not resources.problem(recipe):
            return recipe
    raise AssertionError("Not even a single image is allowed.")


DRAWN: dict[str, Any] = {"synthetic": 60_000, "non_digits": 40_000, "validation": 20_000}
RECIPES = {
    "the tutorial": Recipe(fraction=0.1),
    "512 tanh units": largest(n_neurons=512),
    "150 relu units, augmented": largest(n_neurons=150, cell="rnn_relu", augmentation=2.0),
    "two layers of 128 tanh units": largest(n_neurons=128, num_layers=2),
    "three layers of 512 tanh units": largest(n_neurons=512, num_layers=3),
    "128 GRU units": largest(n_neurons=128, cell="gru"),
    "three layers of 512 GRU units": largest(n_neurons=512, num_layers=3, cell="gru"),
    "512 GRU units": largest(n_neurons=512, cell="gru"),
    "512 LSTM units": largest(n_neurons=512, cell="lstm"),
    "two layers of 256 LSTM units": largest(n_neurons=256, num_layers=2, cell="lstm"),
    "three layers of 512 LSTM units": largest(n_neurons=512, num_layers=3, cell="lstm"),
    "100,000 drawings, 20 tanh units": largest(n_neurons=20, fraction=1.0, **DRAWN),
    "100,000 drawings, 512 tanh units": largest(n_neurons=512, **DRAWN),
}


def cost(recipe: Recipe) -> tuple[float, float]:
    """Seconds to the first batch, and the largest resident size in MB, of one short epoch."""
    started, first, most = time.perf_counter(), 0.0, 0.0
    run = store.start(replace(recipe, epochs=1), OWNER)
    while not (status := run.status()).ended:
        if time.perf_counter() - started > PATIENCE:
            raise SystemExit(f"It takes too long: {status}")
        if status.state == "running" and not first:
            first = time.perf_counter() - started
        most = max(most, resident(run.folder))
        time.sleep(0.005)
    if status.state != "finished":
        raise SystemExit(status.message)
    return first, most


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
            first, most = cost(recipe)
            expected = resources.megabytes(recipe)
            sys.stdout.write(
                f"{name}, batches of {recipe.batch_size}: {first:.1f} s to the first batch, "
                f"{most:.0f} MB ({expected:.0f} expected)\n"
            )
            sys.stdout.flush()


if __name__ == "__main__":
    main()
