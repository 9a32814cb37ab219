"""Each trick of `rnn_demo.app.startup`: the server with it and without it.

    python tests/bench/startup.py [--rounds 7] [--tricks nagle trim] [--together nagle trim]

A round measures the server as it is, then without each trick, and with --together also without
all those named, each time in a fresh process; the order changes from round to round. A figure
without a trick is divided by the figure with it in the same round. A trick gains what the median
of these ratios is above 1.

Each time, visitors who speak Streamlit's protocol (`session.py`) join, act as in `load.py` and
leave; the memory is read before they leave, and after their sessions have expired and the server
has tidied up. The machine must do nothing else meanwhile.
"""

import argparse
import asyncio
import json
import os
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from load import ROOT, Record, Usage, see_everything, visit
from session import Session

SERVER = """
import sys
from streamlit.web.cli import main
from rnn_demo.app import startup
from rnn_demo.app.startup import arenas, collector, heavy_imports, nagle, session_store, trim
startup.TIDY_UP_PERIOD_S = {period}
{changes}
sys.argv = ["streamlit", "run", "streamlit_app.py", "--server.headless=true",
            "--server.address=127.0.0.1", "--server.port={port}",
            "--server.disconnectedSessionTTL=1"]
main()
"""
TIDY_UP_PERIOD_S = 6  # a fifth of the app's, so that a round is short
AS_IT_IS, TOGETHER = "as it is", "together"


@dataclass(frozen=True)
class Trick:
    """One trick.

    Attributes:
        removal: Python that removes it from a server before it starts.
        figures: what it is there for.
    """

    removal: str
    figures: tuple[str, ...]


TRICKS = {
    "arenas": Trick("arenas.limit_arenas = lambda: None", ("full_mb", "left_mb")),
    "nagle": Trick("nagle.disable_nagle = lambda: None", ("p50_ms", "p95_ms")),
    "session_store": Trick("session_store.evict_expired = lambda: None", ("left_mb",)),
    "freeze": Trick("collector.freeze = lambda: None", ("p50_ms", "p95_ms", "max_ms")),
    "heavy_imports": Trick("heavy_imports.import_all()", ("first_page_s",)),
    "trim": Trick("trim.trim = lambda: None", ("left_mb",)),
}


@contextmanager
def server(without: Sequence[str], folder: Path) -> Iterator[tuple[str, int]]:
    """The app without some tricks; its address, which answers soon, and its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    changes = "\n".join(TRICKS[name].removal for name in without)
    code = SERVER.format(port=port, changes=changes, period=TIDY_UP_PERIOD_S)
    environment = os.environ | {"RNN_DEMO_RUNS": str(folder), "OMP_NUM_THREADS": "1"}
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, stdout=quiet, stderr=quiet
    )
    try:
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.terminate()
        process.wait()


async def first_page(address: str) -> None:
    """Wait until a visitor has the first page."""
    session = Session(address)
    async with asyncio.timeout(60):
        while True:
            try:
                await session.open()
                break
            except OSError:
                await asyncio.sleep(0.02)
    await session.close()


async def measure(
    address: str, pid: int, begin: float, options: argparse.Namespace
) -> dict[str, float]:
    """The figures of one server that was started at `begin`."""
    await first_page(address)
    first_page_s = time.perf_counter() - begin
    await see_everything(address)
    record = Record()
    sessions = [Session(address, secrets.token_hex(16)) for _ in range(options.visitors)]
    await asyncio.gather(*(session.open() for session in sessions))
    visits = (visit(it, record, options.seconds, seed) for seed, it in enumerate(sessions))
    await asyncio.gather(*visits)
    full = Usage.of(pid)
    errors = record.errors + [error for session in sessions for error in session.errors]
    if errors:
        raise AssertionError(errors)
    for session in sessions:
        await session.close()
    await asyncio.sleep(2 * TIDY_UP_PERIOD_S + 2)  # the first may come before they have expired
    times = sorted(1000 * time for found in record.times.values() for time in found)
    return {
        "first_page_s": first_page_s,
        "p50_ms": statistics.median(times),
        "p95_ms": times[int(0.95 * len(times))],
        "max_ms": times[-1],
        "full_mb": full.resident,
        "left_mb": Usage.of(pid).resident,
    }


def one_round(
    variants: dict[str, Sequence[str]], options: argparse.Namespace
) -> dict[str, dict[str, float]]:
    """The figures of every variant, by its name."""
    found = {}
    for name, without in variants.items():
        with tempfile.TemporaryDirectory() as folder:
            begin = time.perf_counter()
            with server(without, Path(folder)) as (address, pid):
                found[name] = asyncio.run(measure(address, pid, begin, options))
        print(".", end="", file=sys.stderr, flush=True)
    return found


def show(name: str, figures: Sequence[str], rounds: list[dict[str, dict[str, float]]]) -> None:
    """Print what a variant's figures are beside those of the server as it is."""
    for figure in figures:
        own, usual = ([found[it][figure] for found in rounds] for it in (name, AS_IT_IS))
        ratios = sorted(a / b for a, b in zip(own, usual, strict=True))
        print(
            f"{name:14} {figure:13} {statistics.median(usual):8.2f} with"
            f" {statistics.median(own):8.2f} without, ratio {statistics.median(ratios):.3f}"
            f" ({ratios[0]:.3f} to {ratios[-1]:.3f})"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--visitors", type=int, default=12)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--tricks", nargs="*", choices=TRICKS, default=list(TRICKS))
    parser.add_argument("--together", nargs="*", choices=TRICKS, default=[])
    parser.add_argument("--json", type=Path, help="write the figures of all rounds to this file")
    options = parser.parse_args()
    variants: dict[str, Sequence[str]] = {
        AS_IT_IS: (),
        **{name: (name,) for name in options.tricks},
    }
    if options.together:
        variants[TOGETHER] = options.together
    rounds = []
    for number in range(options.rounds):
        names = list(variants)
        turned = [*names[number % len(names) :], *names[: number % len(names)]]
        rounds.append(one_round({name: variants[name] for name in turned}, options))
        if options.json:
            options.json.write_text(json.dumps(rounds))
    print(file=sys.stderr)
    for name in options.tricks:
        show(name, TRICKS[name].figures, rounds)
    if options.together:
        show(TOGETHER, list(rounds[0][AS_IT_IS]), rounds)


if __name__ == "__main__":
    main()
