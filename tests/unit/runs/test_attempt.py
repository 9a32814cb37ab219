"""One attempt at a run and its reports, in this process."""

import dataclasses
import errno
import json
import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import torch

from rnn_demo.data import source
from rnn_demo.formats import files
from rnn_demo.messages import InputError, Message
from rnn_demo.runs import attempt, worker
from rnn_demo.runs.attempt import Attempt
from rnn_demo.runs.commands import ActionCommand, RateCommand, send
from rnn_demo.runs.metrics import read_points
from rnn_demo.runs.reporter import Reporter
from rnn_demo.runs.state import Status, read_status
from rnn_demo.training import data
from rnn_demo.training.loop import BatchDone, DivergedError, Event, Training
from rnn_demo.training.metrics import N_SAMPLE_DIGITS
from rnn_demo.training.recipe import Recipe
from tests.example_runs import put_run

QUICK = Recipe(fraction=0.02, n_neurons=20, epochs=3)

pytestmark = pytest.mark.usefixtures("runs_folder")


@pytest.fixture
def reporter(tmp_path) -> Reporter:
    return reporter_of(tmp_path, Status("starting"))


def reporter_of(folder: Path, status: Status) -> Reporter:
    test = source.load("synthetic", "test")
    model = Training(QUICK, test).model
    return Reporter(folder, status, 3, model, test.part(0, N_SAMPLE_DIGITS))


@pytest.mark.parametrize(
    ("more", "stage"),
    [
        ({}, Message("runs.loading_mnist")),
        ({"data": "synthetic"}, Message("runs.making_digits")),
        ({"non_digits": 20}, Message("runs.making_drawings", {"n": 20})),
        ({"synthetic": 1_000, "validation": 500}, Message("runs.making_drawings", {"n": 1_500})),
    ],
)
def test_a_run_that_starts_says_what_it_prepares(quick_data, runs_folder, monkeypatch, more, stage):
    run = put_run(runs_folder, "20260102-030401-abcdef01", "starting")
    (run.folder / "recipe.json").write_text(json.dumps(Recipe(**more).to_json()))
    stages = []

    def stop_here(recipe: Recipe) -> None:
        status = read_status(run.folder)
        stages.append(status and status.stage)
        raise ValueError("That will do.")

    monkeypatch.setattr(data, "load", stop_here)
    with pytest.raises(ValueError, match="That will do"):
        Attempt(run.folder, Status("starting"))
    assert stages == [stage]


def test_a_long_epoch_has_checkpoints_on_the_way(quick_data, runs_folder, monkeypatch):
    """In the first epoch, before there is a network to use, there is one to resume from."""
    monkeypatch.setattr(attempt, "_CHECKPOINT_INTERVAL_S", 0.0)
    recipe = dataclasses.replace(QUICK, epochs=1, fraction=0.1)
    run = put_run(runs_folder, "1", "starting", recipe=recipe)
    seen = []
    with ThreadPoolExecutor(1) as thread:
        training = thread.submit(lambda: Attempt(run.folder, Status("starting")).run())
        while not training.done():
            written = (run.folder / "checkpoints" / "training.safetensors").exists()
            seen.append(written and not run.snapshot().has_network)
        training.result()
    assert any(seen)


def test_the_status_says_how_many_commands_were_read(quick_data, runs_folder):
    """Or the next attempt would follow them again."""
    run = put_run(runs_folder, "1", "starting", recipe=QUICK)
    send(run.folder, RateCommand(0.5))
    send(run.folder, ActionCommand("pause", 7))
    Attempt(run.folder, Status("starting", claim=7)).run()
    assert run.status().state == "paused"
    assert run.status().n_commands == 2
    assert len(run.snapshot().changes) == 1
    Attempt(run.folder, dataclasses.replace(run.status(), claim=8)).run()
    assert run.status().state == "finished"
    assert run.status().attempts == 2
    assert len(run.snapshot().changes) == 1


def test_too_little_memory_has_a_message():
    with pytest.raises(RuntimeError) as raised:
        torch.empty(2**60, dtype=torch.uint8)
    assert worker.message_of(raised.value) == Message("runs.out_of_memory")
    assert worker.message_of(MemoryError()) == Message("runs.out_of_memory")


def test_an_error_keeps_its_message():
    assert worker.message_of(InputError("runs.queue_full", n=3)) == Message(
        "runs.queue_full", {"n": 3}
    )
    assert worker.message_of(KeyError("x")) == Message(
        "runs.unexpected", {"error": "KeyError", "reason": "'x'"}
    )


