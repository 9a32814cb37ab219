"""The batches of the flow lab in grids; edits are made in a browser, in tests/browser."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from rnn_demo.presets import PRESETS

APP = Path(__file__).parents[2] / "streamlit_app.py"


@pytest.fixture
def app(runs_folder, without_mnist) -> AppTest:
    app = AppTest.from_file(APP, default_timeout=60).run()
    app.segmented_control(key="lab/section").set_value("Grids").run()
    assert not app.exception
    return app


def heatmap(app: AppTest, t: int) -> np.ndarray:
    spec = json.loads(app.get("plotly_chart")[t].proto.spec)
    return np.array(spec["data"][0]["z"])


def expected(index: int, X: torch.Tensor) -> torch.Tensor:
    model, hx = PRESETS[index].network(PRESETS[index].n_neurons, 7)
    if index < 2:
        return torch.stack(model(X[0], X[1])).detach()
    states, state = [], model.hx if hx is None else hx
    cell = model if hx is not None else model.rnn
    for step in X:
        state = cell(step, state)
        states.append(state)
    return torch.stack(states).detach()


@pytest.mark.parametrize("index", range(4), ids=[preset.title for preset in PRESETS])
def test_the_heatmaps_show_what_the_tutorials_model_computes(app, index):
    app.segmented_control(key="lab/model").set_value(PRESETS[index].class_name).run()
    states = expected(index, torch.tensor(PRESETS[index].X, dtype=torch.float))
    for t in range(2):
        np.testing.assert_allclose(heatmap(app, t), states[t], atol=1e-6)
