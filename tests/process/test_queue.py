"""Whose turn it is: runs wait, start in order, and stand in nobody's way."""

import dataclasses
import json
import logging
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from rnn_demo.runs import queue, store
from rnn_demo.runs.state import Status, is_locked, lock_of, write_status
from rnn_demo.training.recipe import Recipe

OWNER = "0123456789abcdef"
OTHER = "fedcba9876543210"
QUICK = Recipe(fraction=0.02, n_neurons=20, epochs=1)


@pytest.fixture(autouse=True)
def one_at_a_time(runs_folder, monkeypatch):
    monkeypatch.setenv("RNN_DEMO_MAX_RUNS", "1")


@contextmanager
def somebody_trains(owner: str = OTHER):
    """A run that is at work: the test holds its worker's lock."""
    folder = store.root() / owner / "busy"
    folder.mkdir(parents=True)
    (folder / "recipe.json").write_text(json.dumps(QUICK.to_json()))
    with queue.lock():
        queue.enter(folder, Status("queued"))
    write_status(folder, Status("running"))
    with lock_of(folder):
        yield store.Run(folder)


def starts(run: store.Run) -> int:
    return (run.folder / "worker.log").read_text().count("started")


def test_runs_wait_and_start_in_the_order_they_came_in(without_mnist, wait_for):
    """Each fails at once, for want of data, and lets the next one begin."""
    with somebody_trains():
        found = [store.start(QUICK, owner) for owner in (OWNER, OTHER, OWNER)]
        assert [run.status().state for run in found] == ["queued"] * 3
        assert [run.queue_place() for run in found] == [1, 2, 3]
        assert found[0].status().describe(1) == "Waiting for its turn"
    store.advance()
    assert [run.status().state for run in found] == ["starting", "queued", "queued"]
    assert [run.queue_place() for run in found] == [0, 1, 2]
    for run in found:
        assert wait_for(run, lambda status: status.ended).state == "failed"
    ended = [(run.folder / "status.json").stat().st_mtime_ns for run in found]
    assert ended == sorted(ended)
    assert [starts(run) for run in found] == [1, 1, 1]


def test_no_more_train_than_may(quick_data, wait_for, monkeypatch):
    monkeypatch.setenv("RNN_DEMO_MAX_RUNS", "2")
    found = [store.start(QUICK, OWNER) for _ in range(3)]
    assert [run.status().state for run in found] == ["starting", "starting", "queued"]
    for run in found:
        assert wait_for(run, lambda status: status.ended).state == "finished"
        assert sum(other.status().active for other in found) <= 2


def test_the_log_says_what_is_trained_and_how_it_ended_but_not_whose_it_is(
    quick_data, wait_for, caplog
):
    caplog.set_level(logging.INFO, "rnn_demo")
    run = store.start(QUICK, OWNER, "Anna's first")
    wait_for(run, lambda status: status.ended)
    begins = "A training begins: 20 tanh units, Adam at 0.001, 1 epoch of MNIST"
    # From there on: the worker of an earlier test may only now have come to its end.
    wait_for(run, lambda _: len(caplog.messages) > caplog.messages.index(begins) + 1)
    assert caplog.messages[caplog.messages.index(begins) + 1] == "A training is finished"
    for secret in (OWNER, run.id, "Anna"):
        assert secret not in caplog.text


def test_a_waiting_run_can_be_withdrawn(without_mnist):
    with somebody_trains():
        first, second = (store.start(QUICK, OWNER) for _ in range(2))
        first.withdraw()
        assert second.queue_place() == 1
        assert store.runs_of(OWNER) == [second]
        assert not first.folder.exists()


def test_who_withdraws_a_run_that_has_trained_keeps_it(without_mnist):
    with somebody_trains() as busy:
        run = store.start(QUICK, OWNER)
        write_status(run.folder, Status("paused", attempts=1, progress=0.5))
        run.weights.write_bytes(b"learnt")
        run.resume()
        assert run.queue_place() == 1
        run.withdraw()
        assert run.status() == Status("paused", attempts=1, progress=0.5)
        assert run.weights.read_bytes() == b"learnt"
        assert not queue.holds(run.folder)
        for other in (run, busy):
            with pytest.raises(ValueError, match=r"^This run no longer waits"):
                other.withdraw()


def test_who_withdraws_a_run_whose_status_was_lost_keeps_what_it_has_learnt(without_mnist):
    with somebody_trains():
        run = store.start(QUICK, OWNER)
        run.weights.write_bytes(b"learnt")
        (run.folder / "status.json").write_text("")
        run.resume()
        run.withdraw()
        assert run.status().state == "paused"
        assert run.weights.read_bytes() == b"learnt"


