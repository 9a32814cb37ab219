"""Files of a run that anyone may have damaged: named, and never the end of a page."""

import dataclasses
import json
import os
import shutil
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rnn_demo.app.draw.model_list import available_models
from rnn_demo.runs import store
from rnn_demo.runs.commands import read_request
from rnn_demo.runs.state import Status, write_status
from rnn_demo.training import checkpoint
from rnn_demo.training.build import build
from rnn_demo.training.recipe import Recipe
from rnn_demo.training.result import Mistake, Result

OWNER = "0123456789abcdef"
RECIPE = Recipe(n_neurons=3)
RESULT = Result(50.0, [[1] * 10] * 10, [Mistake(1, 2, 3, 0.5)], 51.0, 100)
FILES = [
    "recipe.json",
    "name.json",
    "status.json",
    "metrics.jsonl",
    "changes.jsonl",
    "request.json",
    "result.json",
    "checkpoints/last.json",
    "checkpoints/last.safetensors",
    "checkpoints/training.safetensors",
]
OTHERS = ["worker.lock", "worker.log", "checkpoints"]


@pytest.fixture
def run(runs_folder) -> store.Run:
    """A finished run with every file there can be."""
    folder = runs_folder / OWNER / "20260131-235901-0a1b2c3d"
    run = store.Run(folder)
    folder.mkdir(parents=True)
    checkpoint.save(run.weights, build(RECIPE), checkpoint.Card(RECIPE, "", "", ""))
    shutil.copy(run.weights, run.weights.with_stem("training"))
    contents = {
        "recipe.json": RECIPE.to_json(),
        "name.json": {"name": "Mine"},
        "metrics.jsonl": {"step": 1, "loss": 1.0, "accuracy": 50.0, "epoch_done": True},
        "changes.jsonl": {"step": 1, "learning_rate": 0.1},
        "request.json": {"action": "stop", "learning_rate": 0.1},
        "result.json": dataclasses.asdict(RESULT),
    }
    for name, content in contents.items():
        (folder / name).write_text(json.dumps(content) + "\n")
    write_status(folder, Status("finished", loss=1.0))
    (folder / "worker.lock").touch()
    (folder / "worker.log").write_text("all is well")
    return run


def look(run: store.Run) -> list[str]:
    """All that a page looks at; what is wrong with the files."""
    assert store.runs_of(OWNER) == [run]
    status = run.status()
    assert isinstance(status.describe(10), str)
    assert isinstance(run.title, str)
    run.title.encode()
    json.dumps([run.metrics(), run.metrics(1)], allow_nan=False)
    assert run.result() in (None, RESULT) or isinstance(run.result(), Result)
    assert all(0 < change.learning_rate <= 10 for change in run.changes())
    assert read_request(run.folder).action in (None, "pause", "stop")
    with suppress(ValueError):  # there may be no recipe
        rate = run.learning_rate()
        assert isinstance(rate, float)
        assert 1e-6 <= rate <= 10
    assert run.queue_place() == 0
    assert run.has_network in (True, False)
    assert len(available_models(OWNER)) in (
        len(checkpoint.pretrained()),
        len(checkpoint.pretrained()) + 1,
    )
    store.advance()
    problems = run.problems()
    assert all(problem.endswith(".") and "\n" not in problem for problem in problems)
    return problems


def test_nothing_is_wrong_with_a_whole_run(run):
    assert look(run) == []
    assert run.result() == RESULT
    assert run.title == "Mine"


GARBAGE = [
    b"",
    b"\x00\xff" * 100,
    b"null",
    b"[]",
    b"7",
    b'"text"',
    b"{",
    b"[" * 100_000,
    b"1" * 10_000,
    b'{"surprise": NaN}',
]


@pytest.mark.hostile("a run whose files are garbage")
@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("content", GARBAGE, ids=lambda content: repr(content[:12]))
def test_garbage_is_named(run, name, content):
    (run.folder / name).write_bytes(content + b"\n" * name.endswith("jsonl"))
    problems = look(run)
    harmless = (name, content) == ("request.json", b'{"surprise": NaN}')
    assert len(problems) == (0 if harmless else 1)
    assert all(name.rpartition("/")[2] in problem for problem in problems)


