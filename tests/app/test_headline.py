"""The header line of Train: how far a run is, and one accuracy."""

from dataclasses import replace
from pathlib import Path

import pytest

from rnn_demo.app.train.headline import headline, note
from rnn_demo.app.train.sentences import advice
from rnn_demo.messages import Message
from rnn_demo.runs.run import Snapshot
from rnn_demo.runs.state import State
from rnn_demo.training.recipe import Recipe
from tests.example_runs import put_run, write_status

RECIPE = Recipe(data="synthetic", epochs=6, validation=500)
END = {
    "epoch": 2.0,
    "epoch_done": True,
    "loss": 0.05,
    "accuracy": 99.1,
    "validation_accuracy": 98.64,
}


def snapshot(folder: Path, state: State, recipe: Recipe = RECIPE, **status: object) -> Snapshot:
    run = put_run(folder, "20260102-030401-abcdef01", "paused", recipe=recipe)
    write_status(run, "paused", **status)
    taken = run.snapshot()
    # Without a worker that would hold its lock.
    return replace(taken, number=1, status=replace(taken.status, state=state))


@pytest.mark.parametrize(
    ("state", "status", "end", "line"),
    [
        ("starting", {}, None, "Run 1: starting, no accuracy yet"),
        ("running", {"epoch": 2}, None, "Run 1: [[epoch]] 3 of 6, no accuracy yet"),
        (
            "running",
            {"epoch": 2},
            END,
            "Run 1: [[epoch]] 3 of 6, 98.6 % on images it has never seen",
        ),
        (
            "running",
            {"epoch": 2},
            END | {"validation_accuracy": None},
            "Run 1: [[epoch]] 3 of 6, no accuracy yet",
        ),
        (
            "finished",
            {"epoch": 6, "test_accuracy": 97.23},
            END,
            "Run 1: finished after 6 [[epochs|epoch]], 97.2 % on images it has never seen",
        ),
        (
            "stopped",
            {"epoch": 2, "test_accuracy": 99.97},
            END,
            "Run 1: stopped after 2 of 6 [[epochs|epoch]], 99.9 % on images it has never seen",
        ),
        (
            "finished",
            {"epoch": 6, "test_accuracy": 100.0},
            END,
            "Run 1: finished after 6 [[epochs|epoch]], 100.0 % on images it has never seen",
        ),
    ],
)
def test_the_header_has_one_accuracy(tmp_path, state, status, end, line):
    """That on the validation images, and at the end that on the test images."""
    header = headline(snapshot(tmp_path, state, **status), "", end)
    assert f"{header['title']} {header['text']}" == line


def test_a_named_run_is_called_by_its_name(tmp_path):
    run = replace(snapshot(tmp_path, "running"), name="[[epoch]] <b>")
    assert headline(run, "[[epoch]] <b>", None)["title"] == "[[epoch]] <b>:"


def test_the_header_says_what_time_is_left(tmp_path):
    known = snapshot(tmp_path / "1", "running", images_per_second=1234.5, seconds_left=300)
    assert headline(known, "", None)["detail"] == "1,234 images/s, about 5 min left"
    unknown = snapshot(tmp_path / "2", "running", images_per_second=1234.5)
    assert headline(unknown, "", None)["detail"] == "1,234 images/s"


def test_the_note_says_which_images_the_accuracy_is_measured_on(tmp_path):
    running, ended = snapshot(tmp_path / "1", "running"), {"test_accuracy": 90.0}
    assert "500 images that are kept aside ([[validation]])" in note(running, END)["text"]
    without = snapshot(tmp_path / "2", "running", replace(RECIPE, validation=0))
    assert "at the end, on the [[test images]]" in note(without, None)["text"]
    finished = snapshot(tmp_path / "3", "finished", **ended)
    assert not note(finished, END)["urgent"]
    assert note(finished, END)["text"] == "Measured on the [[test images]], after the training."


def test_the_note_says_what_went_wrong_instead(tmp_path):
    run = snapshot(tmp_path, "running")
    advised = note(run, END | {"loss": 102.0, "accuracy": 10.0, "validation_accuracy": 10.0})
    assert advised["urgent"]
    assert advised["text"] == advice(run, END | {"loss": 102.0, "validation_accuracy": 10.0})


def test_a_run_says_that_the_cpu_trains_in_place_of_a_card_that_cannot_be_used(tmp_path):
    problem = Message("runs.device_unusable", {"device": "cuda"})
    shown = note(snapshot(tmp_path, "running", device_problem=problem), None)
    assert str(problem) in shown["text"]
    assert not shown["urgent"]
