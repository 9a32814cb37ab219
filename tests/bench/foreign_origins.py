"""Websockets of foreign pages: how soon each is refused, and how the server answers meanwhile.

    python tests/bench/foreign_origins.py [attempts]

It starts a server, opens that many websockets (20) at once from a page of another site, and asks
for the server's health all the while. The server must look nothing up: see
`tests/process/test_server.py`, whose slow name server this one has too.
"""

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.process.test_server import SLOW_NAME_SERVER, attempt, wait_for_health  # noqa: E402

REFUSAL_GOAL_MS, HEALTH_GOAL_MS = 20, 50


def refusal_ms(port: int) -> float:
    """How long a refusal takes."""
    start = time.perf_counter()
    assert attempt(port, "http://evil.example") == 403
    return 1000 * (time.perf_counter() - start)


def health_ms(port: int) -> float:
    """How long an answer about the server's health takes."""
    start = time.perf_counter()
    with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request("GET", "/_stcore/health")
        connection.getresponse().read()
    return 1000 * (time.perf_counter() - start)


def measure(port: int, n_attempts: int) -> tuple[list[float], list[float], list[float]]:
    """Milliseconds of refusals one by one, of refusals at once, and of health meanwhile."""
    alone = [refusal_ms(port) for _ in range(n_attempts)]
    health = []
    with ThreadPoolExecutor(n_attempts) as pages:
        at_once: list[Future[float]] = [pages.submit(refusal_ms, port) for _ in range(n_attempts)]
        while not health or not all(page.done() for page in at_once):
            health.append(health_ms(port))
    return alone, [page.result() for page in at_once], health


def main(n_attempts: int = 20) -> None:
    """Print the times."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--server.headless=true", f"--server.port={port}"]
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "streamlit_app.py"), *options]
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "sitecustomize.py").write_text(SLOW_NAME_SERVER)
        changes = {"PYTHONPATH": folder, "LOOK_UPS": str(Path(folder, "look-ups"))}
        with subprocess.Popen(
            command, cwd=ROOT, env=os.environ | changes, stdout=subprocess.DEVNULL
        ) as server:
            try:
                wait_for_health(port)
                alone, at_once, health = measure(port, n_attempts)
            finally:
                server.terminate()
    for what, times, goal in (
        ("one refusal after another", alone, REFUSAL_GOAL_MS),
        (f"{n_attempts} refusals at once", at_once, None),
        ("health meanwhile", health, HEALTH_GOAL_MS),
    ):
        middle = statistics.median(times)
        print(
            f"{what}: {middle:.1f} ms, at most {max(times):.1f}"
            + (f", goal {goal}" if goal else "")
        )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
