"""The queue while nothing starts: who waits, in which order, and what is refused."""

import errno
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rnn_demo.formats import files
from rnn_demo.messages import CodedError, InputError, StorageError
from rnn_demo.runs import queue, store
from rnn_demo.runs.state import Status, read_claim, write_claim, write_status
from rnn_demo.training.recipe import Recipe
from tests.example_runs import claim, put_run, training_run
from tests.example_runs import write_status as write_run_status

OWNER = "0123456789abcdef"
OTHER = "fedcba9876543210"
QUICK = Recipe(fraction=0.02, n_neurons=20, epochs=1)


@pytest.fixture(autouse=True)
def one_at_a_time(runs_folder, without_mnist, monkeypatch):
    monkeypatch.setenv("RNN_DEMO_MAX_RUNS", "1")


def places(*runs: store.Run) -> list[int]:
    return [snapshot.queue_place for snapshot in store.snapshots(runs)]


def test_runs_wait_in_the_order_they_came_in():
    with training_run(OTHER):
        found = [store.start(QUICK, owner) for owner in (OWNER, OTHER, OWNER)]
        assert [run.status().state for run in found] == ["queued"] * 3
        assert places(*found) == [1, 2, 3]
        assert not any((run.folder / "status.json").exists() for run in found)


def test_a_waiting_run_can_be_withdrawn():
    with training_run(OTHER):
        first, second = (store.start(QUICK, OWNER) for _ in range(2))
        first.withdraw()
        assert places(second) == [1]
        assert store.runs_of(OWNER) == [second]
        assert not first.folder.exists()


def test_a_withdrawn_run_that_has_trained_is_kept():
    with training_run(OTHER) as busy:
        run = store.start(QUICK, OWNER)
        write_status(run.folder, Status("paused", attempts=1, progress=0.5))
        run.weights.write_bytes(b"learnt")
        queue.leave(run.folder)
        run.resume()
        assert places(run) == [1]
        run.withdraw()
        assert run.status() == Status("paused", attempts=1, progress=0.5)
        assert run.weights.read_bytes() == b"learnt"
        assert places(run) == [0]
        for other in (run, busy):
            with pytest.raises(InputError) as error:
                other.withdraw()
            assert error.value.message.code == "runs.already_started"


def test_a_withdrawn_run_whose_status_is_damaged_keeps_its_network():
    with training_run(OTHER):
        run = store.start(QUICK, OWNER)
        run.weights.write_bytes(b"learnt")
        (run.folder / "status.json").write_text("")
        run.withdraw()
        assert run.status().resumable
        assert run.weights.read_bytes() == b"learnt"


def test_a_visitor_cannot_fill_the_queue():
    with training_run(OTHER):
        for _ in range(queue.MAX_WAITING_RUNS):
            store.start(QUICK, OWNER)
        with pytest.raises(InputError) as error:
            store.start(QUICK, OWNER)
        assert error.value.message.code == "runs.too_many_waiting"
        assert error.value.message.values == {"n": 5}
        assert len(store.runs_of(OWNER)) == queue.MAX_WAITING_RUNS
        assert places(store.start(QUICK, OTHER)) == [6]


def test_a_run_whose_status_cannot_be_read_just_now_keeps_its_place(monkeypatch):
    """It may train for all that is known, so no other takes its place."""
    monkeypatch.setattr(files, "RETRY_LIMIT_S", 0.05)
    with training_run(OTHER) as busy:
        waits = store.start(QUICK, OWNER)
        monkeypatch.setattr(os, "open", failing(os.open, busy.folder / "status.json"))
        queue.advance()
        assert [entry.folder for entry in queue.entries()] == [busy.folder, waits.folder]
        assert busy.status().active
        assert places(waits) == [1]


def test_a_waiting_run_whose_folder_cannot_be_looked_at_stays_in_the_queue(monkeypatch):
    monkeypatch.setattr(files, "RETRY_LIMIT_S", 0.05)
    with training_run(OTHER) as busy:
        waits = store.start(QUICK, OWNER)
    write_run_status(busy, "paused")
    with monkeypatch.context() as patches:
        begun = starts(patches)
        patches.setattr(os, "stat", failing(os.stat, waits.folder))
        patches.setattr(Path, "lstat", failing(Path.lstat, waits.folder))
        queue.advance()
    assert begun == [1]


def test_a_start_outlasts_files_that_are_held_for_an_instant(monkeypatch):
    with training_run(OTHER) as busy:
        waits = store.start(QUICK, OWNER)
    write_run_status(busy, "paused")
    with monkeypatch.context() as patches:
        begun = starts(patches)
        for name in ("replace", "rename"):
            patches.setattr(Path, name, failing(getattr(Path, name), None, times=2))
        queue.advance()
    assert begun == [1]
    assert waits.status().state != "failed"