@pytest.mark.hostile("a run whose files are folders, pipes or links")
@pytest.mark.parametrize("name", FILES + OTHERS)
@pytest.mark.parametrize("kind", ["folder", "link out", "link to nothing", "pipe"])
def test_something_else_in_a_files_place_is_named(run, name, kind, tmp_path):
    path = run.folder / name
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    if kind == "folder" and name == "checkpoints":
        kind = "pipe"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        outside = tmp_path / "outside"
        if kind == "link out":
            outside.write_text(json.dumps({"name": "secret"}))
        path.symlink_to(outside)
    problems = look(run)
    assert len(problems) == 1
    assert path.name in problems[0]
    assert run.title != "secret"


@pytest.mark.hostile("a run whose files are cut short")
@pytest.mark.parametrize("name", FILES)
def test_a_file_that_was_cut_off_is_named(run, name):
    path = run.folder / name
    path.write_bytes(path.read_bytes()[:-9])
    problems = look(run)
    # Half a last line is one that is being written.
    assert len(problems) == (0 if name == "metrics.jsonl" else 1)


@pytest.mark.parametrize("name", ["recipe.json", "status.json"])
def test_a_missing_file_is_named(run, name):
    (run.folder / name).unlink()
    assert look(run) == [f"{name} is missing."]


@pytest.mark.hostile("a run with files that are none of a run's")
def test_foreign_files_are_named(run):
    (run.folder / "holiday\n.jpg").touch()
    (run.folder / "checkpoints" / "other.safetensors").mkdir()
    (run.folder / ".status.json.123").touch()
    assert look(run) == [
        "holiday\N{REPLACEMENT CHARACTER}.jpg does not belong to a run.",
        "checkpoints/other.safetensors does not belong to a run.",
    ]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-1", "1e999", "1" + "0" * 400, '"1"', "{}"])
@pytest.mark.parametrize(
    "field", ["epoch", "progress", "loss", "accuracy", "seconds", "seconds_left", "attempts"]
)
def test_numbers_that_are_none_make_a_status_garbage(run, field, number):
    path = run.folder / "status.json"
    value = json.loads(path.read_text()) | {field: "?"}
    path.write_text(json.dumps(value).replace('"?"', number))
    assert look(run) == ["status.json is damaged."]
    assert run.status() == Status("failed", message="status.json is damaged.")


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "1e999", "1" + "0" * 400, "true", "[]"])
@pytest.mark.parametrize("field", ["step", "loss", "accuracy", "gradient_norm", "validation_loss"])
def test_numbers_that_are_none_make_a_point_garbage(run, field, number):
    path = run.folder / "metrics.jsonl"
    value = json.loads(path.read_text()) | {field: "?"}
    path.write_text(json.dumps(value).replace('"?"', number) + "\n")
    assert look(run) == ["metrics.jsonl is damaged from line 1 on."]


def test_what_follows_a_damaged_line_is_not_shown(run):
    path = run.folder / "metrics.jsonl"
    path.write_bytes(path.read_bytes() + b"garbage\n" + path.read_bytes())
    assert len(run.metrics()) == 1
    assert run.metrics(1) == []
    assert look(run) == ["metrics.jsonl is damaged from line 2 on."]


def test_a_damaged_run_can_be_deleted(run):
    for name in FILES:
        (run.folder / name).write_bytes(b"\xff")
    run.delete()
    assert store.runs_of(OWNER) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@pytest.mark.hostile("any bytes in the files of a run")
@given(name=st.sampled_from(FILES + OTHERS[:2]), content=st.binary())
@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_bytes_in_any_file(run, name, content):
    look_with(run, name, content)


@pytest.mark.hostile("any JSON in the files of a run")
@given(name=st.sampled_from(FILES[:8]), data=st.data())
@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_json_in_any_place(run, name, data):
    """What is there, with some of its values replaced by any others."""
    value = json.loads((run.folder / name).read_bytes())
    keys = st.sampled_from([*value, "surprise"])
    value |= data.draw(st.dictionaries(keys, JSON, min_size=1, max_size=3))
    look_with(run, name, json.dumps(value).encode() + b"\n")


@pytest.mark.parametrize(
    "wish", [b'{"learning_rate": 50}', b'{"learning_rate": 1}', b'{"learning_rate": 0.0}']
)
def test_a_wish_that_nobody_may_have_breaks_no_page(run, wish):
    look_with(run, "request.json", wish)


def look_with(run: store.Run, name: str, content: bytes) -> None:
    """Look at a run with another content in one of its files."""
    path = run.folder / name
    before = path.read_bytes()
    path.write_bytes(content)
    try:
        look(run)
    finally:
        path.write_bytes(before)
