"""Predict, then see: questions about a change of the state, answered by the numbers after it.

A question is asked only where its premise holds. Its answer and the reason follow from the
computations before and after the change. Everything here is data; the page has the sentences.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from rnn_demo.inside import compute
from rnn_demo.inside.compute import Computation
from rnn_demo.inside.state import MAX_SCALE, InsideState
from rnn_demo.nn import unroll

FACTOR = 10.0  # by which a question scales the inputs


@dataclass(frozen=True)
class Question:
    """A question about a change of the state.

    Attributes:
        id: one of `QUESTION_IDS`.
        choices: the possible answers: "changes" and "stays", or "more", "fewer" and "same".
        values: the names in its sentence.
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
            "counted_tanh", "counted_relu": saturated pre-activations, counted before and after.
        values: the numbers and names of the reason.
    """

    choice: str
    reason: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class _Kind:
    """How a question works.

    Attributes:
        choices: the possible answers.
        premise: whether the question makes sense.
        values: the names in its sentence.
        change: the state after the change.
        answer: the right answer, from the computations before and after.
    """

    choices: tuple[str, ...]
    premise: Callable[[Computation], bool]
    values: Callable[[Computation], dict[str, Any]]
    change: Callable[[Computation], InsideState]
    answer: Callable[[Computation, Computation], Answer]


def next_question(now: Computation, last_id: str | None = None) -> Question | None:
    """The next question whose premise holds; None if there is none.

    Args:
        now: the computation on screen.
        last_id: of the question before; the search goes on after it and round again.
    """
    start = QUESTION_IDS.index(last_id) + 1 if last_id else 0
    for question_id in QUESTION_IDS[start:] + QUESTION_IDS[:start]:
        if question := question_of(now, question_id):
            return question
    return None


def question_of(now: Computation, question_id: str) -> Question | None:
    """A question by its id; None if its premise does not hold."""
    kind = _KINDS[question_id]
    if not kind.premise(now):
        return None
    return Question(question_id, kind.choices, kind.values(now))


def changed_state(question: Question, now: Computation) -> InsideState:
    """The state after the change that a question is about."""
    return _KINDS[question.id].change(now)


def answer(question: Question, before: Computation, after: Computation) -> Answer:
    """The right answer, from the computations before and after the change."""
    return _KINDS[question.id].answer(before, after)


def as_shown(value: float) -> str:
    """A number as the page shows it: four decimals, or four digits from 1000 on."""
    return f"{value:.4f}" if abs(value) < 1000 else f"{value:.4g}"


# Questions about a changed input


def _has_memory(now: Computation) -> bool:
    return now.state.n_steps > 1


def _input_changed(now: Computation, t: int) -> InsideState:
    """The state with another first number in every example of X{t}."""
    edits = [("X", (t, i, 0), 0.0 if now.X[t, i, 0] else 1.0) for i in range(now.state.batch)]
    return compute.edit(now.state, edits)


def _late_input(before: Computation, after: Computation) -> Answer:
    values = {"input": "X1", "state": _state_name(before, 0)}
    return Answer(
        "changes" if _visible(before, after, "hidden")[0] else "stays", "time_order", values
    )


def _early_input(before: Computation, after: Computation) -> Answer:
    changed = _visible(before, after, "hidden")
    if changed[-1]:
        return Answer("changes", "carried", {"state": _state_name(before, -1)})
    return _where_lost(before, after, max((t for t, it in enumerate(changed) if it), default=-1))


# Questions about the memory


def _remembers(now: Computation) -> bool:
    return bool(now.weights.Wy.any())


def _memory_cut(now: Computation) -> InsideState:
    neurons = range(now.state.n_neurons)
    return compute.edit(now.state, [("Wy", (i, j), 0.0) for i in neurons for j in neurons])


def _no_memory(before: Computation, after: Computation) -> Answer:
    changed = _visible(before, after, "hidden")
    state = _state_name(before, 0)
    if changed[0]:
        return Answer("changes", "memory_used", {"state": state})
    if not before.unrolled.hx.any():
        return Answer("stays", "zero_start", {"state": state, "n_later": sum(changed[1:])})
    return _where_lost(before, after, -1)


# Questions about the scale of the inputs


def _can_saturate(now: Computation) -> bool:
    """Whether another scale changes pre-activations, and these can be saturated."""
    return now.state.activation != "none" and bool(now.unrolled.input_term.any())


def _scaled(now: Computation, factor: float) -> InsideState:
    scale = compute.shortest_float(now.state.scale * factor)
    return compute.change_setting(now.state, "scale", scale)


def _count_saturated(before: Computation, after: Computation) -> Answer:
    activation = before.state.activation
    then, now = (unroll.saturated(it.unrolled, activation) for it in (before, after))
    n_before, n_after = int(then.sum()), int(now.sum())
    choice = "more" if n_after > n_before else "fewer" if n_after < n_before else "same"
    values = {
        "n_total": then.numel(),
        "n_before": n_before,
        "n_after": n_after,
        "n_became": int((now & ~then).sum()),
        "n_ceased": int((then & ~now).sum()),
        "size_before": float(before.unrolled.pre_activation.abs().mean()),
        "size_after": float(after.unrolled.pre_activation.abs().mean()),
    }
    return Answer(choice, f"counted_{activation}", values)


# What happened to a change


def _where_lost(before: Computation, after: Computation, last_changed: int) -> Answer:
    """Why a change is not visible after a step.

    Args:
        before: the computation before the change.
        after: the computation after it.
        last_changed: the last step whose hidden state changed visibly; -1 if there is none.
    """
    t = last_changed + 1
    values: dict[str, Any] = {"pre_activation": f"z{t}", "state": _state_name(before, t)}
    if not _visible(before, after, "pre_activation")[t]:
        if t == 0:
            return Answer("stays", "not_received", values)
        zero = not after.weights.Wy.any()
        values |= {"previous_state": _state_name(before, t - 1), "zero_weights": zero}
        return Answer("stays", "not_carried", values)
    return _lost_in_activation(before, after, t, values)


def _lost_in_activation(
    before: Computation, after: Computation, t: int, values: dict[str, Any]
) -> Answer:
    """Why the visible change of a pre-activation is not visible in the hidden state."""
    then, now = (it.unrolled.pre_activation[t] for it in (before, after))
    cells = _visible_cells(before, after, "pre_activation")[t]
    cell = max(cells, key=lambda it: abs(float(now[it] - then[it])))
    activation = before.state.activation
    is_flat = all(unroll.saturated(it.unrolled, activation)[t][cell] for it in (before, after))
    values |= {
        "activation": activation,
        "index": str(list(cell)),
        "z_before": float(then[cell]),
        "z_after": float(now[cell]),
        "y": float(after.unrolled.hidden[t][cell]),
    }
    return Answer("stays", "saturated" if is_flat else "too_small", values)


def _visible(before: Computation, after: Computation, name: str) -> list[bool]:
    """For each time step, whether a number of a tensor changes on screen."""
    return [bool(cells) for cells in _visible_cells(before, after, name)]


def _visible_cells(
    before: Computation, after: Computation, name: str
) -> list[list[tuple[int, int]]]:
    """For each time step, the (example, neuron) whose number changes on screen.

    Args:
        before: one computation.
        after: another one of the same sizes.
        name: "hidden" or "pre_activation".
    """
    then, now = (getattr(it.unrolled, name).tolist() for it in (before, after))
    cells = list(product(range(before.state.batch), range(before.state.n_neurons)))
    return [
        [(i, j) for i, j in cells if as_shown(one[i][j]) != as_shown(other[i][j])]
        for one, other in zip(then, now, strict=True)
    ]


def _state_name(now: Computation, t: int) -> str:
    return now.state.preset.output_name(t % now.state.n_steps)


_CHANGE, _COUNT = ("changes", "stays"), ("more", "fewer", "same")
_KINDS = {
    "late_input": _Kind(
        choices=_CHANGE,
        premise=_has_memory,
        values=lambda now: {"input": "X1", "state": _state_name(now, 0)},
        change=lambda now: _input_changed(now, 1),
        answer=_late_input,
    ),
    "early_input": _Kind(
        choices=_CHANGE,
        premise=_has_memory,
        values=lambda now: {"input": "X0", "state": _state_name(now, -1)},
        change=lambda now: _input_changed(now, 0),
        answer=_early_input,
    ),
    "divide_inputs": _Kind(
        choices=_COUNT,
        premise=lambda now: _can_saturate(now) and now.state.scale * FACTOR > MAX_SCALE,
        values=lambda _: {},
        change=lambda now: _scaled(now, 1 / FACTOR),
        answer=_count_saturated,
    ),
    "no_memory": _Kind(
        choices=_CHANGE,
        premise=_remembers,
        values=lambda now: {"state": _state_name(now, 0)},
        change=_memory_cut,
        answer=_no_memory,
    ),
    "multiply_inputs": _Kind(
        choices=_COUNT,
        premise=lambda now: _can_saturate(now) and now.state.scale * FACTOR <= MAX_SCALE,
        values=lambda _: {},
        change=lambda now: _scaled(now, FACTOR),
        answer=_count_saturated,
    ),
}
QUESTION_IDS = tuple(_KINDS)
