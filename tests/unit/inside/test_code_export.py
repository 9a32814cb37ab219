"""The generated code is executed, and its tensors are compared with those on screen."""

import contextlib
import io
import itertools
import json
from dataclasses import replace

import nbformat
import numpy as np
import pytest
import torch

from rnn_demo.inside import code_export, compute
from rnn_demo.inside.presets import PRESETS
from rnn_demo.inside.state import InsideState

STATES = [
    replace(InsideState.of(preset), activation=activation, hx=hx)
    for preset, activation, hx in itertools.product(
        PRESETS, ("tanh", "relu", "none"), ("zero", "random", "typed")
    )
]
LARGE = [
    replace(
        InsideState.of(preset), n_steps=12, batch=16, n_inputs=8, n_neurons=16, scale=0.15, seed=3
    )
    for preset in PRESETS
]
SMALL = [
    replace(InsideState.of(preset), n_steps=1, batch=1, n_inputs=1, n_neurons=1)
    for preset in PRESETS
]


def state_id(state: InsideState) -> str:
    return f"{state.model}-{state.activation}-{state.hx}-{state.n_steps}"


def with_edits(state: InsideState) -> InsideState:
    edits = [("X", (0, 0, 0), 2.5), ("Wx", (0, 0), -0.75), ("Wy", (0, 0), 0.1), ("b", (0,), 0.2)]
    if state.hx == "typed":
        edits.append(("hx", (0, 0), -1.25))
    if state.n_neurons > 1:
        edits.append(("Wy", (0, 1), 1.5))
    return compute.edit(state, edits)


def executed(source: str) -> dict[str, object]:
    namespace: dict[str, object] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(source, "generated", "exec"), namespace)
    return namespace


@pytest.mark.parametrize("edited", [False, True], ids=["fresh", "edited"])
@pytest.mark.parametrize("state", STATES + LARGE + SMALL, ids=state_id)
def test_the_script_and_the_notebook_compute_what_is_on_screen(state, edited):
    shown = compute.compute(with_edits(state) if edited else state)
    code = code_export.generate(shown)
    notebook = json.loads(code.notebook)
    nbformat.validate(notebook)
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for source in (code.source, "\n".join("".join(cell["source"]) for cell in cells)):
        output = executed(source)["output"]
        assert len(output) == state.n_steps
        hidden = shown.unrolled.hidden
        largest = max(1.0, float(hidden.abs().max()))
        np.testing.assert_allclose(
            torch.stack(tuple(output)).detach() / largest, hidden / largest, atol=2e-6
        )


@pytest.mark.parametrize("state", STATES[::9] + LARGE, ids=state_id)
def test_every_frame_marks_the_line_that_runs(state):
    code = code_export.generate(compute.compute(state))
    lines = code.source.splitlines()
    assert len(code.lines) == 5 * state.n_steps
    for t in range(state.n_steps):
        marked = [lines[line].strip() for line in code.lines[5 * t : 5 * t + 5]]
        if state.preset.in_a_loop:
            assert all(line.startswith("hx = ") for line in marked[:4])
            assert marked[4] == "output.append(hx)"
        else:
            assert all(line.startswith(f"Y{t} = ") for line in marked)


def test_only_the_code_by_hand_grows_with_the_steps():
    for n_steps in (1, 2, 12):
        state = replace(InsideState.of(PRESETS[1]), n_steps=n_steps)
        assert len(code_export.forward_by_hand(state).splitlines()) == n_steps + 2
        assert len(code_export.loop(state).splitlines()) == 4