def test_reports_are_at_most_four_a_second(tmp_path, reporter):
    start = time.monotonic()
    for batch in range(1_000):
        done = BatchDone(0, batch, 1_000, 1, 0.5, 1, 1, learning_rate=0.001, gradient_norm=1.0)
        reporter.batch(done)
        time.sleep(0.0005)
    points = read_points(tmp_path)
    assert 1 <= len(points) <= 4 * (time.monotonic() - start)


def test_the_curve_of_a_finished_run_ends_where_the_run_ends(quick_data, runs_folder):
    """The last report of a short run is otherwise a quarter of a second older."""
    recipe = dataclasses.replace(QUICK, epochs=2)
    run = put_run(runs_folder, "1", "starting", recipe=recipe)
    Attempt(run.folder, Status("starting")).run()
    batches = [point for point in run.points() if not point["epoch_done"]]
    ends = [point for point in run.points() if point["epoch_done"]]
    assert batches[-1]["epoch"] == ends[-1]["epoch"] == 2
    assert {end["epoch"] for end in ends} <= {point["epoch"] for point in batches}
    assert batches[-1]["answers"] == ends[-1]["answers"]


@pytest.mark.parametrize("action", ["pause", "stop"])
def test_the_curve_of_a_run_that_was_ended_goes_to_its_last_batch(
    quick_data, runs_folder, monkeypatch, action
):
    run = put_run(runs_folder, "1", "starting", recipe=QUICK)
    begin = Training.events

    def with_an_action(training: Training) -> Iterator[Event]:
        for event in begin(training):
            yield event
            if training.step == 2:
                send(run.folder, ActionCommand(action, 7))

    monkeypatch.setattr(Training, "events", with_an_action)
    Attempt(run.folder, Status("starting", claim=7)).run()
    status = run.status()
    assert 0 < status.progress < 1
    assert run.points()[-1]["epoch"] == pytest.approx(status.progress * QUICK.epochs)


def test_a_run_that_diverges_at_once_has_the_curve_until_then(quick_data, runs_folder):
    recipe = dataclasses.replace(QUICK, cell="rnn_relu", learning_rate=10.0)
    run = put_run(runs_folder, "1", "starting", recipe=recipe)
    with pytest.raises(DivergedError):
        Attempt(run.folder, Status("starting")).run()
    assert run.points()


def test_reports_of_a_long_run_become_rarer(tmp_path):
    """Or its curve would grow without end."""
    reporter = reporter_of(tmp_path, Status("starting", seconds=24_000))
    start = time.monotonic()
    while time.monotonic() < start + 0.6:
        reporter.batch(BatchDone(0, 0, 9, 1, 0.5, 1, 1, learning_rate=0.001, gradient_norm=1.0))
    assert read_points(tmp_path) == []


@pytest.mark.parametrize("code", [errno.EACCES, errno.EIO, errno.ESTALE, errno.ENOENT])
def test_a_missed_report_ends_no_run_and_the_next_makes_up_for_it(
    quick_data, runs_folder, monkeypatch, code
):
    """While it trains, the first reports fail for longer than they are tried again."""
    monkeypatch.setattr(files, "RETRY_LIMIT_S", 0.01)
    run = put_run(runs_folder, "1", "starting", recipe=QUICK)
    begin, path_open, replace = Training.events, Path.open, Path.replace
    fails = False

    def refuse(function):
        def call(path, *arguments, **more):
            if fails and path.name.lstrip(".").startswith(("status.json", "metrics.jsonl")):
                raise OSError(code, os.strerror(code))
            return function(path, *arguments, **more)

        return call

    def hold(training: Training) -> Iterator[Event]:
        nonlocal fails
        for event in begin(training):
            fails = training.step < 2 * training.steps_of_epoch
            yield event

    monkeypatch.setattr(Path, "open", refuse(path_open))
    monkeypatch.setattr(Path, "replace", refuse(replace))
    monkeypatch.setattr(Training, "events", hold)
    monkeypatch.setattr(
        Training, "steps_of_epoch", property(lambda self: self._n_batches), raising=False
    )
    Attempt(run.folder, Status("starting")).run()
    assert run.status().state == "finished"
    assert [end["epoch"] for end in run.points() if end["epoch_done"]] == [1, 2, 3]


def test_infinity_becomes_none_in_a_point(tmp_path, reporter):
    time.sleep(0.26)
    reporter.batch(BatchDone(0, 0, 9, 1, 0.5, 1, 1, 0.001, gradient_norm=float("inf")))
    (point,) = read_points(tmp_path)
    assert point["gradient_norm"] is None