def test_a_visitor_cannot_fill_the_queue(without_mnist):
    with somebody_trains():
        for _ in range(queue.MAX_WAITING):
            store.start(QUICK, OWNER)
        with pytest.raises(ValueError, match="5 of your runs are waiting already"):
            store.start(QUICK, OWNER)
        assert len(store.runs_of(OWNER)) == queue.MAX_WAITING
        assert store.start(QUICK, OTHER).queue_place() == 6


@pytest.mark.hostile("a visitor who comes as a new one for every start")
def test_ever_new_visitors_cannot_fill_the_queue(without_mnist, monkeypatch):
    monkeypatch.setattr(queue, "MAX_IN_QUEUE", 3)
    with somebody_trains():
        for visitor in range(3):
            store.start(QUICK, f"{visitor:016x}")
        with pytest.raises(ValueError, match=r"^The queue is full \(3 runs\)"):
            store.start(QUICK, f"{3:016x}")
        assert not store.runs_of(f"{3:016x}")


def test_who_waits_too_long_for_the_others_is_told_in_a_sentence(without_mnist, monkeypatch):
    monkeypatch.setattr(queue, "_PATIENCE", 0.1)
    with ThreadPoolExecutor(1) as other, queue.lock():
        started = other.submit(store.start, QUICK, OWNER)
        with pytest.raises(OSError, match=r"^Others are starting or removing runs just now"):
            started.result()
    assert not store.runs_of(OWNER)


@pytest.mark.hostile("100 starts at once")
def test_a_hundred_starts_at_once_leave_five_waiting_and_the_others_a_place(without_mnist):
    def start(_: int) -> str:
        try:
            return store.start(QUICK, OWNER).id
        except ValueError as error:
            return str(error)

    with somebody_trains():
        with ThreadPoolExecutor(16) as threads:
            said = list(threads.map(start, range(100)))
        ids = {run.id for run in store.runs_of(OWNER)}
        assert len(ids) == queue.MAX_WAITING
        refused = "5 of your runs are waiting already: withdraw one, or wait for its turn."
        assert [words for words in said if words not in ids] == [refused] * 95
        assert store.start(QUICK, OTHER).queue_place() == 6


@pytest.fixture(params=["a file in its place", "read-only disk"])
def unwritable(request, tmp_path, monkeypatch):
    """A run folder that even root cannot write to; None where no disk can be mounted."""
    folder = tmp_path / "unwritable"
    monkeypatch.setenv("RNN_DEMO_RUNS", str(folder))
    if request.param != "read-only disk":
        folder.touch()
        yield folder
        return
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        yield None
        return
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.mark.hostile("the run folder read-only")
def test_a_run_folder_that_cannot_be_written_is_told_in_a_sentence(unwritable):
    if unwritable is None:
        return  # the file in its place is tried everywhere
    with pytest.raises(OSError, match=r"^[A-Z][^/\n]*\.$"):
        store.start(QUICK, OWNER)
    store.advance()
    assert store.runs_of(OWNER) == []


@pytest.mark.hostile("garbage in the queue")
def test_nothing_blocks_the_queue(without_mnist, wait_for, runs_folder):
    with somebody_trains():
        gone, garbage, last = (store.start(QUICK, OWNER) for _ in range(3))
        unusable = store.start(QUICK, OWNER)
    (gone.folder).rename(runs_folder / "elsewhere")
    (garbage.folder / "status.json").write_bytes(b"\x00\xff")
    (unusable.folder / "worker.log").mkdir()
    (runs_folder / "queue" / "foreign").write_text("x")
    (runs_folder / "queue" / f"{1:020}.{OWNER}.nothing").mkdir()
    store.advance()
    assert wait_for(last, lambda status: status.ended).message.startswith("MNIST is not here")
    assert wait_for(unusable, lambda status: status.ended).message == "Is a directory."


def test_a_run_whose_turn_was_lost_can_be_resumed(without_mnist, runs_folder):
    with somebody_trains():
        run = store.start(QUICK, OWNER)
        for entry in (runs_folder / "queue").iterdir():
            entry.unlink()
        assert run.status().state == "interrupted"
        assert run.queue_place() == 0


