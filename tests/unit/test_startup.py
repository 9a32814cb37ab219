"""What the server does by itself, as far as it takes no server."""

import asyncio
import re
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rnn_demo.app import startup
from rnn_demo.app.startup.nagle import disable_nagle
from rnn_demo.runs import store

ROOT = Path(__file__).parents[2]

LIGHT_PAGES = """
import sys
import streamlit_app
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest
ContextProxy.cookies = {"rnn_demo_visitor": "0" * 32}  # as a browser sends it
app = AppTest.from_file("streamlit_app.py", default_timeout=60).run()
assert not app.exception and app.get("bidi_component")
app.switch_page("rnn_demo/app/inside/page.py").run()
assert not app.exception and app.get("bidi_component")
print(*sys.modules)
"""
WARM_UP = """
import gc, os, sys, threading
from rnn_demo.app.startup import prepare, warm_up
prepare()
assert warm_up() is warm_up()
warm_up().join()
late = "torch" in sys.modules, "pandas" in sys.modules
import torch
threads = []
other = threading.Thread(target=lambda: threads.append(torch.get_num_threads()))
other.start(); other.join()
torch.rand(150, 150) @ torch.rand(150, 150)
print(*late, gc.get_freeze_count() > 50_000, threads[0])
"""
GARBAGE = """
import asyncio, gc, weakref
from rnn_demo.app import startup
startup.HOUSEKEEPING_PERIOD_S = 0.1
gc.disable()  # as good as: it may take hours until Python collects garbage by itself
class Left:
    pass
left = Left()
left.itself, gone = left, weakref.ref(left)
del left
async def serve():
    async with startup.housekeeping(None):
        for _ in range(300):
            await asyncio.sleep(0.1)
            if gone() is None:
                return True
print(asyncio.run(serve()))
"""
LOG = """
import logging
from rnn_demo.app.startup import prepare
prepare()
logging.getLogger("rnn_demo.runs.queue").info("A training begins")
"""


def printed(code: str) -> list[str]:
    """What a process of its own prints."""
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.split()


@pytest.mark.process
def test_draw_and_inside_import_nothing_heavy():
    loaded = set(printed(LIGHT_PAGES))
    assert loaded >= {"rnn_demo.app.draw.reading_component", "rnn_demo.app.inside.session"}
    assert not loaded & {"torch", "numpy", "pandas", "pyarrow"}


@pytest.mark.process
def test_heavy_imports_are_taken_from_the_garbage_collector_and_torch_has_one_thread():
    assert printed(WARM_UP) == ["True", "True", "True", "1"]


@pytest.mark.process
def test_garbage_is_collected_while_the_server_runs():
    assert printed(GARBAGE) == ["True"]


def test_housekeeping_looks_after_the_runs_again_and_again(monkeypatch):
    calls = []

    def look_after() -> None:
        calls.append(1)
        raise OSError("No space left on device")

    async def serve() -> None:
        async with startup.housekeeping(None), asyncio.timeout(60):
            while len(calls) < 2:
                await asyncio.sleep(0.01)

    monkeypatch.setattr(startup, "HOUSEKEEPING_PERIOD_S", 0.01)
    monkeypatch.setattr(store, "look_after", look_after)
    with ThreadPoolExecutor(1) as other:  # Playwright leaves a loop running in this thread
        other.submit(asyncio.run, serve()).result()


@pytest.mark.process
def test_the_log_goes_to_the_standard_error_once_with_its_time():
    done = subprocess.run([sys.executable, "-c", LOG], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout == ""
    line = r"^\d{4}-\d\d-\d\d [\d:,]+ INFO A training begins$"
    assert len(re.findall(line, done.stderr, re.MULTILINE)) == 1


def no_delay(connection: socket.socket) -> bool:
    return connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0


def test_small_messages_are_sent_at_once_on_connections_made_before_and_after():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        address = listening.getsockname()
        with socket.create_connection(address), listening.accept()[0] as before:
            assert not no_delay(before)
            disable_nagle()
            with socket.create_connection(address), listening.accept()[0] as after:
                assert no_delay(before)
                assert no_delay(after)
