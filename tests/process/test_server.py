"""A server by itself: what it does where no visitor is."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from rnn_demo.runs import store
from rnn_demo.training.recipe import Recipe

ROOT = Path(__file__).parents[2]

HOUSEKEEPING = """
import asyncio
from rnn_demo.app import startup
startup.HOUSEKEEPING_PERIOD_S = 0.1
async def serve():
    async with startup.housekeeping(None):
        await asyncio.sleep(600)
asyncio.run(serve())
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
