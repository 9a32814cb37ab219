"""The quiz: answers and reasons are compared with the numbers, which NumPy computes."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from rnn_demo.inside import quiz
from rnn_demo.inside.compute import Computation, change_setting, compute, edit
from rnn_demo.inside.presets import PRESETS
from rnn_demo.inside.quiz import Answer, Question
from rnn_demo.inside.state import InsideState, encode

SINGLE, BASIC, CELL, CLEAN = (InsideState.of(preset) for preset in PRESETS)
ACTIVATIONS = {"tanh": np.tanh, "relu": lambda z: np.maximum(z, 0), "none": lambda z: z}
N_ROUNDS = 12  # each question comes at least twice


def cut(state: InsideState) -> InsideState:
    n = range(state.n_neurons)
    return edit(state, [("Wy", (i, j), 0.0) for i in n for j in n])


def saturated(state: InsideState) -> InsideState:
    """A large bias: tanh is 1.0000 and relu is far above zero, or 0, for any input."""
    n = range(state.n_neurons)
    return edit(state, [("b", (j,), 100.0 if j % 2 else -100.0) for j in n])


STATES = {
    "one neuron": SINGLE,
    "layer": BASIC,
    "random hx": CELL,
    "module": CLEAN,
    "zero hx": change_setting(CELL, "hx", "zero"),
    "typed hx": edit(BASIC, [("hx", (0, 0), 1.5), ("hx", (2, 3), -0.5)]),
    "Wy is 0": cut(BASIC),
    "Wy is 0, random hx": cut(CELL),
    "tiny Wy": edit(SINGLE, [("Wy", (0, 0), 1e-6)]),
    "faint Wx": edit(
        replace(SINGLE, batch=1),
        [("Wx", (i, 0), 0.0 if i else 0.001) for i in range(4)] + [("b", (0,), 2.5)],
    ),
    "saturated": saturated(BASIC),
    "saturated, random hx": saturated(CELL),
    "saturated relu": replace(saturated(BASIC), activation="relu"),
    "relu": replace(BASIC, activation="relu"),
    "linear": replace(BASIC, activation="none"),
    "small inputs": replace(BASIC, scale=0.05),
    "large inputs": replace(BASIC, scale=1.7),
    "no inputs": replace(CELL, scale=0.0),
    "one step": replace(BASIC, n_steps=1),
    "one step, random hx": replace(CELL, n_steps=1),
    "twelve steps": replace(BASIC, n_steps=12, scale=0.1),
    "no Wx": edit(BASIC, [("Wx", (i, j), 0.0) for i in range(3) for j in range(5)]),
}


class Numbers:
    """A computation repeated in float64: z and Y, (n_steps, batch, n_neurons)."""

    def __init__(self, computation: Computation) -> None:
        state, weights = computation.state, computation.weights
        tensors = (computation.X, weights.Wx, weights.Wy, weights.b, computation.unrolled.hx)
        X, self.Wx, self.Wy, b, self.hx = (tensor.numpy().astype(float) for tensor in tensors)
        self.scale, self.activation = state.scale, state.activation
        h, self.z, self.Y = self.hx, [], []
        for x in X:
            self.z.append(self.scale * x @ self.Wx + h @ self.Wy + b)
            h = ACTIVATIONS[self.activation](self.z[-1])
            self.Y.append(h)

    def n_saturated(self) -> int:
        z = np.array(self.z)
        if self.activation == "tanh":
            return int((1 - np.tanh(z) ** 2 < 0.01).sum())
        return int((z <= 0).sum())


def largest_change(before: np.ndarray, after: np.ndarray) -> float:
    """The largest change, in units of the last digit on screen."""
    unit = 1e-4 * np.maximum(1, np.abs(before) / 1000)
    return float((np.abs(after - before) / unit).max())


Round = tuple[Question, Computation, Computation, Answer]
_rounds: dict[str, list[Round]] = {}  # of each state: five tests go through the same ones


def rounds(state: InsideState) -> list[Round]:
    """The quiz as a visitor takes it: each question changes the state for the next one."""
    link = encode(state)
    if link not in _rounds:
        _rounds[link] = list(take_rounds(state))
    return _rounds[link]


def take_rounds(state: InsideState) -> Iterator[Round]:
    last_id = None
    for _ in range(N_ROUNDS):
        before = compute(state)
        question = quiz.next_question(before, last_id)
        if question is None:
            return
        state, last_id = quiz.changed_state(question, before), question.id
        after = compute(state)
        yield question, before, after, quiz.answer(question, before, after)


every_state = pytest.mark.parametrize("state", STATES.values(), ids=STATES)


@every_state
def test_the_answer_is_a_choice_and_agrees_with_the_numbers(state):
    for question, *computations, answer in rounds(state):
        before, after = map(Numbers, computations)
        assert answer.choice in question.choices
        if question.id in ("divide_inputs", "multiply_inputs"):
            difference = after.n_saturated() - before.n_saturated()
            assert answer.choice == ("same", "more", "fewer")[np.sign(difference)]
            continue
        t = -1 if question.id == "early_input" else 0
        change = largest_change(before.Y[t], after.Y[t])
        # A change of half a digit or less may or may not round to another digit.
        assert change > 0.01 if answer.choice == "changes" else change < 1.01


@every_state
def test_the_change_is_the_one_that_the_question_announces(state):
    for question, before, after, _ in rounds(state):
        old, new = Numbers(before), Numbers(after)
        X_changed = (before.X != after.X).any(dim=(1, 2)).tolist()
        if question.id in ("late_input", "early_input"):
            t = int(question.values["input"].removeprefix("X"))
            assert [i for i, changed in enumerate(X_changed) if changed] == [t]
        else:
            assert not any(X_changed)
        factor = {"divide_inputs": 0.1, "multiply_inputs": 10}.get(question.id, 1)
        assert new.scale == pytest.approx(factor * old.scale)
        np.testing.assert_array_equal(new.Wy, 0 if question.id == "no_memory" else old.Wy)
        np.testing.assert_array_equal(new.Wx, old.Wx)
        np.testing.assert_array_equal(new.hx, old.hx)


@every_state
def test_the_premise_of_every_question_holds(state):
    for question, before, _, _ in rounds(state):
        numbers = Numbers(before)
        if question.id in ("late_input", "early_input"):
            assert len(numbers.Y) > 1
        elif question.id == "no_memory":
            assert numbers.Wy.any()
        else:
            assert numbers.activation != "none"
            assert numbers.scale > 0
            assert numbers.Wx.any()


@every_state
def test_the_reason_agrees_with_the_numbers(state):
    for question, *computations, answer in rounds(state):
        before, after = map(Numbers, computations)
        REASONS[answer.reason](question, before, after, answer.values)


def check_time_order(question, before, after, values):
    assert question.id == "late_input"
    np.testing.assert_array_equal(before.Y[0], after.Y[0])


def check_carried(question, before, after, values):
    assert before.Wy.any()
    assert largest_change(before.Y[-1], after.Y[-1]) > 0.01
    assert largest_change(before.z[0], after.z[0]) > 0.01


def check_memory_used(question, before, after, values):
    assert (before.hx @ before.Wy).any()
    assert largest_change(before.Y[0], after.Y[0]) > 0.01


def check_not_received(question, before, after, values):
    assert values["pre_activation"] == "z0"
    assert largest_change(before.z[0], after.z[0]) < 1.01


def check_saturated(question, before, after, values):
    z = check_lost_in_activation(before, after, values)
    flat = {"tanh": min(np.abs(z)) > 2.9, "relu": max(z) <= 0}
    assert flat[before.activation]


def check_too_small(question, before, after, values):
    z = check_lost_in_activation(before, after, values)
    assert before.activation == "tanh"
    assert min(np.abs(z)) < 3
    assert abs(z[0] - z[1]) < 0.1


def check_lost_in_activation(before, after, values):
    """Compare the pre-activations of a reason with NumPy's, and return these."""
    t = int(values["pre_activation"].removeprefix("z"))
    cell = tuple(int(i) for i in values["index"].strip("[]").split(", "))
    z = [numbers.z[t][cell] for numbers in (before, after)]
    y = [numbers.Y[t][cell] for numbers in (before, after)]
    assert [values["z_before"], values["z_after"]] == pytest.approx(z, rel=1e-4, abs=1e-4)
    assert [values["y"]] * 2 == pytest.approx(y, abs=1.01e-4)
    assert values["activation"] == before.activation
    assert abs(z[0] - z[1]) > 1e-6
    return z


