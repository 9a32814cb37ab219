"""A server is killed during a run, and another one starts on the same folder."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Error, Page, expect

from rnn_demo.runs import store
from rnn_demo.runs.run import Run
from rnn_demo.runs.state import Status
from tests.browser.conftest import start_server
from tests.browser.test_journeys import IDLE, click, start_run


@pytest.fixture
def serve(
    runs_folder: Path, without_mnist: Path, workers: Callable[[Path], list[int]]
) -> Iterator[Callable[[], tuple["subprocess.Popen[bytes]", str]]]:
    """A function that starts a server on the test's own runs; returns its process and address."""
    processes = []

    def start() -> tuple["subprocess.Popen[bytes]", str]:
        process, address = start_server({})
        processes.append(process)
        return process, address

    yield start
    for pid in [*workers(runs_folder), *(process.pid for process in processes)]:
        subprocess.run(["kill", "-9", str(pid)], capture_output=True, check=False)
    for process in processes:
        process.wait()


def visit(page: Page, address: str) -> None:
    """Open the page Train as soon as the server responds."""
    deadline = time.monotonic() + 60
    while True:
        try:
            page.goto(f"{address}/train")
            break
        except Error:
            assert time.monotonic() < deadline, "the server did not start"
            time.sleep(0.2)
    page.wait_for_selector(IDLE)


@pytest.mark.hostile("a server that is killed")
def test_a_run_survives_its_server_and_the_next_one_shows_the_result(
    serve,
    new_context: Callable[..., BrowserContext],
    runs_folder: Path,
    workers: Callable[[Path], list[int]],
    wait_for: Callable[[Run, Callable[[Status], bool]], Status],
):
    server, address = serve()
    context = new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    visit(page, address)
    start_run(page, epochs=50)  # it outlasts the start of the next server
    visitor = wait_for_visitor(runs_folder)
    (run,) = store.runs_of(visitor)
    wait_for(run, lambda status: status.state == "running")
    (pid,) = workers(runs_folder)
    os.kill(server.pid, signal.SIGKILL)
    server.wait()
    assert run.status().active
    assert workers(runs_folder) == [pid]
    _, address = serve()
    visit(page, address)  # cookies do not depend on the port
    assert workers(runs_folder) == [pid]
    click(page, "train/stop")
    status = wait_for(run, lambda status: status.ended)
    assert (status.state, status.attempts) == ("stopped", 1)
    expect(page.get_by_text(f"{status.test_accuracy:.2f} %").first).to_be_visible()
    assert store.runs_of(visitor) == [run]


def wait_for_visitor(runs_folder: Path) -> str:
    """The name of the folder in which the visitor's run appears."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for recipe in runs_folder.glob("*/*/recipe.json"):
            return recipe.parent.parent.name
        time.sleep(0.05)
    raise AssertionError("no run was started")