def test_runs_are_started_once_however_many_look(without_mnist, wait_for, monkeypatch):
    """Threads of one server, and two more servers on the same folder."""
    with somebody_trains():
        found = [store.start(QUICK, OWNER) for _ in range(4)]
    monkeypatch.setenv("RNN_DEMO_MAX_RUNS", "4")
    code = "from rnn_demo.training import runs; [runs.advance() for _ in range(50)]"
    servers = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(2)]
    with ThreadPoolExecutor(8) as threads:
        for look in [threads.submit(store.advance) for _ in range(50)]:
            look.result()
    for server in servers:
        assert server.wait() == 0
    for run in found:
        assert wait_for(run, lambda status: status.ended).state == "failed"
    assert [starts(run) for run in found] == [1, 1, 1, 1]


@pytest.mark.hostile("a worker that is killed")
def test_a_killed_runs_place_is_free_again(without_mnist):
    with somebody_trains() as busy:
        run = store.start(QUICK, OWNER)
        store.advance()
        assert run.status().state == "queued"
    assert busy.status().state == "interrupted"
    store.advance()
    assert run.status().state == "starting"


def test_a_resumed_run_goes_to_the_end_of_the_queue(without_mnist):
    with somebody_trains() as first:
        write_status(first.folder, Status("paused"))
        with somebody_trains("a" * 16):
            run = store.start(QUICK, OWNER)
            first.resume()
            assert [run.queue_place(), first.queue_place()] == [1, 2]
            first.delete()
            assert not queue.holds(first.folder)


def test_a_run_whose_folder_cannot_be_written_stands_in_nobodys_way(without_mnist):
    """Not even that it failed can be told there."""
    with somebody_trains():
        stuck, run = (store.start(QUICK, OWNER) for _ in range(2))
        folder = str(stuck.folder)
        bind = ["mount", "--bind", folder, folder]
        if subprocess.run(bind, capture_output=True, check=False).returncode:
            pytest.skip("may not mount")
        subprocess.run(["mount", "-o", "remount,ro,bind", folder], check=True)
    try:
        store.advance()
        assert not queue.holds(stuck.folder)
        store.advance()
        assert run.status().state == "starting"
    finally:
        subprocess.run(["umount", folder], check=True)


def test_a_resumed_run_is_started_once(without_mnist, wait_for, monkeypatch):
    """Its entry of its earlier life may still be there."""
    monkeypatch.setenv("RNN_DEMO_MAX_RUNS", "3")
    with somebody_trains() as run:
        write_status(run.folder, Status("paused"))
    run.resume()
    wait_for(run, lambda status: status.ended)  # it may be begun by a thread that still looks
    assert starts(run) == 1


def test_the_end_of_one_worker_is_not_taken_for_the_end_of_the_next(runs_folder):
    """A run that was paused may be started again before its first process is quite gone."""
    folder = runs_folder / OWNER / "1"
    folder.mkdir(parents=True)
    write_status(folder, Status("starting"))
    first = (folder / "status.json").stat().st_mtime_ns

    def end_after_the_next_was_started() -> int:
        write_status(folder, Status("starting"))
        os.utime(folder / "status.json", ns=(first + 10**9, first + 10**9))
        return 0

    queue._wait(folder, end_after_the_next_was_started, first)
    assert store.Run(folder).status().state == "starting"
    queue._wait(folder, lambda: 1, first + 10**9)
    assert store.Run(folder).status().state == "interrupted"


def test_between_start_and_lock_a_run_is_starting_but_not_for_ever(runs_folder):
    """The server was killed before it had made the process."""
    folder = runs_folder / OWNER / "1"
    folder.mkdir(parents=True)
    run = store.Run(folder)
    write_status(folder, Status("starting"))
    assert run.status().state == "starting"
    long_ago = time.time() - 3600
    os.utime(folder / "status.json", (long_ago, long_ago))
    assert run.status().state == "interrupted"


@pytest.mark.parametrize("state", ["starting", "running"])
def test_without_a_worker_a_run_is_interrupted(runs_folder, state):
    folder = runs_folder / OWNER / "1"
    folder.mkdir(parents=True)
    run, status = store.Run(folder), Status(state, stage="Loading PyTorch", progress=0.5)
    write_status(folder, status)
    with lock_of(folder):
        assert run.status() == status
        assert is_locked(folder)
    assert (folder / "worker.lock").exists()  # left over, and harmless
    assert run.status() == dataclasses.replace(status, state="interrupted")
    assert not is_locked(folder)


def test_a_run_without_any_lock_is_interrupted_and_gets_none_by_a_look(runs_folder):
    folder = runs_folder / OWNER / "1"
    folder.mkdir(parents=True)
    write_status(folder, Status("running"))
    assert store.Run(folder).status().state == "interrupted"
    assert [path.name for path in folder.iterdir()] == ["status.json"]
