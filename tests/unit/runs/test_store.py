"""Runs as folders: whose they are, what they are called, how they are read and steered."""

import dataclasses
import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnn_demo.formats.files import read_json, write_json
from rnn_demo.runs import commands, queue, store
from rnn_demo.runs.commands import Request, read_request, take_request
from rnn_demo.runs.metrics import append_point, cut_points, read_points
from rnn_demo.runs.state import Status, lock_of, read_status, write_status
from rnn_demo.training.recipe import Change, Recipe

OWNER = "0123456789abcdef"
OTHER = "fedcba9876543210"

pytestmark = pytest.mark.usefixtures("runs_folder")


def run_of(owner: str, name: str, state: str = "finished") -> store.Run:
    folder = store.root() / owner / name
    folder.mkdir(parents=True)
    (folder / "recipe.json").write_text(json.dumps(Recipe().to_json()))
    write_status(folder, Status(state))
    return store.Run(folder)


def point(step: float, **more) -> dict:
    return {"step": step, "loss": 1.0, "accuracy": 50.0, "epoch_done": False} | more


# Whose they are


def test_visitors_see_their_own_runs_newest_first(runs_folder):
    for owner, name in ((OWNER, "1"), (OWNER, "2"), (OTHER, "3")):
        run_of(owner, name)
    (runs_folder / OWNER / "garbage").mkdir()
    (runs_folder / OWNER / "4").symlink_to(runs_folder / OTHER / "3")
    (runs_folder / "a file").touch()
    assert [run.id for run in store.runs_of(OWNER)] == ["2", "1"]
    assert [run.id for run in store.runs_of(OTHER)] == ["3"]
    assert store.runs_of("a" * 16) == []


def test_a_teacher_can_let_all_see_all(runs_folder, monkeypatch):
    run_of(OWNER, "1")
    run_of(OTHER, "2")
    monkeypatch.setenv("RNN_DEMO_SHARED", "1")
    assert [found.id for found in store.runs_of(OWNER)] == ["2", "1"]
    monkeypatch.setenv("RNN_DEMO_SHARED", "0")
    assert [found.id for found in store.runs_of(OWNER)] == ["1"]


@pytest.mark.hostile("a visitor's name that is a path")
@pytest.mark.parametrize("owner", ["", "../../etc", "0123456789abcde/", "*" * 16, "A" * 16])
def test_an_owner_is_no_path(runs_folder, owner):
    with pytest.raises(ValueError, match="hexadecimal"):
        store.runs_of(owner)
    with pytest.raises(ValueError, match="hexadecimal"):
        store.start(Recipe(), owner)


# What they are called


def test_a_run_has_a_name_or_says_when_it_was_started(runs_folder, monkeypatch):
    monkeypatch.setenv("TZ", "Etc/GMT-2")  # two hours east of Greenwich
    time.tzset()
    run = run_of(OWNER, "20260131-235901-0a1b2c3d")
    assert run.title == "150 tanh, 01 Feb 01:59"
    run.rename("  Ärger mit 150 🙂 ")
    assert run.title == "Ärger mit 150 🙂"
    run.rename("x" * 40)
    assert run.title == "x" * 40
    run.rename("")
    assert run.title == "150 tanh, 01 Feb 01:59"
    monkeypatch.undo()
    time.tzset()


@pytest.mark.hostile("the name of a run: long, with control characters")
@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("x" * 41, "A name has at most 40 characters, not 41."),
        ("a\nb", "A name cannot contain control characters."),
        ("a\x00b", "A name cannot contain control characters."),
        ("a\u202eb", "A name cannot contain control characters."),
        ("a\u2028b", "A name cannot contain control characters."),
        ("a\ud800b", "A name cannot contain control characters."),
    ],
)
def test_a_bad_name_gets_one_clear_sentence(runs_folder, name, sentence):
    run = run_of(OWNER, "1")
    title = run.title
    with pytest.raises(ValueError, match=f"^{sentence}$"):
        run.rename(name)
    with pytest.raises(ValueError, match=f"^{sentence}$"):
        store.start(Recipe(), OWNER, name)
    assert run.title == title
    assert store.runs_of(OWNER) == [run]


# How they are steered


def test_a_run_that_trains_is_not_deleted_others_are(runs_folder):
    run = run_of(OWNER, "1", "running")
    with lock_of(run.folder):
        with pytest.raises(ValueError, match="This run is training: stop it, then delete it"):
            run.delete()
        assert run.folder.exists()
    run.delete()  # interrupted by now
    for state in ("finished", "stopped", "failed", "paused"):
        run_of(OWNER, state, state).delete()
    damaged = run_of(OWNER, "damaged")
    (damaged.folder / "status.json").write_bytes(b"\xff")
    damaged.delete()
    assert store.runs_of(OWNER) == []
    assert list((runs_folder / OWNER).iterdir()) == []


