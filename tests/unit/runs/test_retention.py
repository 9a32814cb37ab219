"""Old runs go, by age and by space; never one that waits or trains."""

import os
import time
from pathlib import Path

import pytest

from rnn_demo.runs import store
from rnn_demo.runs.retention import remove_old_runs
from rnn_demo.runs.state import State, lock_of
from rnn_demo.training.recipe import Recipe
from tests.example_runs import claim, put_into_queue, put_run, training_run

OWNER = "0123456789abcdef"
DAY_S = 86_400


@pytest.fixture(autouse=True)
def limits(runs_folder, monkeypatch):
    monkeypatch.setenv("RNN_DEMO_KEEP_DAYS", "10")
    monkeypatch.setenv("RNN_DEMO_KEEP_MB", "1")


def run_of(
    name: str, state: State, days: float = 0, size: int = 0, owner: str = OWNER
) -> store.Run:
    """A run whose files are of an age in days and of a size in bytes."""
    run = put_run(store.root() / owner, name, state)
    (run.folder / "checkpoints" / "last.safetensors").write_bytes(bytes(size))
    age(run.folder, days)
    return run


def age(folder: Path, days: float) -> None:
    moment = time.time() - days * DAY_S
    for path in folder.rglob("*"):
        os.utime(path, (moment, moment))


def left() -> list[str]:
    return sorted(run.id for run in store.runs_of(OWNER))


def test_runs_go_by_age():
    for state in ("finished", "stopped", "failed", "paused", "interrupted", "queued"):
        run_of(f"old-{state}", state, days=11)
        run_of(f"new-{state}", state, days=9)
    remove_old_runs()
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
    remove_old_runs()
    assert left() == ["0-days", "1-days"]


def test_the_visitor_with_most_makes_room():
    other = "f" * 16
    modest = run_of("modest", "finished", 9, size=300_000, owner=other)
    for days in range(4):
        run_of(f"{days}-days", "paused", days, size=300_000)
    run_of("waits", "queued", 9, size=50_000)
    remove_old_runs()
    assert modest.folder.exists()
    assert left() == ["0-days", "1-days", "waits"]


def test_a_run_that_waits_or_trains_never_goes():
    run_of("waits", "queued", 99, size=2_000_000)
    trains = run_of("trains", "running", 99, size=2_000_000)
    starts = run_of("starts", "paused", 99)
    claim(starts)
    age(starts.folder, 99)
    run_of("new", "finished", 0)
    with lock_of(trains.folder):
        remove_old_runs()
        assert left() == ["starts", "trains", "waits"]
    remove_old_runs()  # its worker is gone
    assert left() == ["starts", "waits"]


def test_a_start_leaves_old_runs_to_housekeeping(without_mnist, monkeypatch):
    monkeypatch.setenv("RNN_DEMO_MAX_RUNS", "1")
    run_of("old", "finished", 11)
    with training_run("f" * 16):
        run = store.start(Recipe(), OWNER)
        assert left() == [run.id, "old"]
        store.look_after()
        assert left() == [run.id]


def test_what_is_left_of_a_removal_goes_with_the_empty_folder_of_its_owner(runs_folder):
    rest = runs_folder / OWNER / ".removed-1" / "checkpoints"
    rest.mkdir(parents=True)
    (runs_folder / "photos").mkdir()
    remove_old_runs()
    assert sorted(path.name for path in runs_folder.iterdir()) == ["photos", "queue"]


def test_a_damaged_run_goes_by_age_and_a_foreign_folder_stays(runs_folder):
    damaged = run_of("damaged", "finished")
    (damaged.folder / "status.json").write_bytes(b"\xff")
    age(damaged.folder, 11)
    foreign = runs_folder / OWNER / "photos"
    foreign.mkdir()
    (foreign / "cat.jpg").write_bytes(b"x")
    age(foreign, 99)
    remove_old_runs()
    assert left() == []
    assert (foreign / "cat.jpg").exists()


def test_a_run_of_which_only_a_place_in_the_queue_is_left_is_passed_over(runs_folder):
    gone = run_of("gone", "finished", 11)
    put_into_queue(gone, claimed=True)
    remove_old_runs()
    assert left() == []


@pytest.mark.hostile("a link to a folder elsewhere among the runs")
def test_a_link_is_not_followed(runs_folder, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "precious").write_bytes(bytes(2_000_000))
    run = run_of("linked", "finished", 11)
    (run.folder / "out").symlink_to(elsewhere)
    remove_old_runs()
    assert left() == []
    assert (elsewhere / "precious").exists()
