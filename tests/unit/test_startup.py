import asyncio
import platform
import re
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

import pytest

from rnn_demo.app.startup import send_at_once
from tests.bench.session import Session

ROOT = Path(__file__).parents[2]

FIRST_PAGE = f"""
import sys
import streamlit_app
from streamlit.testing.v1 import AppTest
page = AppTest.from_file({str(ROOT / "rnn_demo" / "pages" / "toy.py")!r}).run(timeout=60)
assert not page.exception and page.get("bidi_component")
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
TIDY_UP = """
import asyncio, gc, weakref
from rnn_demo import warmup
warmup._TIDY_UP_EVERY = 0.1
gc.disable()  # as good as: it may take hours until it looks
class Left:
    pass
left = Left()
left.itself, gone = left, weakref.ref(left)
del left
async def serve():
    async with warmup.housekeeping(None):
        for _ in range(300):
            await asyncio.sleep(0.1)
            if gone() is None:
                return True
print(asyncio.run(serve()))
"""
LOOK_AFTER = """
import asyncio, time
from rnn_demo import warmup
from rnn_demo.training import queue, runs
from rnn_demo.runs.state import Status, write_status
from rnn_demo.training.recipe import Recipe
warmup._TIDY_UP_EVERY = 0.1
home = runs.root() / ("a" * 16)
old, waits = (runs.Run(home / name) for name in ("1", "2"))
with queue.lock():
    for run in (old, waits):
        runs._write_new(run, Recipe(), "")
write_status(old.folder, Status("finished"))
async def serve():
    async with warmup.housekeeping(None):
        deadline = time.monotonic() + 60
        while not waits.status().ended or old.folder.exists():
            assert time.monotonic() < deadline, (waits.status(), old.status())
            await asyncio.sleep(0.1)
asyncio.run(serve())
print("looked", "after")
"""
# A server that tells twice a second how many sessions it has, as soon as all is imported.
SERVER = """
import gc, sys, threading, time
from rnn_demo import warmup
from streamlit.runtime.app_session import AppSession
from streamlit.web.cli import main
warmup._TIDY_UP_EVERY = 0.5
def count():
    warmup.warm_up().join()
    while True:
        print(sum(type(it) is AppSession for it in gc.get_objects()), flush=True)
        time.sleep(0.5)
threading.Thread(target=count, daemon=True).start()
sys.argv = ["streamlit", "run", "streamlit_app.py", "--server.headless=true",
            "--server.address=127.0.0.1", "--server.port=PORT",
            "--server.disconnectedSessionTTL=5"]
main()
"""
LOG = """
import logging
from rnn_demo.app.startup import prepare
prepare()
logging.getLogger("rnn_demo.runs.queue").info("A training begins")
"""
ARENAS = """
import ctypes, tempfile, threading
from pathlib import Path
from rnn_demo import warmup
{first}
meet = threading.Barrier(9)
def work():
    kept = bytearray(50_000)
    meet.wait()
for _ in range(8):
    threading.Thread(target=work).start()
meet.wait()
libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
with tempfile.TemporaryDirectory() as folder:
    told = Path(folder) / "malloc.xml"
    file = ctypes.c_void_p(libc.fopen(bytes(told), b"w"))
    libc.malloc_info(0, file)
    libc.fclose(file)
    print(told.read_text().count("<heap nr="))
"""


def printed(code: str) -> list[str]:
    """What a process of its own prints."""
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_the_first_page_imports_nothing_heavy():
    loaded = set(printed(FIRST_PAGE))
    assert "rnn_demo.app.inside.session" in loaded
    assert not loaded & {"torch", "numpy", "pandas", "pyarrow"}


def test_heavy_imports_are_taken_from_the_garbage_collector_and_torch_has_one_thread():
    assert printed(WARM_UP) == ["True", "True", "True", "1"]


def test_what_visitors_have_left_is_thrown_away():
    assert printed(TIDY_UP) == ["True"]


def test_runs_are_looked_after_where_there_is_no_visitor(runs_folder, without_mnist, monkeypatch):
    """One waits since the server before was killed; an old one takes up too much room."""
    monkeypatch.setenv("RNN_DEMO_KEEP_MB", "1")
    ballast = runs_folder / ("a" * 16) / "1" / "checkpoints" / "last.safetensors"
    assert printed(
        LOOK_AFTER.replace(
            "async def serve",
            f"""
from pathlib import Path
Path({str(ballast)!r}).write_bytes(bytes(2_000_000))
async def serve""",
        )
    ) == ["looked", "after"]


def test_sessions_of_visitors_who_left_are_forgotten(runs_folder):
    """Not only when the next one leaves, as Streamlit has it; it keeps a hold of the last one."""
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


def test_the_log_goes_to_the_standard_error_once_with_its_time():
    done = subprocess.run([sys.executable, "-c", LOG], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout == ""
    assert re.fullmatch(r"\d{4}-\d\d-\d\d [\d:,]+ INFO A training begins\n", done.stderr)


def no_delay(connection: socket.socket) -> bool:
    return connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0


def test_small_messages_are_sent_at_once_on_connections_made_before_and_after():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        address = listening.getsockname()
        with socket.create_connection(address), listening.accept()[0] as before:
            assert not no_delay(before)
            send_at_once()
            with socket.create_connection(address), listening.accept()[0] as after:
                assert no_delay(before)
                assert no_delay(after)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="needs glibc, which has arenas")
def test_threads_share_two_pools_of_memory():
    """As glibc itself tells it; without our doing there are more."""
    assert int(printed(ARENAS.format(first="warmup.keep_few_arenas()"))[0]) <= 2
    assert int(printed(ARENAS.format(first=""))[0]) > 2
