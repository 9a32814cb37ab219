"""Predict, then see: questions about a change of the state, answered by the numbers after it.

A question is asked only where its premise holds. Its answer and the reason follow from the
computations before and after the change. Everything here is data; the page has the sentences.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from rnn_demo.inside import code_export, compute
from rnn_demo.inside.compute import Computation
from rnn_demo.inside.presets import MAX_STEPS
from rnn_demo.inside.question import QUESTION_IDS, Answer, Question
from rnn_demo.inside.state import MAX_SCALE, MAX_VALUE, InsideState
from rnn_demo.nn import unroll

FACTOR = 10.0  # by which a question scales the inputs
# The `Wy` that a question sets: the other side of 1.
WEAK_MEMORY, STRONG_MEMORY = 0.5, 1.5


@dataclass(frozen=True)
class _Kind:
    """How a question works.

    Attributes:
        choices: ids of the possible answers.
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


def questions(now: Computation) -> list[Question]:
    """All questions whose premise holds, in their order.

    Args:
        now: the computation on screen.
    """
    asked = (question_of(now, question_id) for question_id in QUESTION_IDS)
    return [question for question in asked if question]


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


# Questions about longer sequences


def _can_double(now: Computation) -> bool:
    return 2 * now.state.n_steps <= MAX_STEPS


def _doubled(now: Computation) -> InsideState:
    """The state with twice as many time steps: the same inputs come again."""
    n_steps, X = now.state.n_steps, now.X
    again = [
        ("X", (n_steps + t, i, j), compute.shortest_float(X[t, i, j].item()))
        for t, i, j in product(*map(range, X.shape))
    ]
    return compute.edit(compute.change_setting(now.state, "n_steps", 2 * n_steps), again)


def _steps_before_and_after(now: Computation) -> dict[str, Any]:
    return {"n_steps": now.state.n_steps, "n_more_steps": 2 * now.state.n_steps}


def _more_steps(before: Computation, after: Computation) -> Answer:
    then, now = (
        sum(tensor.numel() for tensor in (it.weights.Wx, it.weights.Wy, it.weights.b))
        for it in (before, after)
    )
    values = _steps_before_and_after(before) | {"n_before": then, "n_after": now}
    return Answer("more" if now > then else "same", "shared_weights", values)


def _longer_code(before: Computation, after: Computation) -> Answer:
    values = {
        f"{name}_{when}": len(code(it.state).splitlines())
        for name, code in (("by_hand", code_export.forward_by_hand), ("loop", code_export.loop))
        for when, it in (("before", before), ("after", after))
    }
    by_hand, loop = (
        values[f"{name}_after"] > values[f"{name}_before"] for name in ("by_hand", "loop")
    )
    choice = {(True, True): "both", (True, False): "by_hand"}.get((by_hand, loop), "neither")
    return Answer(choice, "lines", values)


# Questions about one sum, one weight, one neuron


def _last_input_can_double(now: Computation) -> bool:
    fits = float(now.X[-1].abs().max()) <= MAX_VALUE / 2
    return now.state.activation != "none" and fits and bool(now.unrolled.input_term[-1].any())


def _last_input_doubled(now: Computation) -> InsideState:
    t = now.state.n_steps - 1
    return compute.edit(
        now.state,
        [
            ("X", (t, i, j), compute.shortest_float(2 * now.X[t, i, j].item()))
            for i, j in product(*map(range, now.X[t].shape))
        ],
    )


def _double_last_input(before: Computation, after: Computation) -> Answer:
    t = before.state.n_steps - 1
    cells = _visible_cells(before, after, "hidden")[t]
    if not cells:
        return _last_state_stays(before, after)
    then, now = (it.unrolled.hidden[t] for it in (before, after))
    cell = max(cells, key=lambda it: abs(float(now[it] - then[it])))
    values = _pre_activation_values(before, after, t, cell)
    return Answer("changes", "not_flat", values | {"y_before": float(then[cell])})


def _has_connection(now: Computation) -> bool:
    return now.state.n_neurons > 1 and now.state.n_steps > 1 and bool(now.weights.Wy[0, -1])


