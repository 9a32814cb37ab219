from dataclasses import replace

import numpy as np
import pytest
import torch

from rnn_demo.inside import compute, networks
from rnn_demo.inside.equivalence import Breaks, three_ways
from rnn_demo.inside.presets import PRESETS
from rnn_demo.inside.quiz import questions
from rnn_demo.inside.state import LabState
from rnn_demo.nn import unroll

SINGLE, BASIC, CELL, CLEAN = (LabState.of(preset) for preset in PRESETS)
NUMPY = {"tanh": np.tanh, "relu": lambda z: np.maximum(z, 0), "none": lambda z: z}


@pytest.mark.parametrize("activation", NUMPY)
@pytest.mark.parametrize("state", [SINGLE, BASIC, CELL, CLEAN], ids=lambda state: state.model)
@pytest.mark.parametrize("n_steps", [1, 2, 12])
def test_a_state_is_computed_as_numpy_does(state, activation, n_steps):
    state = replace(state, activation=activation, n_steps=n_steps, batch=3, scale=0.25)
    shown = compute.compute(state)
    X, Wx, Wy, b, h = (
        it.numpy().astype(float)
        for it in (shown.X, shown.weights.Wx, shown.weights.Wy, shown.weights.b, shown.unrolled.hx)
    )
    for t in range(n_steps):
        z = 0.25 * X[t] @ Wx + h @ Wy + b
        h = NUMPY[activation](z)
        tolerance = 1e-5 * max(1, np.abs(z).max())
        np.testing.assert_allclose(shown.unrolled.pre_activation[t], z, atol=tolerance)
        np.testing.assert_allclose(shown.unrolled.hidden[t], h, atol=tolerance)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.class_name)
def test_a_fresh_state_is_the_tutorials_network(preset):
    shown = compute.compute(LabState.of(preset))
    sizes = len(preset.X[0]), preset.n_inputs, preset.n_neurons
    model, hx = networks.draw(preset, *sizes, 7)
    start = hx if preset.starts_random else None
    expected = unroll.unroll(model, torch.tensor(preset.X, dtype=torch.float), start)
    assert torch.equal(shown.unrolled.hidden, expected.hidden)


def test_larger_sizes_keep_the_numbers_there_are():
    small, large = (networks.inputs(PRESETS[1], *it) for it in ((2, 4, 3), (12, 16, 8)))
    assert torch.equal(large[:2, :4, :3], small)
    assert torch.equal(small, torch.tensor(PRESETS[1].X, dtype=torch.float))
    assert set(large.flatten().tolist()) == set(range(10))


def test_an_edit_is_kept_and_the_number_from_before_is_no_edit():
    edited = compute.edit(BASIC, [("X", (1, 0, 0), -5.0)])
    assert compute.compute(edited).X[1, 0, 0] == -5
    assert compute.edit(edited, [("X", (1, 0, 0), 9)]) == BASIC


def test_an_edit_of_a_random_start_keeps_its_other_numbers():
    before = compute.compute(CELL).unrolled.hx
    state = compute.edit(CELL, [("hx", (2, 1), 0.5)])
    after = compute.compute(state).unrolled.hx
    assert state.hx == "typed"
    assert after[2, 1] == 0.5
    assert int((after != before).sum()) == 1


@pytest.mark.hostile("a cell with NaN")
@pytest.mark.parametrize(
    ("name", "index", "value", "sentence"),
    [
        ("X", (2, 0, 0), 1.0, r"no X\[2, 0, 0\]"),
        ("Y", (0, 0), 1.0, "tensor must be one of"),
        ("Wx", (0, 0), float("inf"), "must be a number"),
        ("Wx", (0, 0), float("nan"), "must be a number"),
        ("Wx", (0, 0), 1e308, "from -100 to 100"),
        ("Wx", (0, 0), 10**400, "from -100 to 100"),
        ("Wx", (0, 0), "<b>", "must be a number"),
        ("Wx", (0, 0), "x" * 100_000, "must be a number"),
        ("b", (0,), 100.5, "from -100 to 100"),
        ("b", (True,), 1.0, "there is no"),
    ],
)
def test_a_bad_edit_gets_one_sentence(name, index, value, sentence):
    with pytest.raises(ValueError, match=sentence) as caught:
        compute.edit(BASIC, [(name, index, value)])
    assert len(str(caught.value)) < 200


