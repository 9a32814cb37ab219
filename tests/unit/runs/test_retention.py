"""Old runs go, by age and by room; never one that waits or trains."""

import os
import time
from pathlib import Path

import pytest

from rnn_demo.runs import queue, store
from rnn_demo.runs.retention import clean_up
from rnn_demo.runs.state import Status, lock_of, write_status
from rnn_demo.training.recipe import Recipe

OWNER = "0123456789abcdef"
DAY = 86_400


@pytest.fixture(autouse=True)
def _kept(runs_folder, monkeypatch):
    monkeypatch.setenv("RNN_DEMO_KEEP_DAYS", "10")
    monkeypatch.setenv("RNN_DEMO_KEEP_MB", "1")


def run_of(name: str, state: str, days: float = 0, size: int = 0, owner: str = OWNER) -> store.Run:
    """A run whose files are so many days and bytes old and large."""
    folder = store.root() / owner / name
    (folder / "checkpoints").mkdir(parents=True)
    if state == "queued":
        with queue.lock():
            queue.enter(folder, Status("queued"))
    write_status(folder, Status(state))
    (folder / "checkpoints" / "last.safetensors").write_bytes(bytes(size))
    age(folder, days)
    return store.Run(folder)


def age(folder: Path, days: float) -> None:
    moment = time.time() - days * DAY
    for path in folder.rglob("*"):
        os.utime(path, (moment, moment))


def left() -> list[str]:
    return sorted(run.id for run in store.runs_of(OWNER))


def test_runs_go_by_age():
    for state in ("finished", "stopped", "failed", "paused", "interrupted", "queued"):
        run_of(f"old-{state}", state, days=11)
        run_of(f"new-{state}", state, days=9)
    clean_up()
    assert left() == [
        "new-failed",
        "new-finished",
        "new-interrupted",
        "new-paused",
        "new-queued",
        "new-stopped",
        "old-queued",
    ]


def test_the_oldest_go_until_the_rest_has_room():
    for days, state in enumerate(["finished", "paused", "interrupted", "stopped"]):
        run_of(f"{days}-days", state, days, size=400_000)
    clean_up()
    assert left() == ["0-days", "1-days"]


def test_who_has_most_makes_room():
    other = "f" * 16
    modest = run_of("modest", "finished", 9, size=300_000, owner=other)
    for days in range(4):
        run_of(f"{days}-days", "paused", days, size=300_000)
    run_of("waits", "queued", 9, size=50_000)
    clean_up()
    assert modest.folder.exists()
    assert left() == ["0-days", "1-days", "waits"]


def test_a_run_that_waits_or_trains_never_goes():
    run_of("waits", "queued", 99, size=2_000_000)
    trains = run_of("trains", "running", 99, size=2_000_000)
    starts = run_of("starts", "starting", 99)
    write_status(starts.folder, Status("starting"))
    run_of("new", "finished", 0)
    with lock_of(trains.folder):
        clean_up()
        assert left() == ["starts", "trains", "waits"]
    clean_up()  # its worker is gone
    assert left() == ["starts", "waits"]


def test_a_start_cleans_up(without_mnist, monkeypatch):
    run_of("old", "finished", 11)
    run = store.start(Recipe(), OWNER)
    assert left() == [run.id]


def test_what_is_left_of_a_removal_goes_with_the_empty_home(runs_folder):
    rest = runs_folder / OWNER / ".removed-1" / "checkpoints"
    rest.mkdir(parents=True)
    (runs_folder / "photos").mkdir()
    clean_up()
    assert [path.name for path in runs_folder.iterdir()] == ["photos"]


def test_a_damaged_run_goes_by_age_and_a_foreign_folder_stays(runs_folder):
    damaged = run_of("damaged", "finished")
    (damaged.folder / "status.json").write_bytes(b"\xff")
    age(damaged.folder, 11)
    foreign = runs_folder / OWNER / "photos"
    foreign.mkdir()
    (foreign / "cat.jpg").write_bytes(b"x")
    age(foreign, 99)
    clean_up()
    assert left() == []
    assert (foreign / "cat.jpg").exists()


@pytest.mark.hostile("a link to a folder elsewhere among the runs")
def test_a_link_is_not_followed(runs_folder, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "precious").write_bytes(bytes(2_000_000))
    run = run_of("linked", "finished", 11)
    (run.folder / "out").symlink_to(elsewhere)
    clean_up()
    assert left() == []
    assert (elsewhere / "precious").exists()
