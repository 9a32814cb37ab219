"""Predict, then reveal: questions about the picture, answered by what really happens."""

from collections.abc import Callable
from dataclasses import dataclass

from rnn_demo.inside import compute
from rnn_demo.inside.compute import Lab
from rnn_demo.inside.state import LabState
from rnn_demo.nn import unroll

SEEN = 5e-5  # a movement that four decimals show


@dataclass(frozen=True)
class Question:
    """A question that a change of the state answers.

    Attributes:
        text: what is asked, Markdown.
        choices: the answers to choose from.
        change: what is done to the state.
        judge: which choice is right, from the lab before and after.
        because: why, by choice, Markdown.
    """

    text: str
    choices: tuple[str, ...]
    change: Callable[[LabState], LabState]
    judge: Callable[[Lab, Lab], int]
    because: tuple[str, ...]


def questions(state: LabState) -> list[Question]:
    """The questions that make sense for a state."""
    last = state.preset.output_name(state.n_steps - 1)
    first = state.preset.output_name(0)
    asked = [_shrink(), _forget(first)]
    if state.n_steps > 1:
        asked = [_late_input(first), _early_input(last), *asked]
    return asked


def _late_input(first: str) -> Question:
    return Question(
        text=f"Only `X1` will change. Does `{first}` move?",
        choices=("It moves", "It stays"),
        change=lambda state: _shift(state, 1),
        judge=lambda before, after: int(compute.movement(before, after)[0] == 0),
        because=("", f"`{first}` was computed before `X1` came in: time runs one way."),
    )


def _early_input(last: str) -> Question:
    return Question(
        text=f"Only `X0` will change. Does the last state, `{last}`, move so that four decimals "
        "show it?",
        choices=("It moves", "It stays"),
        change=lambda state: _shift(state, 0),
        judge=lambda before, after: int(compute.movement(before, after)[-1] < SEEN),
        because=(
            "The change went through `Wy`, step by step: that is the memory.",
            "On its way it met sums so large that the activation is flat there: it got lost.",
        ),
    )


def _forget(first: str) -> Question:
    return Question(
        text=f"All of `Wy` will be 0. Does `{first}` move?",
        choices=("It moves", "It stays"),
        change=lambda state: compute.edit(
            state,
            [("Wy", (i, j), 0) for i in range(state.n_neurons) for j in range(state.n_neurons)],
        ),
        judge=lambda before, after: int(compute.movement(before, after)[0] == 0),
        because=(
            f"`{first}` knew `hx` through `Wy`; without it, every step sees its input only.",
            f"`hx` is zero: `{first}` had nothing to remember. Later steps have lost their memory.",
        ),
    )


def _shrink() -> Question:
    return Question(
        text="The inputs will be a tenth. How many sums will lie where the activation is flat?",
        choices=("More", "Fewer", "As many"),
        change=lambda state: compute.change(state, "scale", 1.0 if state.scale == 0.1 else 0.1),
        judge=_flatter,
        because=(
            "The sums grew, and the activation is flat far from zero.",
            "Small inputs make small sums, and near zero the activation is steep.",
            "These sums lie where the slope is the same before and after.",
        ),
    )


def _flatter(before: Lab, after: Lab) -> int:
    then, now = (unroll.flat(it.unrolled, it.state.activation) for it in (before, after))
    return 0 if now > then else 1 if now < then else 2


def _shift(state: LabState, t: int) -> LabState:
    """Another first number in every instance of step t."""
    X = compute.compute(state).X
    return compute.edit(
        state, [("X", (t, i, 0), 0.0 if X[t, i, 0] else 1.0) for i in range(state.batch)]
    )
