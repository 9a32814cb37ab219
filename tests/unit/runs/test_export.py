"""What a run leaves behind: tables that are read back, code that is executed."""

import ast
import contextlib
import csv
import io
import json
import os
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path

import pytest
import torch
from rnn_demo.training.wording import NAMES, PRESETS, difference, differing, format_value, summary
from safetensors.torch import load_file
from torch import nn

from rnn_demo.runs import export
from rnn_demo.runs.state import Status
from rnn_demo.runs.store import Run
from rnn_demo.training import data
from rnn_demo.training.recipe import RECIPES, Change, Recipe
from rnn_demo.training.resources import n_parameters
from tests.example_runs import curve, put_run

TINY = Recipe(data="synthetic", fraction=0.05, n_neurons=8, epochs=3, batch_size=50, seed=7)
CHANGES = [Change(5, 0.0123), Change(20, 0.1 + 0.2)]


# The curve


def test_the_table_holds_every_number_of_every_point():
    points = curve(45)
    rows = list(csv.DictReader(io.StringIO(export.to_csv(points))))
    assert len(rows) == len(points) == 47
    for row, point in zip(rows, points, strict=True):
        for name in ("step", "loss", "accuracy", "learning_rate", "gradient_norm"):
            assert float(row[name]) == point[name]
        assert [float(row[f"sureness_{i}"]) for i in range(12)] == point["confidence"]
        assert [int(row[f"answer_{i}"]) for i in range(12)] == point["answers"]
        assert row["epoch_done"] == str(point["epoch_done"])
    assert float(rows[20]["tutorial_loss"]) == points[20]["tutorial_loss"]
    assert rows[0]["tutorial_loss"] == ""


def test_what_was_not_measured_is_empty_in_the_table():
    bare = curve(1)[0] | {"answers": [], "confidence": [], "gradient_norm": None}
    (row,) = csv.DictReader(io.StringIO(export.to_csv([bare])))
    assert row["gradient_norm"] == row["answer_0"] == row["sureness_11"] == ""


# The code


def train(folder: Path, recipe: Recipe, *, changes: list[Change], stop: bool = False) -> Run:
    """A run trained by a worker, in a process of its own."""
    run = put_run(folder, "20260102-030405-abc", "starting", recipe=recipe)
    # Nobody may become code by a name.
    name = {"name": 'x"""\'); import os; os.abort()  # '}
    (run.folder / "name.json").write_text(json.dumps(name))
    lines = [json.dumps({"step": c.step, "learning_rate": c.learning_rate}) for c in changes]
    (run.folder / "changes.jsonl").write_text("".join(f"{line}\n" for line in lines))
    if stop:
        (run.folder / "request.json").write_text('{"action": "stop"}')
    command = [sys.executable, "-m", "rnn_demo.runs.worker", str(run.folder)]
    repository = Path(__file__).parents[3]
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


def executed(source: str, folder: Path) -> dict[str, object]:
    namespace: dict[str, object] = {}
    with contextlib.chdir(folder), contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(source, "replay", "exec"), namespace)
    return namespace | {"printed": printed.getvalue()}


@pytest.mark.parametrize("kind", ["source", "notebook"])
@pytest.mark.parametrize("which", ["finished", "stopped"])
def test_the_code_gives_the_same_weights_bit_for_bit(which, kind, request, tmp_path):
    run = request.getfixturevalue(which)
    code = getattr(export.replay(run.recipe, run.changes(), export.stopped_at(run)), kind)
    if kind == "notebook":
        notebook = json.loads(code)
        assert notebook["nbformat"] == 4
        cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        code = "\n".join("".join(cell["source"]) for cell in cells)
    result = executed(code, tmp_path)
    theirs, ours = load_file(tmp_path / "network.safetensors"), load_file(run.weights)
    assert theirs.keys() == ours.keys()
    assert all(torch.equal(theirs[name], ours[name]) for name in ours)
    assert f"test accuracy, exact: {run.status().test_accuracy:.2f} %" in str(result["printed"])


def test_a_stopped_run_is_cut_at_its_step(stopped):
    assert export.stopped_at(stopped) == 1
    assert "training.step == 1:" in export.replay(stopped.recipe, [], 1).source


def test_without_its_changes_the_weights_would_be_others(finished, tmp_path):
    executed(export.replay(finished.recipe).source, tmp_path)
    theirs, ours = load_file(tmp_path / "network.safetensors"), load_file(finished.weights)
    assert not all(torch.equal(theirs[name], ours[name]) for name in ours)


