"""What others can use of a run: tables that are read back, code that is parsed."""

import ast
import csv
import io
import json
from dataclasses import fields

import nbformat
import pytest

from rnn_demo.runs import export
from rnn_demo.training.metrics import N_SAMPLE_DIGITS
from rnn_demo.training.presets import PRESETS
from rnn_demo.training.recipe import Change, Recipe
from tests.example_runs import curve, put_run

TINY = Recipe(data="synthetic", fraction=0.05, n_neurons=8, epochs=3, batch_size=50, seed=7)
CHANGES = [Change(5, 0.0123), Change(20, 0.1 + 0.2)]
RECIPES = [*(preset.recipe for preset in PRESETS.values()), TINY]


# The curve


def test_the_table_holds_every_number_of_every_point():
    points = curve(45)
    rows = list(csv.DictReader(io.StringIO(export.to_csv(points))))
    assert len(rows) == len(points) == 47
    for row, point in zip(rows, points, strict=True):
        for name in ("epoch", "loss", "accuracy", "learning_rate", "gradient_norm"):
            assert float(row[name]) == point[name]
        confidence = [float(row[f"confidence_{i}"]) for i in range(N_SAMPLE_DIGITS)]
        assert confidence == point["confidence"]
        assert [int(row[f"answers_{i}"]) for i in range(N_SAMPLE_DIGITS)] == point["answers"]
        assert row["epoch_done"] == str(point["epoch_done"])
    assert float(rows[20]["tutorial_loss"]) == points[20]["tutorial_loss"]
    assert rows[0]["tutorial_loss"] == ""


def test_what_was_not_measured_is_empty_in_the_table():
    bare = curve(1)[0] | {"answers": [], "confidence": [], "gradient_norm": None}
    (row,) = csv.DictReader(io.StringIO(export.to_csv([bare])))
    assert row["gradient_norm"] == row["answers_0"] == row["confidence_11"] == ""


# The code


def test_the_notebook_is_valid_and_holds_the_script():
    replay = export.replay(TINY, CHANGES, 7)
    notebook = nbformat.reads(replay.notebook, as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    cells = ["".join(cell.source) for cell in notebook.cells if cell.cell_type == "code"]
    assert replay.source.endswith("\n\n".join(cells) + "\n")


def test_the_code_says_for_which_machine_it_holds():
    replay = export.replay(TINY)
    title = ast.get_docstring(ast.parse(replay.source))
    assert "On one machine, on a CPU, bit for bit" in title
    assert "".join(json.loads(replay.notebook)["cells"][0]["source"]) == f"# {title}"


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.cell)
def test_the_code_names_only_what_differs_from_the_defaults(recipe):
    tree = ast.parse(export.replay(recipe, CHANGES).source)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    (call,) = [c for c in calls if isinstance(c.func, ast.Name) and c.func.id == "Recipe"]
    given = {word.arg: ast.literal_eval(word.value) for word in call.keywords}
    assert Recipe(**given) == recipe
    assert all(
        given[field.name] != field.default for field in fields(Recipe) if field.name in given
    )


def test_a_stopped_run_is_cut_at_its_step(tmp_path):
    run = put_run(tmp_path, "20260102-030405-abc", "stopped", recipe=TINY, progress=7 / 36)
    assert export.stopped_at(run.snapshot()) == 7  # of 3 epochs with 12 batches
    assert "training.step == 7:" in export.replay(TINY, [], 7).source


def test_a_paused_run_is_repeated_up_to_its_last_whole_epoch(tmp_path):
    run = put_run(tmp_path, "20260102-030405-abc", "paused", recipe=TINY)
    assert export.stopped_at(run.snapshot()) is None  # no network yet: all of it
    run.weights.write_bytes(b"")
    card = {"recipe": TINY.to_json(), "data_digest": "", "test_digest": "", "torch": ""}
    run.weights.with_suffix(".json").write_text(json.dumps(card | {"epochs_done": 2}))
    assert export.stopped_at(run.snapshot()) == 2 * 12  # 600 images in batches of 50
