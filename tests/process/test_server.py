"""A server by itself: what it does where no visitor is."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest

from rnn_demo.runs import store
from rnn_demo.training.recipe import Recipe

ROOT = Path(__file__).parents[2]

# In the server: every name that is looked up is written down, and takes as long as with a name
# server that does not answer.
SLOW_NAME_SERVER = """
import os, socket, time
getaddrinfo = socket.getaddrinfo
def look_up(host, *arguments, **more):
    if host in (None, "", "127.0.0.1", "localhost"):
        return getaddrinfo(host, *arguments, **more)
    with open(os.environ["LOOK_UPS"], "a") as file:
        file.write(f"{host}\\n")
    time.sleep(0.5)
    raise socket.gaierror("no answer")
socket.getaddrinfo = look_up
"""
HANDSHAKE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}

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


def attempt(port: int, origin: str) -> int:
    """The status of an attempt of a page to open a websocket."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("GET", "/_stcore/stream", headers=HANDSHAKE | {"Origin": origin})
        return connection.getresponse().status


@pytest.mark.hostile("websockets from the pages of strangers, and a name server that is slow")
def test_a_foreign_page_is_refused_and_nobody_outside_is_asked(tmp_path):
    """Not at the start of the server either."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (tmp_path / "sitecustomize.py").write_text(SLOW_NAME_SERVER)
    look_ups = tmp_path / "look-ups"
    changes = {"PYTHONPATH": str(tmp_path), "LOOK_UPS": str(look_ups)}
    options = ["--server.headless=true", f"--server.port={port}"]
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "streamlit_app.py"), *options]
    with subprocess.Popen(
        command, cwd=ROOT, env=os.environ | changes, stdout=subprocess.DEVNULL
    ) as server:
        try:
            wait_for_health(port)
            origins = [f"http://127.0.0.1:{port}", "http://localhost:1", "http://evil.example"]
            statuses = [attempt(port, origin) for origin in (*origins, "null", "http://[::1")]
            assert not look_ups.exists()
            assert statuses == [101, 101, 403, 403, 403]
        finally:
            server.terminate()


def wait_for_health(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
            try:
                connection.request("GET", "/_stcore/health")
                if connection.getresponse().status == 200:
                    return
            except OSError:
                time.sleep(0.05)
    raise AssertionError("the server did not start")
