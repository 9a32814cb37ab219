"""Each trick of `rnn_demo.app.startup`: the server with it and without it.

    python tests/bench/startup.py [--rounds 7]

A round measures the server as it is, then without each trick, each time in a fresh process; the
order changes from round to round. A figure without a trick is divided by the figure with it in
the same round. A trick gains what the median of these ratios is above 1; one that gains less than
5 % is not worth its code.

Each time, visitors who speak Streamlit's protocol (`session.py`) join and act as in `load.py`.
The machine must do nothing else meanwhile.
"""

import argparse
import asyncio
import os
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from load import ROOT, Record, see_everything, visit
from session import Session

SERVER = """
import sys
from streamlit.web.cli import main
from rnn_demo.app.startup import collector, heavy_imports, nagle
{change}
sys.argv = ["streamlit", "run", "streamlit_app.py", "--server.headless=true",
            "--server.address=127.0.0.1", "--server.port={port}"]
main()
"""
AS_IT_IS = "as it is"


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
    "freeze": Trick("collector.freeze = lambda: None", ("p50_ms", "p95_ms", "max_ms")),
    "heavy_imports": Trick("heavy_imports.import_all()", ("first_page_s",)),
    "nagle": Trick("nagle.disable_nagle = lambda: None", ("joined_s", "p50_ms")),
}


@contextmanager
def server(without: str, folder: Path) -> Iterator[str]:
    """Start the app without a trick; returns its address at once, and it answers soon after."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    change = TRICKS[without].removal if without in TRICKS else ""
    environment = os.environ | {"RNN_DEMO_RUNS": str(folder)}
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER.format(port=port, change=change)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield f"http://127.0.0.1:{port}"
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


async def measure(address: str, begin: float, options: argparse.Namespace) -> dict[str, float]:
    """The figures of one server that was started at `begin`."""
    await first_page(address)
    first_page_s = time.perf_counter() - begin
    await see_everything(address)
    record = Record()
    sessions = [Session(address, secrets.token_hex(16)) for _ in range(options.visitors)]
    begin_to_join = time.perf_counter()
    await asyncio.gather(*(session.open() for session in sessions))
    joined_s = time.perf_counter() - begin_to_join
    visits = (visit(it, record, options.seconds, seed) for seed, it in enumerate(sessions))
    await asyncio.gather(*visits)
    errors = record.errors + [error for session in sessions for error in session.errors]
    if errors:
        raise AssertionError(errors)
    for session in sessions:
        await session.close()
    times = sorted(1000 * time for found in record.times.values() for time in found)
    return {
        "first_page_s": first_page_s,
        "joined_s": joined_s,
        "p50_ms": statistics.median(times),
        "p95_ms": times[int(0.95 * len(times))],
        "max_ms": times[-1],
    }


def show(name: str, rounds: list[dict[str, dict[str, float]]]) -> None:
    """Print the figures without a trick beside those of the server as it is."""
    for figure in TRICKS[name].figures:
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
    options = parser.parse_args()
    names = [AS_IT_IS, *TRICKS]
    rounds: list[dict[str, dict[str, float]]] = []
    for number in range(options.rounds):
        first = number % len(names)
        rounds.append({})
        for name in (*names[first:], *names[:first]):
            with tempfile.TemporaryDirectory() as folder:
                begin = time.perf_counter()
                with server(name, Path(folder)) as address:
                    rounds[-1][name] = asyncio.run(measure(address, begin, options))
    for name in TRICKS:
        show(name, rounds)


if __name__ == "__main__":
    main()
