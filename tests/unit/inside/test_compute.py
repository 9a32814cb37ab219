from dataclasses import replace

import numpy as np
import pytest
import torch

from rnn_demo.inside import compute, networks
from rnn_demo.inside.presets import PRESETS
from rnn_demo.inside.state import InsideState
from rnn_demo.messages import InputError
from rnn_demo.nn import unroll

SINGLE, BASIC, CELL, CLEAN = (InsideState.of(preset) for preset in PRESETS)
NUMPY = {"tanh": np.tanh, "relu": lambda z: np.maximum(z, 0), "none": lambda z: z}


@pytest.mark.parametrize("activation", NUMPY)
@pytest.mark.parametrize("state", [SINGLE, BASIC, CELL, CLEAN], ids=lambda state: state.model)
@pytest.mark.parametrize("n_steps", [1, 2, 12])
def test_a_state_is_computed_as_numpy_does(state, activation, n_steps):
    state = replace(state, activation=activation, n_steps=n_steps, batch=3, scale=0.25)
    computation = compute.compute(state)
    weights, unrolled = computation.weights, computation.unrolled
    tensors = (computation.X, weights.Wx, weights.Wy, weights.b, unrolled.hx)
    X, Wx, Wy, b, h = (tensor.numpy().astype(float) for tensor in tensors)
    for t in range(n_steps):
        z = 0.25 * X[t] @ Wx + h @ Wy + b
        h = NUMPY[activation](z)
        tolerance = 1e-5 * max(1, np.abs(z).max())
        np.testing.assert_allclose(unrolled.pre_activation[t], z, atol=tolerance)
        np.testing.assert_allclose(unrolled.hidden[t], h, atol=tolerance)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.class_name)
def test_a_preset_is_the_tutorials_network(preset):
    computation = compute.compute(InsideState.of(preset))
    sizes = len(preset.X[0]), preset.n_inputs, preset.n_neurons
    model, hx = networks.build(preset, *sizes, 7)
    start = hx if preset.starts_random else None
    expected = unroll.unroll(model, torch.tensor(preset.X, dtype=torch.float), start)
    torch.testing.assert_close(computation.unrolled.hidden, expected.hidden)


def test_a_larger_size_keeps_the_numbers_of_the_smaller():
    small, large = (networks.inputs(PRESETS[1], *it) for it in ((2, 4, 3), (12, 16, 8)))
    assert torch.equal(large[:2, :4, :3], small)
    assert torch.equal(small, torch.tensor(PRESETS[1].X, dtype=torch.float))
    assert set(large.flatten().tolist()) == set(range(10))


def test_an_edit_that_restores_the_original_value_is_dropped():
    edited = compute.edit(BASIC, [("X", (1, 0, 0), -5.0)])
    assert compute.compute(edited).X[1, 0, 0] == -5
    assert compute.edit(edited, [("X", (1, 0, 0), 9)]) == BASIC


def test_an_edit_of_a_random_hx_keeps_its_other_numbers():
    before = compute.compute(CELL).unrolled.hx
    state = compute.edit(CELL, [("hx", (2, 1), 0.5)])
    after = compute.compute(state).unrolled.hx
    assert state.hx == "typed"
    assert after[2, 1] == 0.5
    assert int((after != before).sum()) == 1


@pytest.mark.hostile("a cell with NaN")
@pytest.mark.parametrize(
    ("name", "index", "value", "code"),
    [
        ("X", (2, 0, 0), 1.0, "inside.no_such_cell"),
        ("Y", (0, 0), 1.0, "inside.not_a_choice"),
        ("Wx", (0, 0), float("inf"), "inside.not_a_number"),
        ("Wx", (0, 0), float("nan"), "inside.not_a_number"),
        ("Wx", (0, 0), 1e308, "inside.not_a_number"),
        ("Wx", (0, 0), 10**400, "inside.not_a_number"),
        ("Wx", (0, 0), "<b>", "inside.not_a_number"),
        ("Wx", (0, 0), "x" * 100_000, "inside.not_a_number"),
        ("b", (0,), 100.5, "inside.not_a_number"),
        ("b", (True,), 1.0, "inside.no_such_cell"),
    ],
)
def test_a_bad_edit_is_refused_with_a_short_sentence(name, index, value, code):
    with pytest.raises(InputError) as caught:
        compute.edit(BASIC, [(name, index, value)])
    assert caught.value.message.code == code
    assert len(str(caught.value)) < 200


@pytest.mark.hostile("an edit that is no edit")
@pytest.mark.parametrize("sent", [None, 7, {}, {"index": "0"}, {"name": [], "index": [0]}])
def test_anything_else_from_a_browser_is_refused(sent):
    with pytest.raises(InputError):
        compute.edit_from_browser(BASIC, sent)


@pytest.mark.hostile("numbers that overflow float32 together")
def test_numbers_that_overflow_are_refused():
    state = replace(BASIC, activation="none", n_steps=12, n_neurons=16, scale=2.0)
    everything = [("Wy", (i, j), 100.0) for i in range(16) for j in range(16)]
    everything += [("Wx", (i, j), 100.0) for i in range(3) for j in range(16)]
    with pytest.raises(InputError) as caught:
        compute.compute(compute.edit(state, everything))
    assert caught.value.message.code == "inside.overflow"


def test_edits_that_no_longer_apply_are_dropped():
    state = compute.edit(BASIC, [("X", (0, 3, 0), 1.0), ("Wx", (0, 4), 1.0), ("Wx", (0, 0), 2.0)])
    smaller = compute.change_setting(compute.change_setting(state, "batch", 3), "n_neurons", 4)
    assert smaller.edits == {("Wx", (0, 0)): 2.0}
    assert compute.change_setting(state, "seed", 8).edits == {("X", (0, 3, 0)): 1.0}


def test_another_start_drops_the_edits_of_hx():
    typed = compute.edit(BASIC, [("hx", (0, 0), 1.0)])
    assert compute.change_setting(typed, "hx", "zero") == BASIC
    assert compute.change_setting(BASIC, "scale", 1.0) is BASIC


def test_only_later_states_change():
    state = replace(BASIC, n_steps=4, scale=0.1)
    before = compute.compute(state).unrolled.hidden
    after = compute.compute(compute.edit(state, [("X", (1, 0, 0), -9.0)])).unrolled.hidden
    change = (after - before).abs().amax(dim=(1, 2))
    assert change[0] == 0
    assert all(change[1:] > 1e-3)


@pytest.mark.parametrize("activation", ["tanh", "relu", "none"])
def test_saturated_pre_activations_are_counted_as_numpy_does(activation):
    computation = compute.compute(replace(BASIC, activation=activation))
    z = computation.unrolled.pre_activation.numpy().astype(float)
    slope = {"tanh": 1 - np.tanh(z) ** 2, "relu": (z > 0) * 1.0, "none": np.ones_like(z)}
    assert computation.n_saturated == int((slope[activation] < 0.01).sum())


def test_with_a_smaller_scale_fewer_pre_activations_are_saturated():
    counts = [compute.compute(replace(BASIC, scale=scale)).n_saturated for scale in (1.0, 0.1)]
    assert counts[0] > 20
    assert counts[1] < 5
