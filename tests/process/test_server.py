"""A server by itself: what it does where no visitor is."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

from rnn_demo.runs import store
from rnn_demo.training.recipe import Recipe
from tests.bench.session import Session

ROOT = Path(__file__).parents[2]

HOUSEKEEPING = """
import asyncio
from rnn_demo.app import startup
startup.TIDY_UP_PERIOD_S = 0.1
async def serve():
    async with startup.housekeeping(None):
        await asyncio.sleep(600)
asyncio.run(serve())
"""
# A server that prints twice a second how many sessions it has, after all imports.
SERVER = """
import gc, sys, threading, time
from rnn_demo.app import startup
from streamlit.runtime.app_session import AppSession
from streamlit.web.cli import main
startup.TIDY_UP_PERIOD_S = 0.5
def count():
    startup.warm_up().join()
    while True:
        print(sum(type(it) is AppSession for it in gc.get_objects()), flush=True)
        time.sleep(0.5)
threading.Thread(target=count, daemon=True).start()
sys.argv = ["streamlit", "run", "streamlit_app.py", "--server.headless=true",
            "--server.address=127.0.0.1", "--server.port=PORT",
            "--server.disconnectedSessionTTL=5"]
main()
"""


def test_a_waiting_run_is_started_where_no_visitor_is(
    runs_folder, quick_data, monkeypatch, workers, wait_for
):
    """The run before it was killed, so that its worker could not start the next one."""
    monkeypatch.setenv("RNN_DEMO_MAX_RUNS", "1")
    first, second = (store.start(Recipe(epochs=1), "a" * 16) for _ in range(2))
    wait_for(first, lambda status: status.state == "running")
    assert second.snapshot().queue_place == 1
    for pid in workers(first.folder):
        os.kill(pid, signal.SIGKILL)
    with subprocess.Popen([sys.executable, "-c", HOUSEKEEPING], cwd=ROOT) as server:
        try:
            wait_for(second, lambda status: status.state == "running")
        finally:
            server.kill()


def test_sessions_of_visitors_who_left_are_evicted(runs_folder):
    """Streamlit alone evicts them when the next visitor leaves; it holds on to the last one."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    code = SERVER.replace("PORT", str(port))
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        counts = (int(line) for line in server.stdout if line.strip().isdigit())
        try:
            assert next(counts) == 0
            with ThreadPoolExecutor(1) as other:  # Playwright leaves a loop running in this one
                visits = come_and_leave(f"http://127.0.0.1:{port}", 4)
                other.submit(asyncio.run, visits).result()
            assert any(count >= 4 for count in islice(counts, 60))
            assert any(count <= 1 for count in islice(counts, 60))
        finally:
            server.terminate()


async def come_and_leave(address: str, n: int) -> None:
    sessions = [Session(address) for _ in range(n)]
    for _ in range(200):
        try:
            await sessions[0].open()
            break
        except OSError:
            await asyncio.sleep(0.1)
    await asyncio.gather(*(session.open() for session in sessions[1:]))
    await asyncio.gather(*(session.close() for session in sessions))