def _connection(now: Computation) -> dict[str, Any]:
    last = now.state.n_neurons - 1
    return {"source": 0, "neuron": last, "n": last + 1, "state": _state_name(now, -1)}


def _one_connection(before: Computation, after: Computation) -> Answer:
    counts = [len({j for _, j in cells}) for cells in _visible_cells(before, after, "hidden")]
    n = before.state.n_neurons
    if counts[-1] == 0:
        return _last_state_stays(before, after, "none")
    first = next(t for t, count in enumerate(counts) if count)
    values = _connection(before) | {
        "n_changed": counts[-1],
        "first_state": _state_name(before, first),
        "n_first": counts[first],
    }
    return Answer("all" if counts[-1] == n else "some", "spread", values)


def _is_impulse(now: Computation) -> bool:
    """Whether one neuron hears something at the first step only, and keeps some of it."""
    u, Wy = now.unrolled, float(now.weights.Wy[0, 0])
    is_one = now.state.n_neurons == 1 and now.state.batch == 1 and now.state.n_steps > 1
    is_silent_later = not now.weights.b.any() and not u.input_term[1:].any()
    heard = bool(u.hidden[0].any())
    return is_one and is_silent_later and heard and now.state.activation == "tanh" and Wy > 0


def _other_memory(now: Computation) -> float:
    return STRONG_MEMORY if float(now.weights.Wy[0, 0]) <= 1 else WEAK_MEMORY


def _change_memory(before: Computation, after: Computation) -> Answer:
    then, now = (float(it.unrolled.hidden[-1, 0, 0]) for it in (before, after))
    values = {"state": _state_name(before, -1), "y_before": then, "y_after": now}
    return Answer("farther" if abs(now) > abs(then) else "nearer", "fed_back", values)


# What happened to a change


def _last_state_stays(before: Computation, after: Computation, choice: str = "stays") -> Answer:
    """Why a change that reached no step before the last is not visible in the last state."""
    t = before.state.n_steps - 1
    values = {"pre_activation": f"z{t}", "state": _state_name(before, t)}
    if _visible(before, after, "pre_activation")[t]:
        answer = _lost_in_activation(before, after, t, values)
        return replace(answer, choice=choice)
    return Answer(choice, "not_received", values)


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
    values |= _pre_activation_values(before, after, t, cell)
    return Answer("stays", "saturated" if is_flat else "too_small", values)


def _pre_activation_values(
    before: Computation, after: Computation, t: int, cell: tuple[int, int]
) -> dict[str, Any]:
    """The numbers of one (example, neuron) at a step, for a sentence."""
    return {
        "activation": before.state.activation,
        "pre_activation": f"z{t}",
        "state": _state_name(before, t),
        "index": str(list(cell)),
        "z_before": float(before.unrolled.pre_activation[t][cell]),
        "z_after": float(after.unrolled.pre_activation[t][cell]),
        "y": float(after.unrolled.hidden[t][cell]),
    }


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
    "more_steps": _Kind(
        choices=("more", "same"),
        premise=_can_double,
        values=_steps_before_and_after,
        change=_doubled,
        answer=_more_steps,
    ),
    "double_last_input": _Kind(
        choices=_CHANGE,
        premise=_last_input_can_double,
        values=lambda now: {
            "input": f"X{now.state.n_steps - 1}",
            "state": _state_name(now, -1),
        },
        change=_last_input_doubled,
        answer=_double_last_input,
    ),
    "change_memory": _Kind(
        choices=("nearer", "farther"),
        premise=_is_impulse,
        values=lambda now: {"state": _state_name(now, -1), "Wy": _other_memory(now)},
        change=lambda now: compute.edit(now.state, [("Wy", (0, 0), _other_memory(now))]),
        answer=_change_memory,
    ),
    "one_connection": _Kind(
        choices=("all", "some", "none"),
        premise=_has_connection,
        values=_connection,
        change=lambda now: compute.edit(now.state, [("Wy", (0, now.state.n_neurons - 1), 0.0)]),
        answer=_one_connection,
    ),
    "longer_code": _Kind(
        choices=("both", "by_hand", "neither"),
        premise=lambda now: now.state.preset.in_a_loop and _can_double(now),
        values=_steps_before_and_after,
        change=_doubled,
        answer=_longer_code,
    ),
}
