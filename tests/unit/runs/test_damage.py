"""Damaged files of a run: each is named, and none ends a page."""

import dataclasses
import json
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rnn_demo.app.draw.model_list import available_models
from rnn_demo.app.run_titles import run_title
from rnn_demo.messages import Message
from rnn_demo.runs import store
from rnn_demo.runs.commands import ActionCommand, RateCommand, read_commands
from rnn_demo.runs.state import Claim, Status, write_claim, write_status
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
    "commands.jsonl",
    "claim.json",
    "result.json",
    "checkpoints/last.json",
    "checkpoints/last.safetensors",
    "checkpoints/training.safetensors",
]
OTHERS = ["worker.lock", "worker.log", "checkpoints"]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a finished run with every file there can be."""
    folder = tmp_path_factory.mktemp("whole") / "20260131-235901-0a1b2c3d"
    run = store.Run(folder)
    folder.mkdir(parents=True)
    checkpoint.save(run.weights, build(RECIPE), checkpoint.Card(RECIPE, "", "", ""))
    shutil.copy(run.weights, run.weights.with_stem("training"))
    contents = {
        "recipe.json": RECIPE.to_json(),
        "name.json": {"name": "Mine"},
        "metrics.jsonl": {"epoch": 1, "loss": 1.0, "accuracy": 50.0, "epoch_done": True},
        "changes.jsonl": {"step": 1, "learning_rate": 0.1},
        "commands.jsonl": {"learning_rate": 0.1},
        "result.json": dataclasses.asdict(RESULT),
    }
    for name, content in contents.items():
        (folder / name).write_text(json.dumps(content) + "\n")
    write_claim(folder, Claim(1, over=True))
    write_status(folder, Status("finished", claim=1, loss=1.0))
    (folder / "worker.lock").touch()
    (folder / "worker.log").write_text("all is well")
    return folder


@pytest.fixture
def run(whole, runs_folder) -> store.Run:
    """A copy of a whole run."""
    return store.Run(shutil.copytree(whole, runs_folder / OWNER / whole.name))


def look(run: store.Run) -> list[Message]:
    """All that a page looks at; what is wrong with the files."""
    assert store.runs_of(OWNER) == [run]
    (snapshot,) = store.snapshots_of(OWNER)
    run_title(snapshot).encode()
    for message in (snapshot.status.stage, snapshot.status.message):
        str(message).encode()
    json.dumps([run.points(), run.points(1)], allow_nan=False)
    assert snapshot.result in (None, RESULT) or isinstance(snapshot.result, Result)
    assert all(0 < change.learning_rate <= 10 for change in snapshot.changes)
    for command in read_commands(run.folder):
        assert command is None or isinstance(command, ActionCommand | RateCommand)
    if snapshot.recipe is not None:
        assert isinstance(snapshot.next_learning_rate, float)
        assert 1e-6 <= snapshot.next_learning_rate <= 10
    assert snapshot.queue_place == 0
    assert snapshot.has_network in (True, False)
    n_shipped = len(checkpoint.pretrained())
    assert len(available_models(OWNER)) in (n_shipped, n_shipped + 1)
    store.advance()
    damage = run.damage()
    assert all(str(message).endswith(".") and "\n" not in str(message) for message in damage)
    return damage


def test_nothing_is_wrong_with_a_whole_run(run):
    assert look(run) == []
    assert run.snapshot().result == RESULT
    assert run.snapshot().name == "Mine"


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
    (message,) = look(run)
    assert name.rpartition("/")[2] in str(message)


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
    (message,) = look(run)
    assert path.name in str(message)
    assert run.snapshot().name != "secret"


@pytest.mark.hostile("a run whose files are cut short")
@pytest.mark.parametrize("name", FILES)
def test_a_file_that_was_cut_off_is_named(run, name):
    path = run.folder / name
    path.write_bytes(path.read_bytes()[:-9])
    damage = look(run)
    # Half a last line is still being written.
    assert len(damage) == (0 if name == "metrics.jsonl" else 1)


@pytest.mark.parametrize("name", ["recipe.json", "status.json"])
def test_a_missing_file_is_named(run, name):
    (run.folder / name).unlink()
    assert look(run) == [Message("files.missing", {"name": name})]


def test_foreign_files_are_left_alone(run):
    (run.folder / "holiday\n.jpg").touch()
    (run.folder / "checkpoints" / "other.safetensors").mkdir()
    assert look(run) == []


def test_before_a_worker_has_written_a_status_none_is_missing(run):
    for path in ("status.json", "metrics.jsonl", "result.json"):
        (run.folder / path).unlink()
    assert look(run) == []
    assert run.status().state == "interrupted"


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-1", "1e999", "1" + "0" * 400, '"1"', "{}"])
@pytest.mark.parametrize(
    "field",
    ["epoch", "progress", "loss", "accuracy", "seconds", "seconds_left", "attempts", "claim"],
)
def test_invalid_numbers_damage_a_status(run, field, number):
    path = run.folder / "status.json"
    value = json.loads(path.read_text()) | {field: "?"}
    path.write_text(json.dumps(value).replace('"?"', number))
    (message,) = look(run)
    assert message.values["name"] == "status.json"
    assert run.status().state == "failed"
    assert run.status().message == Message("files.damaged", {"name": "status.json"})


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "1e999", "1" + "0" * 400, "true", "[]"])
@pytest.mark.parametrize("field", ["epoch", "loss", "accuracy", "gradient_norm", "validation_loss"])
def test_invalid_numbers_damage_a_point(run, field, number):
    path = run.folder / "metrics.jsonl"
    value = json.loads(path.read_text()) | {field: "?"}
    path.write_text(json.dumps(value).replace('"?"', number) + "\n")
    assert look(run) == [Message("runs.line_damaged", {"file": "metrics.jsonl", "line": 1})]


def test_what_follows_a_damaged_line_is_not_shown(run):
    path = run.folder / "metrics.jsonl"
    path.write_bytes(path.read_bytes() + b"garbage\n" + path.read_bytes())
    assert len(run.points()) == 1
    assert run.points(1) == []
    assert look(run) == [Message("runs.line_damaged", {"file": "metrics.jsonl", "line": 2})]


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
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_bytes_in_any_file(run, name, content):
    look_with(run, name, content)


@pytest.mark.hostile("any JSON in the files of a run")
@given(name=st.sampled_from(FILES[:9]), data=st.data())
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_json_in_any_place(run, name, data):
    """What is there, with some of its values replaced by any others."""
    value = json.loads((run.folder / name).read_bytes())
    keys = st.sampled_from([*value, "surprise"])
    value |= data.draw(st.dictionaries(keys, JSON, min_size=1, max_size=3))
    look_with(run, name, json.dumps(value).encode() + b"\n")


@pytest.mark.parametrize(
    "command", [b'{"learning_rate": 50}', b'{"learning_rate": 1}', b'{"action": "dance"}', b"7"]
)
def test_a_command_that_nobody_may_give_breaks_no_page(run, command):
    look_with(run, "commands.jsonl", command + b"\n")


def look_with(run: store.Run, name: str, content: bytes) -> None:
    """Look at a run with another content in one of its files."""
    path = run.folder / name
    before = path.read_bytes()
    path.write_bytes(content)
    try:
        look(run)
    finally:
        path.write_bytes(before)
