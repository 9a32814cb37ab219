"""In what runs differ."""

import json
from dataclasses import asdict

from rnn_demo.runs.compare import Difference, compare
from rnn_demo.runs.run import Run
from rnn_demo.training.recipe import Change, Recipe
from tests.example_runs import put_run


def change(run: Run, *changes: Change) -> None:
    lines = [json.dumps(asdict(each)) + "\n" for each in changes]
    (run.folder / "changes.jsonl").write_text("".join(lines))


def test_only_what_differs_is_compared(tmp_path):
    first = put_run(tmp_path, "1", "finished", recipe=Recipe(), seconds=61.4, test_accuracy=95.678)
    second = put_run(tmp_path, "2", "stopped", recipe=Recipe(cell="gru", epochs=3), seconds=61.3)
    change(first, Change(469, 0.0005), Change(938, 1e-4))
    found = compare([first.snapshot(), second.snapshot()])
    assert found == [
        Difference("cell", ("rnn_tanh", "gru")),
        Difference("epochs", (10, 3)),
        Difference("later_learning_rates", (((0.0005, 0.5), (1e-4, 1.0)), ())),
        Difference("parameters", (28_510, 82_510)),
        Difference("test_accuracy", (95.678, None)),
    ]
    assert compare([first.snapshot()] * 2) == []


def test_a_run_that_trains_has_no_training_time_yet(tmp_path):
    paused = put_run(tmp_path, "1", "paused", seconds=61.4)
    starting = put_run(tmp_path, "2", "queued", seconds=10.0)
    (found,) = compare([paused.snapshot(), starting.snapshot()])
    assert found == Difference("seconds", (61, 10))