@pytest.mark.hostile("an edit that is no edit")
@pytest.mark.parametrize("typed", [None, 7, {}, {"index": "0"}, {"name": [], "index": [0]}])
def test_nothing_a_browser_sends_does_more_than_raise_a_sentence(typed):
    with pytest.raises(ValueError, match=r"\.$"):
        compute.edit_typed(BASIC, typed)


@pytest.mark.hostile("numbers that overflow float32 together")
def test_numbers_that_overflow_get_one_sentence():
    state = replace(BASIC, activation="none", n_steps=12, n_neurons=16, scale=2.0)
    everything = [("Wy", (i, j), 100.0) for i in range(16) for j in range(16)]
    everything += [("Wx", (i, j), 100.0) for i in range(3) for j in range(16)]
    with pytest.raises(ValueError, match="float32"):
        compute.compute(compute.edit(state, everything))


def test_edits_without_a_place_go():
    state = compute.edit(BASIC, [("X", (0, 3, 0), 1.0), ("Wx", (0, 4), 1.0), ("Wx", (0, 0), 2.0)])
    smaller = compute.change(compute.change(state, "batch", 3), "n_neurons", 4)
    assert smaller.edits == {("Wx", (0, 0)): 2.0}
    assert compute.change(state, "seed", 8).edits == {("X", (0, 3, 0)): 1.0}


def test_another_start_forgets_what_was_typed():
    typed = compute.edit(BASIC, [("hx", (0, 0), 1.0)])
    assert compute.change(typed, "hx", "zero") == BASIC
    assert compute.change(BASIC, "scale", 1.0) is BASIC


def test_a_table_is_pasted_with_decimal_commas():
    state = compute.paste(BASIC, "X1", "1\t2,5\t-3\r\n4\t5\t6\n7\t8\t9\n0\t,5\t1e1\n")
    expected = [[1, 2.5, -3], [4, 5, 6], [7, 8, 9], [0, 0.5, 10]]
    assert compute.compute(state).X[1].tolist() == expected
    assert compute.compute(compute.paste(BASIC, "b", "1;2;3;4;5,5")).weights.b.tolist() == [
        1,
        2,
        3,
        4,
        5.5,
    ]
    assert compute.compute(compute.paste(SINGLE, "Wx", "1\n2\n3\n4")).weights.Wx.T.tolist() == [
        [1, 2, 3, 4]
    ]


@pytest.mark.hostile("a pasted table with text, NaN and infinity")
def test_every_bad_cell_is_named():
    with pytest.raises(ValueError, match="Row 0") as caught:
        compute.paste(BASIC, "X0", "1\tabc\t\n2\tinf\t3\n4\t5\t6\n7\t101\tnan")
    assert str(caught.value) == (
        "Row 0, column 1 (abc) is not a number; row 0, column 2 is empty; "
        "row 1, column 1 (inf) is infinite; row 3, column 1 (101) is not from -100 to 100; "
        "row 3, column 2 (nan) is not a number."
    )


@pytest.mark.hostile("a pasted table of another size")
@pytest.mark.parametrize(
    ("text", "found"),
    [("", "no rows"), ("1 2 3", "1 rows of 3"), ("1 2\n1 2 3\n1 2 3\n1 2 3", "4 rows of 2 or 3")],
)
def test_a_table_of_another_size_says_which(text, found):
    with pytest.raises(ValueError, match=f"X0 takes 4 rows of 3, the table has {found}"):
        compute.paste(BASIC, "X0", text)


