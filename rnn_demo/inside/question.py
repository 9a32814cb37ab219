"""A question about a change of the state, and its answer, as data without torch."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

QUESTION_IDS = (
    "late_input",
    "early_input",
    "divide_inputs",
    "no_memory",
    "multiply_inputs",
    "more_steps",
    "double_last_input",
    "change_memory",
    "one_connection",
    "longer_code",
)  # in the order in which they are asked


@dataclass(frozen=True)
class Question:
    """A question about a change of the state.

    Attributes:
        id: one of `QUESTION_IDS`.
        choices: ids of the possible answers.
        values: the names and numbers in its sentence.
    """

    id: str
    choices: tuple[str, ...]
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Answer:
    """The right answer to a question.

    Attributes:
        choice: one of the choices of the question.
        reason: what decided it, an id:
            "time_order": the state was computed before the changed input came in;
            "carried": the change passed through `Wy` to the last state;
            "memory_used": the state had received `hx` through `Wy`;
            "not_received": the change did not reach the pre-activations of its own step;
            "saturated": pre-activations changed, but the activation is flat there;
            "too_small": pre-activations changed, but too little to be visible in the state;
            "not_carried": a state changed, but not the pre-activations of the next step;
            "zero_start": `hx` is 0, so `Wy` did not matter at the first step;
            "counted_tanh", "counted_relu": saturated pre-activations, counted before and after;
            "not_flat": a pre-activation changed where the activation is not flat;
            "shared_weights": weights, counted before and after;
            "spread": the neurons that changed, counted at each step;
            "fed_back": the last state before and after, with another `Wy`;
            "lines": lines of code, counted before and after.
        values: the numbers and names of the reason.
    """

    choice: str
    reason: str
    values: Mapping[str, Any]
