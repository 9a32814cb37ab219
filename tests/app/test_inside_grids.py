"""The grids of the section Tables; tests/browser edits the cells in a browser."""

import json

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from rnn_demo.app.errors import escape_markdown
from rnn_demo.inside import networks
from rnn_demo.inside.presets import PRESETS
from rnn_demo.messages import Message
from tests.app.inside_page import choose, open_inside, section, start


@pytest.fixture
def app(runs_folder, without_mnist) -> AppTest:
    app = open_inside(start(), "SingleRNN")
    return section(app, "tables")


def heatmap(app: AppTest, t: int) -> np.ndarray:
    spec = json.loads(app.get("plotly_chart")[t].proto.spec)
    return np.array(spec["data"][0]["z"])


def expected(index: int, X: torch.Tensor) -> torch.Tensor:
    preset = PRESETS[index]
    sizes = len(preset.X[0]), preset.n_inputs, preset.n_neurons
    model, hx = networks.build(preset, *sizes, 7)
    if index < 2:
        return torch.stack(model(X[0], X[1])).detach()
    states, state = [], hx
    cell = model.rnn if index == 3 else model
    for step in X:
        state = cell(step, state)
        states.append(state)
    return torch.stack(states).detach()


@pytest.mark.parametrize("index", range(4), ids=[preset.class_name for preset in PRESETS])
def test_the_heatmaps_show_what_the_tutorials_model_computes(app, index):
    choose(app, PRESETS[index].class_name)
    states = expected(index, torch.tensor(PRESETS[index].X, dtype=torch.float))
    for t in range(2):
        np.testing.assert_allclose(heatmap(app, t), states[t], atol=1e-6)


def send(app: AppTest, cells: dict[str, object]) -> None:
    """Edit the first row of the first grid."""
    edits = {"edited_rows": {"0": cells}, "added_rows": [], "deleted_rows": []}
    states = app._tree.get_widget_states()
    states.widgets.add(id=app.dataframe[0].proto.id, string_value=json.dumps(edits))
    app._run(states)


@pytest.mark.hostile("NaN, infinity, 1e308, text or nothing in a cell of a grid")
@pytest.mark.parametrize(
    "cells",
    [
        {"in 0": float("nan")},
        {"in 0": float("inf")},
        {"in 0": 1e308},
        {"in 0": 10**400},
        {"in 0": None},
        {"in 0": "<script>"},
        {"in 0": [1]},
    ],
    ids=lambda cells: f"{cells}"[:20],
)
def test_the_server_refuses_what_a_grid_refuses(app, cells):
    """A browser refuses it; this test sends it to the server without a browser."""
    before = heatmap(app, 0)
    send(app, cells)
    assert not app.exception
    np.testing.assert_array_equal(heatmap(app, 0), before)
    assert all("\n" not in error.value and len(error.value) < 200 for error in app.error)


def test_a_number_sent_in_the_same_way_is_accepted(app):
    before = heatmap(app, 0)
    send(app, {"in 0": "-2.5"})
    assert not np.array_equal(heatmap(app, 0), before)


def test_a_bad_cell_is_named_and_the_good_ones_are_taken(app):
    """A number column read "1,5" as 15, and "5k" as its limit."""
    send(app, {"in 0": "1,5", "in 1": "5k", "in 2": "\u22120,25"})
    X = torch.tensor(PRESETS[0].X, dtype=torch.float)
    X[0, 0, 0], X[0, 0, 2] = 1.5, -0.25
    model, _ = networks.build(PRESETS[0], 4, 4, 1, 7)
    np.testing.assert_allclose(heatmap(app, 0), model(X[0], X[1])[0].detach(), atol=1e-6)
    expected = str(Message("inside.cell_not_a_number", {"row": 0, "column": 1, "cell": "5k"}))
    assert [it.value for it in app.error] == [
        escape_markdown(f"{expected} Here the network keeps the last valid number.")
    ]
    assert "“1,5” is read as 1.5." in app.caption[1].value
