"""The app while a network is trained beside it: p95 of an interaction with a run and without.

    python tests/bench/beside_training.py [--rounds 4] [--seconds 20] [--sessions 6]

One server and the same visitors throughout, acting as in `load.py`. A run is started in every
other period and stopped at its end.
"""

import argparse
import asyncio
import secrets
import sys
import tempfile
from pathlib import Path

from load import ROOT, Record, see_everything, served, visit
from session import Session

sys.path.insert(0, str(ROOT))
from rnn_demo.runs import store
from rnn_demo.runs.store import Run
from rnn_demo.training.recipe import Recipe

LIMIT = 1.5


async def measure(address: str, options: argparse.Namespace) -> dict[bool, Record]:
    """What was measured without a run and with one."""
    records = {False: Record(), True: Record()}
    await see_everything(address)
    sessions = [Session(address, secrets.token_hex(16)) for _ in range(options.sessions)]
    await asyncio.gather(*(session.open() for session in sessions))
    for number in range(options.rounds):
        for training, record in records.items():
            run = store.start(Recipe(epochs=50), secrets.token_hex(8)) if training else None
            if run:
                await until(run, "running")
            seeds = range(number * len(sessions), (number + 1) * len(sessions))
            visits = zip(sessions, seeds, strict=True)
            await asyncio.gather(*(visit(it, record, options.seconds, seed) for it, seed in visits))
            if run:
                run.stop()
                await until(run, "stopped")
    for session in sessions:
        await session.close()
    return records


async def until(run: Run, state: str) -> None:
    """Wait for a run to be in a state."""
    async with asyncio.timeout(120):
        while run.status().state != state:
            await asyncio.sleep(0.1)


def main() -> None:
    """Measure, and print both and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--sessions", type=int, default=6)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as (address, _):
        records = asyncio.run(measure(address, options))
    p95 = {}
    for training, record in records.items():
        times = sorted(1000 * time for found in record.times.values() for time in found)
        p95[training] = times[int(0.95 * len(times))]
        print(f"{'with a run' if training else 'without':10} {len(times)} interactions,", end=" ")
        print(f"median {times[len(times) // 2]:.0f} ms, p95 {p95[training]:.0f} ms,", end=" ")
        print(f"{record.lost} sessions lost")
    print(f"ratio of the p95: {p95[True] / p95[False]:.2f} (limit {LIMIT})")


if __name__ == "__main__":
    main()
