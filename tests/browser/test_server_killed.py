"""A server that is killed in the middle of a run, and the next one on the same folder."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from rnn_demo.app.run_titles import run_title
from rnn_demo.runs import store
from rnn_demo.runs.state import Status
from tests.browser.conftest import start_server


@pytest.fixture
def serve(runs_folder, without_mnist):
    """Start a server on the test's own runs; its process and its address."""
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


def workers(folder: Path) -> list[int]:
    pattern = f"rnn_demo.runs.worker {folder.absolute()}"
    found = subprocess.run(["pgrep", "-f", pattern], capture_output=True, text=True, check=False)
    return [int(pid) for pid in found.stdout.split()]


def visit(page: Page, address: str) -> None:
    """Open the page Train as soon as the server answers."""
    deadline = time.monotonic() + 60
    while True:
        try:
            page.goto(f"{address}/train")
            break
        except Exception:
            assert time.monotonic() < deadline, "the server did not start"
            time.sleep(0.2)
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")


def wait_for(run: store.Run, condition: Callable[[Status], bool]) -> Status:
    deadline = time.monotonic() + 180
    while not condition(run.status()):
        assert time.monotonic() < deadline, run.status()
        time.sleep(0.05)
    return run.status()


@pytest.mark.hostile("a server that is killed")
def test_a_run_outlives_its_server_and_the_next_one_shows_its_end(
    serve, chromium: Browser, runs_folder
):
    server, address = serve()
    context = chromium.new_context(viewport={"width": 1280, "height": 720})
    context.set_default_timeout(60_000)
    page = context.new_page()
    visit(page, address)
    page.get_by_role("button", name="Start", exact=True).click()
    (home,) = wait_for_home(runs_folder)
    (run,) = store.runs_of(home.name)
    wait_for(run, lambda status: status.state == "running")
    (pid,) = workers(runs_folder)
    os.kill(server.pid, signal.SIGKILL)
    server.wait()
    assert run.status().active
    assert workers(runs_folder) == [pid]
    _, address = serve()
    visit(page, address)  # the visitor's cookie is that of the host
    assert workers(runs_folder) in ([pid], [])
    status = wait_for(run, lambda status: status.ended)
    assert (status.state, status.attempts) == ("finished", 1)
    expect(
        page.get_by_text(run_title(run.snapshot())).first
    ).to_be_attached()  # in a grid drawn on a canvas
    expect(page.get_by_text(f"{status.test_accuracy:.2f} %").first).to_be_visible()
    assert store.runs_of(home.name) == [run]
    context.close()


def wait_for_home(runs_folder: Path) -> list[Path]:
    """The visitor's folder, once their run is in it."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        homes = [path.parent.parent for path in runs_folder.glob("*/*/status.json")]
        if homes:
            return homes
        time.sleep(0.05)
    raise AssertionError("no run was started")