@pytest.mark.parametrize("state", ["finished", "stopped", "running"])
def test_what_has_ended_or_trains_is_not_resumed(runs_folder, state):
    run = run_of(OWNER, "1", state)
    with lock_of(run.folder), pytest.raises(ValueError, match=f"A run that is {state} cannot be"):
        run.resume()
    assert run.status().state in (state, "interrupted")


@pytest.mark.parametrize("state", ["paused", "running", "failed"])
def test_what_stands_still_is_resumed(without_mnist, state, monkeypatch):
    run = run_of(OWNER, "1", state)
    busy = run_of(OTHER, "2", "running")
    monkeypatch.setenv("RNN_DEMO_MAX_RUNS", "1")
    with lock_of(busy.folder):
        with queue.lock():
            queue.enter(busy.folder, Status("queued"))
        write_status(busy.folder, Status("running"))
        run.resume()
        assert run.status().state == "queued"
        assert run.queue_place() == 1


def test_a_run_with_a_damaged_recipe_is_not_resumed(runs_folder):
    run = run_of(OWNER, "1", "paused")
    (run.folder / "recipe.json").write_text('{"epochs": 1e9}')
    with pytest.raises(ValueError, match=r"^recipe.json is damaged\.$"):
        run.resume()
    assert run.status().state == "paused"


def test_wishes_add_up_until_they_are_taken(runs_folder):
    run = run_of(OWNER, "1", "running")
    with lock_of(run.folder):
        run.change_learning_rate(0.5)
        run.pause()
        assert read_request(run.folder).action == "pause"
        run.stop()
    assert take_request(run.folder) == Request("stop", 0.5)
    assert take_request(run.folder) == Request()


def test_what_is_asked_while_a_wish_is_being_read_is_not_lost(runs_folder, monkeypatch):
    """A stop comes in the instant in which the worker has read the file of an earlier wish."""
    run = run_of(OWNER, "1", "running")
    with lock_of(run.folder):
        run.change_learning_rate(0.5)

        def read_while_somebody_asks(path: Path) -> dict[str, Any]:
            value = read_json(path)
            monkeypatch.setattr(commands, "read_json", read_json)
            run.stop()
            return value

        monkeypatch.setattr(commands, "read_json", read_while_somebody_asks)
        assert take_request(run.folder) == Request(None, 0.5)
        assert take_request(run.folder) == Request("stop")


def test_two_tabs_that_ask_at_once_are_both_heard(runs_folder):
    run = run_of(OWNER, "1", "running")
    with lock_of(run.folder), ThreadPoolExecutor(2) as tabs:
        for _ in range(100):
            asked = [tabs.submit(run.stop), tabs.submit(run.change_learning_rate, 0.5)]
            for done in asked:
                done.result()
            assert take_request(run.folder) == Request("stop", 0.5)


def test_a_run_that_has_ended_is_asked_for_nothing(runs_folder):
    run = run_of(OWNER, "1")
    run.stop()
    run.pause()
    assert read_request(run.folder) == Request()


def test_a_pause_that_came_too_late_does_not_stop_the_next_life(without_mnist, wait_for):
    run = run_of(OWNER, "1", "running")
    with lock_of(run.folder):
        run.pause()
        run.change_learning_rate(0.5)
    run.resume()
    assert read_request(run.folder) == Request(None, 0.5)
    wait_for(run, lambda status: status.ended)


@pytest.mark.hostile("a learning rate of NaN, infinity or below zero")
@pytest.mark.parametrize("learning_rate", [0, -1, 11, float("nan"), float("inf")])
def test_a_learning_rate_out_of_range_gets_one_clear_sentence(runs_folder, learning_rate):
    run = run_of(OWNER, "1", "paused")
    with pytest.raises(ValueError, match="The learning rate must be between 1e-06 and 10"):
        run.change_learning_rate(learning_rate)


# How they are read


def test_half_a_line_of_metrics_is_left_for_later(runs_folder):
    run = run_of(OWNER, "1")
    assert run.metrics() == []
    append_point(run.folder / "metrics.jsonl", point(1))
    append_point(run.folder / "metrics.jsonl", point(2))
    with (run.folder / "metrics.jsonl").open("a") as file:
        file.write('{"st')
    assert [point["step"] for point in run.metrics()] == [1, 2]
    assert [point["step"] for point in run.metrics(1)] == [2]
    assert run.metrics(2) == run.metrics(9) == []
    assert run.problems() == []


def test_what_was_not_measured_is_none(runs_folder):
    run = run_of(OWNER, "1")
    append_point(run.folder / "metrics.jsonl", point(1, epoch_done=True))
    (read,) = run.metrics()
    assert read["gradient_norm"] is read["validation_loss"] is read["tutorial_accuracy"] is None
    assert read["answers"] == []