@pytest.mark.hostile("a pasted table of 10,000 rows")
@pytest.mark.parametrize("cell", ["1", "text", "1e308", "<script>alert(1)</script>"])
def test_a_table_of_ten_thousand_rows_gets_one_short_sentence(cell):
    with pytest.raises(ValueError, match=r"^[^\n]*\.$") as caught:
        compute.paste(BASIC, "X0", "\n".join(["\t".join([cell] * 3)] * 10_000))
    assert len(str(caught.value)) < 1_000
    if cell != "1":
        assert str(caught.value).endswith("; and 29,990 more.")


@pytest.mark.hostile("a cell of a million digits")
def test_a_cell_of_a_million_digits_holds_up_nobody():
    """Read by trying every way to split the digits, it would take hours, and Python with it."""
    with pytest.raises(ValueError, match=r"^Row 0, column 0 \(1{20}\) is not a number\.$"):
        compute.paste(BASIC, "X0", "1" * 1_000_000 + "x")


def test_only_later_states_move():
    before = compute.compute(replace(BASIC, n_steps=4, scale=0.1))
    after = compute.compute(compute.edit(before.state, [("X", (1, 0, 0), -9.0)]))
    movement = compute.movement(before, after)
    assert movement[0] == 0
    assert all(step > 0 for step in movement[1:])


@pytest.mark.parametrize("activation", ["tanh", "relu", "none"])
def test_flat_sums_are_counted_as_numpy_does(activation):
    shown = compute.compute(replace(BASIC, activation=activation))
    z = shown.unrolled.pre_activation.numpy().astype(float)
    slope = {"tanh": 1 - np.tanh(z) ** 2, "relu": (z > 0) * 1.0, "none": np.ones_like(z)}
    assert unroll.flat(shown.unrolled, activation) == int((slope[activation] < 0.01).sum())


def test_a_smaller_scale_brings_the_sums_back_from_the_flat_ends():
    counts = [
        unroll.flat(compute.compute(replace(BASIC, scale=scale)).unrolled, "tanh")
        for scale in (1.0, 0.1)
    ]
    assert counts[0] > 20
    assert counts[1] < 5


# One number, three ways


@pytest.mark.parametrize("state", [SINGLE, BASIC, CELL, CLEAN], ids=lambda state: state.model)
@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_three_ways_agree_up_to_rounding(state, activation):
    state = replace(state, activation=activation, n_steps=6)
    assert three_ways(compute.compute(state), Breaks()).equal


@pytest.mark.parametrize("cause", ["not_transposed", "second_bias", "random_start", "left_over"])
def test_each_cause_alone_breaks_the_equality(cause):
    ways = three_ways(compute.compute(replace(BASIC, scale=0.1)), Breaks(**{cause: True}))
    assert not ways.equal
    assert ways.difference > 0.01
    torch.testing.assert_close(ways.cell, ways.rnn)


def test_without_an_activation_there_are_not_three_ways():
    with pytest.raises(ValueError, match="tanh and relu only"):
        three_ways(compute.compute(replace(BASIC, activation="none")), Breaks())


# Predict, then reveal


@pytest.mark.parametrize("state", [SINGLE, BASIC, CELL, CLEAN], ids=lambda state: state.model)
@pytest.mark.parametrize("scale", [1.0, 0.1])
@pytest.mark.parametrize("activation", ["tanh", "none"])
def test_every_question_has_one_answer_and_a_reason(state, scale, activation):
    state = replace(state, scale=scale, activation=activation)
    before = compute.compute(state)
    asked = questions(state)
    assert len(asked) == 4
    for question in asked:
        right = question.judge(before, compute.compute(question.change(state)))
        assert question.choices[right]
        assert question.because[right]


def test_the_first_question_is_about_time():
    question = questions(BASIC)[0]
    changed = question.change(BASIC)
    assert {name for name, _ in changed.edits} == {"X"}
    assert {index[0] for _, index in changed.edits} == {1}
    assert (
        question.choices[question.judge(compute.compute(BASIC), compute.compute(changed))]
        == "It stays"
    )
    assert len(questions(replace(BASIC, n_steps=1))) == 2
