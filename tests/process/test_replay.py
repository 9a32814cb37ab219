"""Code that repeats a run is executed, and gives the same network."""

import contextlib
import io
import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from rnn_demo.runs import export
from rnn_demo.runs.commands import ActionCommand, send
from rnn_demo.runs.run import Run
from rnn_demo.runs.state import read_claim
from rnn_demo.training.recipe import Change, Recipe
from tests.example_runs import claim, put_run

TINY = Recipe(data="synthetic", fraction=0.05, n_neurons=8, epochs=3, batch_size=50, seed=7)
CHANGES = [Change(5, 0.0123), Change(20, 0.1 + 0.2)]


def train(folder: Path, recipe: Recipe, *, changes: list[Change], stop: bool = False) -> Run:
    """A run trained by a worker, in a process of its own."""
    run = put_run(folder, "20260102-030405-abc", "paused", recipe=recipe)
    # A name must not become code.
    name = {"name": 'x"""\'); import os; os.abort()  # '}
    (run.folder / "name.json").write_text(json.dumps(name))
    lines = [json.dumps(asdict(change)) for change in changes]
    (run.folder / "changes.jsonl").write_text("".join(f"{line}\n" for line in lines))
    claim(run)
    if stop:
        send(run.folder, ActionCommand("stop", read_claim(run.folder).moment))
    command = [sys.executable, "-m", "rnn_demo.runs.worker", str(run.folder)]
    repository = Path(__file__).parents[2]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    subprocess.run(command, cwd=repository, env=environment, check=True, timeout=120)
    assert run.status().state == ("stopped" if stop else "finished"), run.status()
    return run


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return train(tmp_path_factory.mktemp("finished"), TINY, changes=CHANGES)


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return train(tmp_path_factory.mktemp("stopped"), TINY, changes=[], stop=True)


def execute(source: str, folder: Path) -> str:
    """Run a script in a folder, and return what it prints."""
    with contextlib.chdir(folder), contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(source, "replay", "exec"), {})
    return printed.getvalue()


@pytest.mark.parametrize("kind", ["source", "notebook"])
@pytest.mark.parametrize("which", ["finished", "stopped"])
def test_the_code_gives_the_same_weights_bit_for_bit(which, kind, request, tmp_path):
    run = request.getfixturevalue(which).snapshot()
    code = getattr(export.replay(run.recipe, run.changes, export.stopped_at(run)), kind)
    if kind == "notebook":
        cells = [cell for cell in json.loads(code)["cells"] if cell["cell_type"] == "code"]
        code = "\n".join("".join(cell["source"]) for cell in cells)
    printed = execute(code, tmp_path)
    theirs, ours = load_file(tmp_path / "network.safetensors"), load_file(run.weights)
    assert theirs.keys() == ours.keys()
    assert all(torch.equal(theirs[name], ours[name]) for name in ours)
    assert f"{run.status.test_accuracy:.2f} %" in printed.splitlines()[-1]


def test_a_run_that_is_stopped_before_its_first_step_has_made_one(stopped):
    assert export.stopped_at(stopped.snapshot()) == 1


def test_without_its_changes_the_weights_would_be_others(finished, tmp_path):
    execute(export.replay(finished.snapshot().recipe).source, tmp_path)
    theirs, ours = load_file(tmp_path / "network.safetensors"), load_file(finished.weights)
    assert not all(torch.equal(theirs[name], ours[name]) for name in ours)