def check_not_carried(question, before, after, values):
    t = int(values["pre_activation"].removeprefix("z"))
    assert largest_change(before.Y[t - 1], after.Y[t - 1]) > 0.01
    assert largest_change(before.z[t], after.z[t]) < 1.01
    assert values["zero_weights"] == (not after.Wy.any())


def check_zero_start(question, before, after, values):
    assert not before.hx.any()
    changes = [largest_change(old, new) for old, new in zip(before.Y, after.Y, strict=True)]
    assert changes[0] == 0
    assert sum(it > 1.01 for it in changes) <= values["n_later"] <= sum(it > 0.01 for it in changes)


def check_counted(question, before, after, values):
    assert values["n_before"] == before.n_saturated()
    assert values["n_after"] == after.n_saturated()
    assert values["n_total"] == np.size(before.z)
    assert values["n_after"] - values["n_before"] == values["n_became"] - values["n_ceased"]
    assert values["size_before"] == pytest.approx(np.abs(before.z).mean(), rel=1e-4)
    assert values["size_after"] == pytest.approx(np.abs(after.z).mean(), rel=1e-4)


REASONS = {
    "time_order": check_time_order,
    "carried": check_carried,
    "memory_used": check_memory_used,
    "not_received": check_not_received,
    "saturated": check_saturated,
    "too_small": check_too_small,
    "not_carried": check_not_carried,
    "zero_start": check_zero_start,
    "counted_tanh": check_counted,
    "counted_relu": check_counted,
}


def test_every_reason_and_every_question_comes_up():
    taken = [it for state in STATES.values() for it in rounds(state)]
    assert {answer.reason for *_, answer in taken} == set(REASONS)
    assert {question.id for question, *_ in taken} == set(quiz.QUESTION_IDS)
    assert {answer.choice for *_, answer in taken} == {
        *("changes", "stays", "more", "fewer", "same")
    }


def test_without_memory_the_change_is_lost_in_wy_and_nowhere_else():
    computation = compute(cut(BASIC))
    question = quiz.question_of(computation, "early_input")
    assert question is not None
    after = compute(quiz.changed_state(question, computation))
    answer = quiz.answer(question, computation, after)
    assert (answer.choice, answer.reason) == ("stays", "not_carried")
    assert answer.values["zero_weights"]
    assert quiz.question_of(computation, "no_memory") is None


def test_the_questions_come_in_turn():
    ids = [question.id for question, *_ in rounds(BASIC)]
    assert ids[:4] == ["late_input", "early_input", "divide_inputs", "no_memory"]
    assert ids[4:6] == ["multiply_inputs", "late_input"]


def test_a_network_about_which_nothing_can_be_asked_has_no_question():
    state = replace(cut(BASIC), n_steps=1, activation="none")
    assert quiz.next_question(compute(state)) is None
