"""Runs as folders: whose they are, what a page reads of them, how they are controlled."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from rnn_demo.app.run_titles import run_title, run_titles
from rnn_demo.formats.files import read_json, write_json
from rnn_demo.messages import InputError
from rnn_demo.runs import commands, store
from rnn_demo.runs.commands import (
    ActionCommand,
    Inbox,
    RateCommand,
    pending_learning_rate,
    read_commands,
    send,
)
from rnn_demo.runs.metrics import append_point, cut_points, read_points
from rnn_demo.runs.records import read_changes, write_changes
from rnn_demo.runs.state import State, lock_of, read_claim
from rnn_demo.training.presets import PRESETS
from rnn_demo.training.recipe import Change, Recipe
from tests.example_runs import claim, put_run, training_run

OWNER = "0123456789abcdef"
OTHER = "fedcba9876543210"

pytestmark = pytest.mark.usefixtures("runs_folder")


def run_of(owner: str, name: str, state: State = "finished") -> store.Run:
    return put_run(store.root() / owner, name, state, recipe=Recipe())


def point(epoch: float, **more) -> dict:
    return {"epoch": epoch, "loss": 1.0, "accuracy": 50.0, "epoch_done": False} | more


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


def test_a_run_has_a_name_or_says_when_it_was_started(runs_folder):
    run = run_of(OWNER, "20260131-235901-0a1b2c3d")
    assert run_title(run.snapshot()) == "150 tanh, tutorial, 31 Jan 23:59 UTC"
    run.rename("  Ärger mit 150 🙂 ")
    assert run_title(run.snapshot()) == run.snapshot().name == "Ärger mit 150 🙂"
    run.rename("x" * 40)
    assert run.snapshot().name == "x" * 40
    run.rename("")
    assert run_title(run.snapshot()) == "150 tanh, tutorial, 31 Jan 23:59 UTC"


def test_a_run_keeps_its_number(runs_folder, monkeypatch):
    """Also when it is renamed and when an earlier one is gone; no two have the same."""
    monkeypatch.setenv("RNN_DEMO_MAX_RUNS", "1")
    quick = replace(PRESETS["quick"].recipe, data="synthetic")
    with training_run("a" * 16):  # all others wait
        first, second = (store.start(each, OWNER) for each in (quick, replace(quick, n_neurons=40)))
        titles = run_titles(store.snapshots_of(OWNER))
        assert titles == {first.id: "Run 1: 150 relu, quick", second.id: "Run 2: 40 relu"}
        second.rename("Mine")
        second.rename("")
        first.withdraw()
        assert run_title(second.snapshot()) == "Run 2: 40 relu"
        assert store.start(quick, OWNER).number() == 3
        assert store.start(quick, OTHER).number() == 1
        (second.folder / "name.json").write_text('{"name": "Mine", "number": "2"}')
        assert run_title(second.snapshot()) == "Mine"


def test_no_two_runs_have_the_same_title(runs_folder):
    for name in ("1", "2", "3"):
        run_of(OWNER, name).rename("Mine")
    titles = run_titles(store.snapshots_of(OWNER))
    assert titles == {"3": "Mine (3)", "2": "Mine (2)", "1": "Mine"}


@pytest.mark.hostile("the name of a run: long, with control characters")
@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("x" * 41, "runs.name_too_long"),
        ("a\nb", "runs.control_characters"),
        ("a\x00b", "runs.control_characters"),
        ("a\u202eb", "runs.control_characters"),
        ("a\u2028b", "runs.control_characters"),
        ("a\ud800b", "runs.control_characters"),
    ],
)
def test_an_invalid_name_is_refused(runs_folder, name, code):
    run = run_of(OWNER, "1")
    with pytest.raises(InputError) as error:
        run.rename(name)
    assert error.value.message.code == code
    with pytest.raises(InputError) as error:
        store.start(Recipe(), OWNER, name)
    assert error.value.message.code == code
    assert run.snapshot().name == ""
    assert store.runs_of(OWNER) == [run]


# How they are controlled


def test_a_run_that_trains_is_not_deleted_others_are(runs_folder):
    run = run_of(OWNER, "1", "running")
    with lock_of(run.folder):
        with pytest.raises(InputError) as error:
            run.delete()
        assert error.value.message.code == "runs.delete_while_training"
        assert run.folder.exists()
    run.delete()  # interrupted by now
    for state in ("finished", "stopped", "failed", "paused", "queued"):
        run_of(OWNER, state, state).delete()
    damaged = run_of(OWNER, "damaged")
    (damaged.folder / "status.json").write_bytes(b"\xff")
    damaged.delete()
    assert store.runs_of(OWNER) == []
    assert list((runs_folder / OWNER).iterdir()) == []


@pytest.mark.parametrize("state", ["finished", "stopped", "running", "queued"])
def test_a_run_that_has_ended_trains_or_waits_is_not_resumed(runs_folder, state):
    run = run_of(OWNER, "1", state)
    with lock_of(run.folder):
        with pytest.raises(InputError) as error:
            run.resume()
        assert error.value.message.code == "runs.not_resumable"
        assert run.status().state == state


@pytest.mark.parametrize("state", ["paused", "interrupted", "failed"])
def test_a_run_that_stands_still_is_resumed(without_mnist, state, monkeypatch):
    run = run_of(OWNER, "1", state)
    monkeypatch.setenv("RNN_DEMO_MAX_RUNS", "1")
    with training_run(OTHER):
        run.resume()
        assert run.snapshot().status.state == "queued"
        assert run.snapshot().queue_place == 1


def test_a_run_with_a_damaged_recipe_is_not_resumed(runs_folder):
    run = run_of(OWNER, "1", "paused")
    (run.folder / "recipe.json").write_text('{"epochs": 1e9}')
    with pytest.raises(InputError) as error:
        run.resume()
    assert error.value.message.values == {"name": "recipe.json"}
    assert run.status().state == "paused"
    assert run.snapshot().recipe is run.snapshot().next_learning_rate is None


def test_nothing_that_a_visitor_does_writes_a_status(without_mnist, monkeypatch):
    """Only the worker writes it."""
    run = run_of(OWNER, "1", "running")
    status = run.folder / "status.json"
    before = status.read_bytes()
    with lock_of(run.folder):
        run.change_learning_rate(0.5)
        run.pause()
        run.stop()
    monkeypatch.setenv("RNN_DEMO_MAX_RUNS", "1")
    with training_run(OTHER):
        run.resume()
        run.withdraw()
    run.rename("Mine")
    assert status.read_bytes() == before


def test_commands_add_up_until_a_worker_reads_them(runs_folder):
    run = run_of(OWNER, "1", "running")
    claim(run)
    moment = read_claim(run.folder).moment
    with lock_of(run.folder):
        run.change_learning_rate(0.5)
        run.pause()
        run.stop()
    assert read_commands(run.folder) == [
        RateCommand(0.5),
        ActionCommand("pause", moment),
        ActionCommand("stop", moment),
    ]
    inbox = Inbox(run.folder, moment, 0)
    assert inbox.take() == ("stop", [0.5])
    assert inbox.take() == (None, [])
    assert inbox.n_read == 3
    run.change_learning_rate(0.25)
    assert inbox.take() == (None, [0.25])


def test_an_action_for_an_earlier_worker_is_not_for_the_next_a_learning_rate_is(tmp_path):
    send(tmp_path, ActionCommand("stop", 1))
    send(tmp_path, RateCommand(0.5))
    assert pending_learning_rate(tmp_path, 0) == 0.5
    assert pending_learning_rate(tmp_path, 2) is None
    assert Inbox(tmp_path, 2, 0).take() == (None, [0.5])
    assert Inbox(tmp_path, 2, 2).take() == (None, [])


def test_a_command_that_comes_while_others_are_read_is_not_lost(tmp_path, monkeypatch):
    send(tmp_path, RateCommand(0.5))
    inbox = Inbox(tmp_path, 1, 0)

    def read_and_send(folder: Path) -> list[commands.Command | None]:
        found = read_commands(folder)
        monkeypatch.setattr(commands, "read_commands", read_commands)
        send(folder, ActionCommand("stop", 1))
        return found

    monkeypatch.setattr(commands, "read_commands", read_and_send)
    assert inbox.take() == (None, [0.5])
    assert inbox.take() == ("stop", [])


def test_commands_of_two_tabs_at_once_both_count(runs_folder):
    run = run_of(OWNER, "1", "running")
    inbox = Inbox(run.folder, 0, 0)
    with lock_of(run.folder), ThreadPoolExecutor(2) as tabs:
        for _ in range(100):
            sent = [tabs.submit(run.stop), tabs.submit(run.change_learning_rate, 0.5)]
            for done in sent:
                done.result()
            assert inbox.take() == ("stop", [0.5])


def test_damaged_commands_are_passed_over(tmp_path):
    send(tmp_path, RateCommand(0.5))
    with (tmp_path / "commands.jsonl").open("ab") as file:
        file.write(b'\xff\n{"learning_rate": 99}\n{"action": "dance", "claim": 1}\n')
    send(tmp_path, ActionCommand("pause", 1))
    inbox = Inbox(tmp_path, 1, 0)
    assert inbox.take() == ("pause", [0.5])
    assert inbox.n_read == 5


def test_after_the_file_of_commands_was_lost_new_ones_count(tmp_path):
    inbox = Inbox(tmp_path, 1, 7)
    send(tmp_path, ActionCommand("pause", 1))
    assert inbox.take() == ("pause", [])


@pytest.mark.hostile("a link or a pipe in the place of the commands")
def test_commands_are_written_through_no_link_and_into_no_pipe(tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    outside = tmp_path / "outside"
    (folder / "commands.jsonl").symlink_to(outside)
    with pytest.raises(OSError, match="symbolic"):
        send(folder, RateCommand(0.5))
    assert not outside.exists()
    (folder / "commands.jsonl").unlink()
    os.mkfifo(folder / "commands.jsonl")
    with pytest.raises(OSError, match="No such device"):
        send(folder, RateCommand(0.5))


def test_a_run_that_has_ended_gets_no_command(runs_folder):
    run = run_of(OWNER, "1")
    run.stop()
    run.pause()
    assert read_commands(run.folder) == []


@pytest.mark.hostile("a learning rate of NaN, infinity or below zero")
@pytest.mark.parametrize("learning_rate", [0, -1, 11, float("nan"), float("inf")])
def test_a_learning_rate_out_of_range_is_refused(runs_folder, learning_rate):
    run = run_of(OWNER, "1", "paused")
    with pytest.raises(ValueError, match=r"[Ll]earning[ _]rate"):
        run.change_learning_rate(learning_rate)
    assert read_commands(run.folder) == []


# How they are read


def test_half_a_line_of_metrics_is_left_for_later(runs_folder):
    run = run_of(OWNER, "1")
    assert run.points() == []
    append_point(run.folder, point(1))
    append_point(run.folder, point(2))
    with (run.folder / "metrics.jsonl").open("a") as file:
        file.write('{"ep')
    assert [point["epoch"] for point in run.points()] == [1, 2]
    assert [point["epoch"] for point in run.points(1)] == [2]
    assert run.points(2) == run.points(9) == []
    assert run.damage() == []


def test_what_was_not_measured_is_none(runs_folder):
    run = run_of(OWNER, "1")
    append_point(run.folder, point(1, epoch_done=True))
    (read,) = run.points()
    assert read["gradient_norm"] is read["validation_loss"] is read["tutorial_accuracy"] is None
    assert read["answers"] == []


def test_a_curve_that_cannot_be_read_is_not_taken_for_an_empty_one(tmp_path):
    path = tmp_path / "metrics.jsonl"
    path.symlink_to(tmp_path / "other")
    with pytest.raises(InputError) as error:
        cut_points(tmp_path, 0.5)
    assert error.value.message.code == "files.unreadable"
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


def test_a_curve_is_cut_at_a_moment(tmp_path):
    for epoch in (0.5, 1, 4 / 3, 1.5):
        append_point(tmp_path, point(epoch))
    with (tmp_path / "metrics.jsonl").open("a") as file:
        file.write('{"ep')
    cut_points(tmp_path, 1 + 1 / 3)
    assert [point["epoch"] for point in read_points(tmp_path)] == [0.5, 1, 4 / 3]
    append_point(tmp_path, point(2))
    assert [point["epoch"] for point in read_points(tmp_path)] == [0.5, 1, 4 / 3, 2]


def test_changes_are_read_in_order(runs_folder):
    run = run_of(OWNER, "1")
    assert read_changes(run.folder) == []
    (run.folder / "changes.jsonl").write_text(
        '{"step": 5, "learning_rate": 0.1}\n{"step": 3, "learning_rate": 1}\n'
    )
    assert read_changes(run.folder) == [Change(5, 0.1), Change(3, 1)]
    assert run.snapshot().next_learning_rate == 1
    run.change_learning_rate(0.2)
    assert run.snapshot().next_learning_rate == 0.2


def test_a_changed_learning_rate_is_on_the_disk_before_it_counts(tmp_path, monkeypatch):
    """After a power failure a run could not be repeated without it."""
    synced, fsync = [], os.fsync

    def watched(descriptor: int) -> None:
        synced.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", watched)
    write_changes(tmp_path, [Change(3, 0.01)])
    file, folder = synced
    assert file.startswith(".changes.jsonl.")
    assert folder == tmp_path.name


def test_the_pages_of_thirty_visitors_read_a_run_without_parsing_it_again(runs_folder):
    """A point costs some microseconds; what was read is not parsed a second time."""
    run = run_of(OWNER, "1")
    line = json.dumps(point(1, answers=[1] * 12, confidence=[0.123456789] * 12)) + "\n"
    (run.folder / "metrics.jsonl").write_text(line * 5_000 + json.dumps(point(2)) + "\n")
    assert [point["epoch"] for point in run.points(5_000)] == [2]


@pytest.mark.process
def test_the_server_makes_no_optimiser():
    """The first optimiser imports torch._dynamo, 150 MB of compiler."""
    code = (
        "import sys, rnn_demo.runs.store, rnn_demo.training.loop, rnn_demo.app.draw.model_list;"
        "from rnn_demo import ImageRNN, load_pretrained; load_pretrained();"
        "print('torch._dynamo' in sys.modules, 'torchvision' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


@pytest.mark.process
@pytest.mark.parametrize("module", ["store", "worker"])
def test_a_run_is_looked_at_and_locked_without_pytorch(module):
    """It takes a second or more to be imported."""
    code = f"import sys, rnn_demo.runs.{module}; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
