"""The queue with real workers: runs start in order, once each, and never too many at a time."""

import logging
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from rnn_demo.messages import StorageError
from rnn_demo.runs import queue, store
from rnn_demo.training.recipe import Recipe
from tests.example_runs import training_run, write_status

OWNER = "0123456789abcdef"
OTHER = "fedcba9876543210"
QUICK = Recipe(fraction=0.02, n_neurons=20, epochs=1)


@pytest.fixture(autouse=True)
def one_at_a_time(runs_folder, monkeypatch):
    monkeypatch.setenv("RNN_DEMO_MAX_RUNS", "1")


def starts(run: store.Run) -> int:
    """How often a worker began: it writes a line."""
    log = (run.folder / "worker.log").read_text()
    return sum(line.startswith("started ") for line in log.splitlines())


def in_queue(run: store.Run) -> bool:
    return any(entry.folder == run.folder for entry in queue.entries())


def test_runs_start_in_the_order_they_came_in(without_mnist, wait_for):
    """Each fails at once for lack of data and lets the next one begin."""
    with training_run(OTHER):
        found = [store.start(QUICK, owner) for owner in (OWNER, OTHER, OWNER)]
    store.advance()
    first, *others = store.snapshots(found)
    assert first.status.state == "starting"
    assert [first.queue_place, *(other.queue_place for other in others)] == [0, 1, 2]
    for run in found:
        assert wait_for(run, lambda status: status.ended).state == "failed"
    ended = [(run.folder / "status.json").stat().st_mtime_ns for run in found]
    assert ended == sorted(ended)
    assert [starts(run) for run in found] == [1, 1, 1]


def test_never_more_train_than_the_setting_allows(quick_data, wait_for, monkeypatch):
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
    begins = next(message for message in caplog.messages if message.startswith("A training begins"))
    for argument in ("n_neurons=20", "epochs=1", "fraction=0.02"):
        assert argument in begins
    # The worker of an earlier test may end at any time, but without data, and so it fails.
    wait_for(run, lambda _: "A training is finished" in caplog.messages)
    for secret in (OWNER, run.id, "Anna"):
        assert secret not in caplog.text


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
def test_a_run_folder_that_cannot_be_written_fails_with_a_message(unwritable):
    if unwritable is None:
        return  # the file in its place is tried everywhere
    with pytest.raises(StorageError, match=r"^[A-Z][^/\n]*\.$"):
        store.start(QUICK, OWNER)
    store.advance()
    assert store.runs_of(OWNER) == []


@pytest.mark.hostile("garbage in the queue")
def test_nothing_blocks_the_queue(without_mnist, wait_for, runs_folder):
    with training_run(OTHER):
        gone, garbage, last = (store.start(QUICK, OWNER) for _ in range(3))
        unusable = store.start(QUICK, OWNER)
    (gone.folder).rename(runs_folder / "elsewhere")
    (garbage.folder / "status.json").write_bytes(b"\x00\xff")
    (garbage.folder / "claim.json").mkdir()
    (unusable.folder / "worker.log").mkdir()
    (runs_folder / "queue" / "foreign").write_text("x")
    (runs_folder / "queue" / f"{1:020}.{OWNER}.nothing").mkdir()
    store.advance()
    assert "MNIST" in str(wait_for(last, lambda status: status.ended).message)
    assert wait_for(unusable, lambda status: status.ended).message.values == {
        "reason": "Is a directory"
    }
    assert garbage.status().resumable


def test_runs_are_started_once_however_many_look(without_mnist, wait_for, monkeypatch):
    """Threads of one server, and two more servers on the same folder."""
    with training_run(OTHER):
        found = [store.start(QUICK, OWNER) for _ in range(4)]
    monkeypatch.setenv("RNN_DEMO_MAX_RUNS", "4")
    code = "from rnn_demo.runs import store; [store.advance() for _ in range(50)]"
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
def test_the_place_of_a_killed_run_is_free_again(without_mnist):
    with training_run(OTHER) as busy:
        run = store.start(QUICK, OWNER)
        store.advance()
        assert run.status().state == "queued"
    assert busy.status().state == "interrupted"
    store.advance()
    assert run.status().state == "starting"


def test_a_run_whose_folder_cannot_be_written_blocks_nobody(without_mnist):
    """Not even the reason can be written there."""
    with training_run(OTHER):
        stuck, run = (store.start(QUICK, OWNER) for _ in range(2))
        folder = str(stuck.folder)
        bind = ["mount", "--bind", folder, folder]
        if subprocess.run(bind, capture_output=True, check=False).returncode:
            pytest.skip("may not mount")
        subprocess.run(["mount", "-o", "remount,ro,bind", folder], check=True)
    try:
        store.advance()
        assert not in_queue(stuck)
        assert run.status().state == "starting"
    finally:
        subprocess.run(["umount", folder], check=True)


def test_a_resumed_run_is_started_once(without_mnist, wait_for, monkeypatch):
    """The entry of its earlier attempt may still be in the queue."""
    monkeypatch.setenv("RNN_DEMO_MAX_RUNS", "3")
    with training_run(OTHER) as run:
        write_status(run, "paused")
    run.resume()
    wait_for(run, lambda status: status.ended)  # another thread may start it
    assert starts(run) == 1


def test_a_pause_that_came_too_late_does_not_stop_the_next_worker(quick_data, wait_for):
    """A learning rate counts whichever worker reads it."""
    with training_run(OWNER) as run:
        run.pause()
        run.change_learning_rate(0.5)
    run.resume()
    assert run.snapshot().next_learning_rate == 0.5
    assert wait_for(run, lambda status: status.ended).state == "finished"
    assert [change.learning_rate for change in run.snapshot().changes] == [0.5]
