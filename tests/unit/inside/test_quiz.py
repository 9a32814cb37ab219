"""The quiz: answers and reasons are compared with the numbers, which NumPy computes."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from rnn_demo.inside import quiz
from rnn_demo.inside.cards import CARDS
from rnn_demo.inside.compute import Computation, change_setting, compute, edit
from rnn_demo.inside.presets import PRESETS
from rnn_demo.inside.question import QUESTION_IDS, Answer, Question
from rnn_demo.inside.state import InsideState, encode

SINGLE, BASIC, CELL, CLEAN = (InsideState.of(preset) for preset in PRESETS)
ACTIVATIONS = {"tanh": np.tanh, "relu": lambda z: np.maximum(z, 0), "none": lambda z: z}


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
    "last input too small": edit(
        replace(SINGLE, batch=1, n_inputs=1), [("X", (1, 0, 0), 1e-5), ("Wx", (0, 0), 0.1)]
    ),
    **{card.id: card.state for card in CARDS},
    "remembers": edit(CARDS[3].state, [("Wy", (0, 0), 1.6)]),
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
    """Every question about a state, with its answer."""
    link = encode(state)
    if link not in _rounds:
        _rounds[link] = list(take_rounds(state))
    return _rounds[link]


def take_rounds(state: InsideState) -> Iterator[Round]:
    before = compute(state)
    for question in quiz.questions(before):
        after = compute(quiz.changed_state(question, before))
        yield question, before, after, quiz.answer(question, before, after)


def more_steps(before: Numbers, after: Numbers) -> str:
    assert len(after.Y) == 2 * len(before.Y)
    sizes = [it.Wx.size + it.Wy.size for it in (before, after)]
    return "same" if sizes[0] == sizes[1] else "more"


def longer_code(before: Numbers, after: Numbers) -> str:
    """A line by hand for each step; a loop has the same lines whatever it runs over."""
    return "by_hand" if len(after.Y) > len(before.Y) else "neither"


def change_memory(before: Numbers, after: Numbers) -> str:
    then, now = (abs(it.Y[-1][0, 0]) for it in (before, after))
    return "farther" if now > then else "nearer"


def one_connection(before: Numbers, after: Numbers) -> str:
    n_changed = len(changed_neurons(before, after, -1))
    n = before.Wy.shape[0]
    return "none" if n_changed == 0 else "all" if n_changed == n else "some"


def changed_neurons(before: Numbers, after: Numbers, t: int) -> set[int]:
    """Neurons whose state is another one in four decimals, in some example."""
    old, new = before.Y[t].round(4), after.Y[t].round(4)
    return set(np.nonzero((old != new).any(axis=0))[0].tolist())


OWN_CHECKS = {
    check.__name__: check for check in (more_steps, longer_code, change_memory, one_connection)
}
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
        if question.id in OWN_CHECKS:
            assert answer.choice == OWN_CHECKS[question.id](before, after)
            continue
        t = -1 if question.id in ("early_input", "double_last_input") else 0
        change = largest_change(before.Y[t], after.Y[t])
        # A change of half a digit or less may or may not round to another digit.
        assert change > 0.01 if answer.choice == "changes" else change < 1.01


@every_state
def test_the_change_is_the_one_that_the_question_announces(state):
    for question, before, after, _ in rounds(state):
        old, new = Numbers(before), Numbers(after)
        X = before.X.numpy()
        expected = X.copy()
        if question.id in ("late_input", "early_input"):
            t = int(question.values["input"].removeprefix("X"))
            changed = (after.X.numpy() != X).any(axis=(1, 2)).tolist()
            assert [i for i, it in enumerate(changed) if it] == [t]
            expected[t] = after.X[t]
        elif question.id == "double_last_input":
            expected[-1] *= 2
        elif question.id in ("more_steps", "longer_code"):
            expected = np.concatenate([X, X])
        np.testing.assert_allclose(after.X, expected, rtol=1e-6)
        factor = {"divide_inputs": 0.1, "multiply_inputs": 10}.get(question.id, 1)
        assert new.scale == pytest.approx(factor * old.scale)
        Wy = old.Wy.copy()
        if question.id == "no_memory":
            Wy[:] = 0
        elif question.id == "one_connection":
            Wy[0, -1] = 0
        elif question.id == "change_memory":
            Wy[:] = 1.5 if old.Wy[0, 0] <= 1 else 0.5
        np.testing.assert_array_equal(new.Wy, Wy)
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
        elif question.id in ("more_steps", "longer_code"):
            assert 2 * len(numbers.Y) <= 12
        elif question.id == "one_connection":
            assert numbers.Wy[0, -1] != 0
        elif question.id == "change_memory":
            assert numbers.Y[0].any()
            assert numbers.Wy[0, 0] > 0
            # Nothing but `Wy` keeps the later states away from 0.
            assert not np.any(Numbers(compute(cut(state))).Y[1:])
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
    t = int(values["pre_activation"].removeprefix("z"))
    assert t == (0 if question.id in ("early_input", "no_memory") else len(before.z) - 1)
    assert largest_change(before.z[t], after.z[t]) < 1.01


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


def check_not_flat(question, before, after, values):
    cell = tuple(int(i) for i in values["index"].strip("[]").split(", "))
    for numbers, z, y in (
        (before, values["z_before"], values["y_before"]),
        (after, values["z_after"], values["y"]),
    ):
        assert numbers.z[-1][cell] == pytest.approx(z, rel=1e-4, abs=1e-4)
        assert numbers.Y[-1][cell] == pytest.approx(y, rel=1e-4, abs=1e-4)
    assert values["pre_activation"] == f"z{len(before.z) - 1}"


def check_shared_weights(question, before, after, values):
    n = before.Wx.size + before.Wy.size + before.Wy.shape[0]
    assert (values["n_before"], values["n_after"]) == (n, n)
    assert (values["n_steps"], values["n_more_steps"]) == (len(before.Y), len(after.Y))


def check_spread(question, before, after, values):
    counts = [len(changed_neurons(before, after, t)) for t in range(len(before.Y))]
    first = next(t for t, count in enumerate(counts) if count)
    assert (values["n_first"], values["n_changed"]) == (counts[first], counts[-1])
    assert str(first) in values["first_state"]
    assert values["n"] == before.Wy.shape[0]


def check_fed_back(question, before, after, values):
    expected = [it.Y[-1][0, 0] for it in (before, after)]
    assert [values["y_before"], values["y_after"]] == pytest.approx(expected, abs=1e-5)


def check_lines(question, before, after, values):
    """A line for each step, one for `def` and one for `return`; four lines for the loop."""
    assert values["by_hand_before"] == len(before.Y) + 2
    assert values["by_hand_after"] == len(after.Y) + 2
    assert values["loop_before"] == values["loop_after"] == 4


REASONS = {
    "not_flat": check_not_flat,
    "shared_weights": check_shared_weights,
    "spread": check_spread,
    "fed_back": check_fed_back,
    "lines": check_lines,
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
    assert {question.id for question, *_ in taken} == set(QUESTION_IDS)
    assert {answer.choice for *_, answer in taken} == {
        *(
            "changes",
            "stays",
            "more",
            "fewer",
            "same",
            "farther",
            "nearer",
            "all",
            "some",
            "none",
            "by_hand",
        )
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


def test_the_questions_come_in_this_order():
    ids = [question.id for question, *_ in rounds(BASIC)]
    assert ids == [
        "late_input",
        "early_input",
        "divide_inputs",
        "no_memory",
        "more_steps",
        "double_last_input",
        "one_connection",
    ]


@every_state
def test_there_is_a_question_about_every_state(state):
    assert rounds(state)