@pytest.mark.parametrize("recipe", [*RECIPES.values(), TINY], ids=lambda recipe: recipe.cell)
def test_the_code_names_only_what_differs_from_the_defaults(recipe):
    tree = ast.parse(export.replay(recipe, CHANGES).source)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    (call,) = [c for c in calls if isinstance(c.func, ast.Name) and c.func.id == "Recipe"]
    given = {word.arg: ast.literal_eval(word.value) for word in call.keywords}
    assert Recipe(**given) == recipe
    assert all(
        given[field.name] != field.default for field in fields(Recipe) if field.name in given
    )


def test_a_paused_run_is_repeated_up_to_its_last_whole_epoch(tmp_path):
    run = put_run(tmp_path, "20260102-030405-abc", "paused", recipe=TINY)
    assert export.stopped_at(run) is None  # no network yet: all of it
    run.weights.write_bytes(b"")
    card = {"recipe": TINY.to_json(), "data_digest": "", "test_digest": "", "torch": ""}
    run.weights.with_suffix(".json").write_text(json.dumps(card | {"epochs_done": 2}))
    assert export.stopped_at(run) == 2 * 12  # 600 images in batches of 50


# Counting


@pytest.mark.parametrize("cell", ["rnn_tanh", "gru", "lstm"])
@pytest.mark.parametrize("layers", [1, 3])
def test_parameters_are_counted_as_pytorch_does(cell, layers):
    recipe = Recipe(cell=cell, n_neurons=37, num_layers=layers)
    kinds = {"rnn_tanh": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}
    modules = [kinds[cell](28, 37, layers), nn.Linear(37, 10)]
    expected = sum(each.numel() for module in modules for each in module.parameters())
    assert n_parameters(recipe) == expected


@pytest.mark.parametrize(
    "recipe",
    [
        TINY,
        replace(TINY, validation=333, fraction=0.377, synthetic=55, non_digits=7, batch_size=64),
    ],
    ids=["plain", "mixed"],
)
def test_an_epoch_has_as_many_steps_as_batches_are_loaded(recipe):
    assert export.batches_in_epoch(recipe) == -(-len(data.load(recipe).train) // recipe.batch_size)


def test_an_epoch_of_mnist_has_the_tutorials_938_batches(real_mnist):
    assert export.batches_in_epoch(Recipe()) == 938
    assert (
        export.batches_in_epoch(Recipe(data="synthetic", validation=12_000)) == 1
    )  # of a stranger
    recipe = Recipe(validation=5_000, fraction=0.3, synthetic=100)
    assert export.batches_in_epoch(recipe) == -(-len(data.load(recipe).train) // 64)


# Comparing


def test_only_what_differs_is_compared():
    recipes = [Recipe(), Recipe(cell="gru", epochs=3)]
    statuses = [
        Status("finished", seconds=61.4, test_accuracy=95.678),
        Status("stopped", seconds=61.3),
    ]
    changes = [[Change(94, 0.0005), Change(938, 1e-4)], []]
    assert export.comparison(recipes, changes, statuses) == {
        "Cell": ["tanh", "GRU"],
        "Epochs": ["10", "3"],
        "Learning rate, later": ["0.0005 from epoch 0.10, 0.0001 from epoch 1.00", "unchanged"],
        "Parameters": ["28,510", "82,510"],
        "Test accuracy": ["95.68 %", "none"],
    }
    assert export.comparison(recipes[:1] * 2, changes[:1] * 2, statuses[:1] * 2) == {}


# In words


def test_every_part_of_a_recipe_has_a_name():
    assert NAMES.keys() == {field.name for field in fields(Recipe)}
    assert PRESETS.keys() == RECIPES.keys()


def test_a_difference_is_told_in_one_sentence():
    assert difference(Recipe(), Recipe()) == ""
    other = Recipe(cell="gru", learning_rate=0.0005, validation=5_000)
    assert difference(other, Recipe()) == (
        "Unlike the preset: cell GRU instead of tanh, learning rate 0.0005 instead of 0.001, "
        "held-out images 5,000 instead of 0."
    )


def test_the_heart_of_a_recipe():
    assert summary(Recipe(epochs=1)).endswith(", 1 epoch of MNIST")
    assert summary(Recipe()) == "150 tanh units, Adam at 0.001, 10 epochs of MNIST"
    gated = replace(RECIPES["gated"], num_layers=2)
    assert summary(gated) == (
        "2 layers of 208 LSTM units, Adam at 0.003, 26 epochs of MNIST and synthetic digits"
    )


def test_numbers_keep_their_digits():
    assert format_value("learning_rate", 1e-6) == "1e-06"
    assert format_value("seed", 9999) == "9999"
    assert format_value("synthetic", 40_000) == "40,000"
    assert differing([Recipe(fraction=0.5), Recipe(fraction=0.25)]) == {
        "Part of the data": ["0.5", "0.25"]
    }