def starts(monkeypatch):
    """The processes that are started from now on; each ends at once."""
    begun, popen = [], subprocess.Popen

    def start(*_arguments, **_more):
        begun.append(1)
        return popen([sys.executable, "-c", ""])

    monkeypatch.setattr(subprocess, "Popen", start)
    return begun


def failing(function, path, times=10**6):
    """A function of the system that fails for a path, or for every path, a few times."""
    left = [errno.EACCES] * min(times, 10**4)

    def call(subject, *arguments, **more):
        if path in (None, subject) and left:
            raise PermissionError(left.pop(), "Permission denied")
        return function(subject, *arguments, **more)

    return call


@pytest.mark.hostile("a visitor who comes as a new one for every start")
def test_ever_new_visitors_cannot_fill_the_queue(monkeypatch):
    monkeypatch.setattr(queue, "MAX_QUEUE_LENGTH", 3)
    with training_run(OTHER):
        for visitor in range(3):
            store.start(QUICK, f"{visitor:016x}")
        with pytest.raises(InputError) as error:
            store.start(QUICK, f"{3:016x}")
        assert error.value.message.code == "runs.queue_full"
        assert error.value.message.values == {"n": 3}
        assert not store.runs_of(f"{3:016x}")


def test_a_start_that_waits_too_long_for_others_fails_with_a_message(monkeypatch):
    monkeypatch.setattr(queue, "LOCK_TIMEOUT_S", 0.1)
    with ThreadPoolExecutor(1) as other, queue.lock():
        started = other.submit(store.start, QUICK, OWNER)
        with pytest.raises(StorageError) as error:
            started.result()
    assert error.value.message.code == "files.locked"
    assert not store.runs_of(OWNER)


@pytest.mark.hostile("100 starts at once")
def test_a_hundred_starts_at_once_leave_five_waiting_and_the_others_a_place():
    def start(_: int) -> str:
        try:
            return store.start(QUICK, OWNER).id
        except CodedError as error:
            return error.message.code

    with training_run(OTHER):
        with ThreadPoolExecutor(16) as threads:
            answers = list(threads.map(start, range(100)))
        ids = {run.id for run in store.runs_of(OWNER)}
        assert len(ids) == queue.MAX_WAITING_RUNS
        assert [code for code in answers if code not in ids] == ["runs.too_many_waiting"] * 95
        assert places(store.start(QUICK, OTHER)) == [6]


def test_a_run_that_lost_its_place_can_be_resumed(runs_folder):
    with training_run(OTHER):
        run = store.start(QUICK, OWNER)
        for entry in (runs_folder / "queue").glob(f"*.{run.id}"):
            entry.unlink()
        assert run.status().state == "interrupted"
        assert places(run) == [0]
        run.resume()
        assert places(run) == [1]


@pytest.mark.hostile("a worker that is killed")
def test_the_place_of_a_killed_worker_counts_until_it_is_gone():
    with training_run(OTHER) as busy:
        run = store.start(QUICK, OWNER)
        store.advance()
        assert run.status().state == "queued"
    assert busy.status().state == "interrupted"


def test_a_resumed_run_goes_to_the_end_of_the_queue():
    with training_run(OTHER) as first:
        write_run_status(first, "paused")
        with training_run("a" * 16):
            run = store.start(QUICK, OWNER)
            first.resume()
            assert places(run, first) == [1, 2]
            first.delete()
            assert [entry.folder for entry in queue.entries()].count(first.folder) == 0


def test_a_start_reads_no_other_run(monkeypatch):
    """Thirty visitors with their runs must not slow down the next start."""
    for visitor in range(3):
        put_run(store.root() / f"{visitor:016x}", "1", "paused")
    with training_run(OTHER) as busy:
        seen = []

        def read_facts(folder, *, queued):
            seen.append(folder)
            return real(folder, queued=queued)

        real = queue.read_facts
        monkeypatch.setattr(queue, "read_facts", read_facts)
        store.start(QUICK, OWNER)
        assert set(seen) == {busy.folder}


def test_the_end_of_one_worker_is_not_taken_for_the_end_of_the_next(runs_folder):
    """A paused run may be started again before its first process is quite gone."""
    run = put_run(runs_folder / OWNER, "1", "paused")
    claim(run)
    first = read_claim(run.folder)
    assert first is not None
    queue._wait(run.folder, lambda: claim(run), first)
    assert run.status().state == "starting"
    second = read_claim(run.folder)
    assert second is not None
    queue._wait(run.folder, lambda: None, second)
    assert run.status().state == "interrupted"


def test_a_worker_that_dies_without_a_status_is_noticed_at_once(runs_folder):
    run = put_run(runs_folder / OWNER, "1", "paused")
    started = queue.Claim(time.time_ns())
    write_claim(run.folder, started)
    queue._wait(run.folder, lambda: None, started)
    assert run.status().state == "interrupted"