def test_a_curve_that_cannot_be_read_is_not_taken_for_an_empty_one(tmp_path):
    path = tmp_path / "metrics.jsonl"
    append_point(tmp_path / "other", point(1))
    path.symlink_to(tmp_path / "other")
    with pytest.raises(ValueError, match=r"^metrics.jsonl cannot be read"):
        cut_points(path, 0.5)
    assert path.is_symlink()


def test_two_threads_write_the_same_file(tmp_path):
    """Each the whole of it: two tabs may ask for something in the same instant."""

    def write_often(number: int) -> None:
        for _ in range(300):
            write_json(tmp_path / "name.json", {"name": str(number) * 50}, sync=False)

    with ThreadPoolExecutor(2) as threads:
        for written in [threads.submit(write_often, number) for number in range(2)]:
            written.result()
    assert set(read_json(tmp_path / "name.json")["name"]) in ({"0"}, {"1"})
    assert [path.name for path in tmp_path.iterdir()] == ["name.json"]


def test_a_curve_is_cut_at_a_step(tmp_path):
    path = tmp_path / "metrics.jsonl"
    for step in (0.5, 1, 4 / 3, 1.5):
        append_point(path, point(step))
    with path.open("a") as file:
        file.write('{"st')
    cut_points(path, 1 + 1 / 3)
    assert [point["step"] for point in read_points(path)] == [0.5, 1, 4 / 3]
    append_point(path, point(2))
    assert [point["step"] for point in read_points(path)] == [0.5, 1, 4 / 3, 2]


def test_changes_are_read_in_order(runs_folder):
    run = run_of(OWNER, "1")
    assert run.changes() == []
    (run.folder / "changes.jsonl").write_text(
        '{"step": 5, "learning_rate": 0.1}\n{"step": 3, "learning_rate": 1}\n'
    )
    assert run.changes() == [Change(5, 0.1), Change(3, 1)]


@pytest.mark.parametrize(
    ("status", "line"),
    [
        (Status("queued"), "Waiting for its turn"),
        (Status("starting"), "Starting a process"),
        (Status("starting", "Loading MNIST"), "Loading MNIST"),
        (
            Status("running", epoch=2, images_per_second=12345.6, seconds_left=61.2),
            "Epoch 3 of 5, 12,346 samples/s, 1:01 left",
        ),
        (Status("paused", epoch=1), "Paused in epoch 2 of 5"),
        (Status("interrupted", epoch=1), "Interrupted in epoch 2 of 5"),
        (Status("finished", epoch=5), "Finished after 5 epochs"),
        (Status("stopped", epoch=4), "Stopped after 4 of 5 epochs"),
        (Status("failed", message="The disk is full."), "The disk is full."),
    ],
)
def test_a_status_is_one_line(status, line):
    assert status.describe(5) == line


def test_a_status_comes_back_as_it_was_written(tmp_path):
    status = Status("failed", "", 3, 2, 0.5, 9.0, None, 1.5, 0.1, 99.0, 0.001, 98.0, "No.")
    write_status(tmp_path, status)
    assert store.Run(tmp_path).status() == status
    assert dataclasses.asdict(status) == json.loads((tmp_path / "status.json").read_text())


def test_the_pages_of_thirty_visitors_read_a_run_without_parsing_it_again(runs_folder):
    """A point costs some microseconds; what was read is not parsed a second time."""
    run = run_of(OWNER, "1")
    line = json.dumps(point(1, answers=[1] * 12, confidence=[0.123456789] * 12)) + "\n"
    (run.folder / "metrics.jsonl").write_text(line * 5_000 + json.dumps(point(2)) + "\n")
    assert [point["step"] for point in run.metrics(5_000)] == [2]


def test_a_loss_may_be_as_large_as_a_float(tmp_path):
    """A run on its way up still runs."""
    status = Status("finished", loss=float(np.finfo(np.float32).max))
    write_status(tmp_path, status)
    assert read_status(tmp_path) == status


def test_the_server_makes_no_optimiser():
    """The first optimiser imports torch._dynamo, 150 MB of compiler."""
    code = (
        "import sys, rnn_demo.runs.store, rnn_demo.training.loop, rnn_demo.app.draw.model_list;"
        "from rnn_demo import ImageRNN, load_pretrained; load_pretrained();"
        "print('torch._dynamo' in sys.modules, 'torchvision' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


@pytest.mark.parametrize("module", ["runs", "worker"])
def test_a_run_is_looked_at_and_locked_without_pytorch(module):
    """It takes a second or more to be imported."""
    code = f"import sys, rnn_demo.training.{module}; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
