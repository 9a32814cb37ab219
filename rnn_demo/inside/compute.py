"""What happens in the flow lab: a state becomes tensors, an edit becomes a state."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from rnn_demo.inside import networks
from rnn_demo.inside.state import MAX_VALUE, Index, LabState, check_index, check_number, label
from rnn_demo.nn import unroll
from rnn_demo.nn.unroll import ACTIVATIONS, Unrolled, Weights

_FORGET = {"seed": ("Wx", "Wy", "b"), "hx": ("hx",)}  # what is drawn or typed anew
_NAMED = 10  # bad cells of a table; the others are counted


@dataclass(frozen=True)
class Lab:
    """A state, computed.

    Attributes:
        state: what was computed.
        X: (n_steps, batch, n_inputs), the inputs as typed, before the scale.
        weights: what the network applies at every step.
        unrolled: every intermediate; its X is the scaled one.
    """

    state: LabState
    X: Tensor
    weights: Weights
    unrolled: Unrolled


def compute(state: LabState) -> Lab:
    """Unroll a state.

    Raises:
        ValueError: the numbers grow beyond what a float32 holds.
    """
    tensors = start(state)
    for (name, index), value in state.edits.items():
        tensors[name][index] = value
    weights = Weights(tensors["Wx"], tensors["Wy"], tensors["b"], ACTIVATIONS[state.activation]())
    unrolled = unroll.follow(tensors["X"] * state.scale, tensors["hx"], weights)
    if not (unrolled.pre_activation.isfinite().all() and unrolled.recurrent_term.isfinite().all()):
        raise ValueError(
            "With these numbers the hidden state grows beyond what a float32 can hold: "
            "take smaller weights, fewer time steps, or tanh."
        )
    return Lab(state, tensors["X"], weights, unrolled)


def start(state: LabState) -> dict[str, Tensor]:
    """The tensors before any edit: X, Wx, Wy, b and hx."""
    sizes = state.batch, state.n_inputs, state.n_neurons
    model, hx = networks.draw(state.preset, *sizes, state.seed)
    weights = unroll.weights(model)
    return {
        "X": networks.inputs(state.preset, state.n_steps, state.batch, state.n_inputs),
        "Wx": weights.Wx.clone(),
        "Wy": weights.Wy.clone(),
        "b": weights.b.detach().clone(),
        "hx": hx.clone() if state.hx == "random" else torch.zeros_like(hx),
    }


def edit(state: LabState, numbers: Iterable[tuple[str, Index, float]]) -> LabState:
    """The state with some numbers typed in; one that is what it was before any edit is none.

    An edit of a random `hx` makes it a typed one, and keeps the other numbers.

    Args:
        state: the state so far.
        numbers: tensor, index and value of each.

    Raises:
        ValueError: a number is not there, is not finite or is too large.
    """
    numbers = list(numbers)
    for name, index, value in numbers:
        check_index(state, name, index)
        check_number(label(name, index), value, -MAX_VALUE, MAX_VALUE)
    edits = dict(state.edits)
    if state.hx != "typed" and any(name == "hx" for name, _, _ in numbers):
        hx = start(state)["hx"]
        edits |= {("hx", index): _short(hx[index]) for index in _indices(hx) if hx[index] != 0}
        state = replace(state, hx="typed")
    before = start(state)
    for name, index, value in numbers:
        edits.pop((name, index), None)
        if torch.tensor(float(value)) != before[name][index]:
            edits[name, index] = value
    return replace(state, edits=edits)


def edit_typed(state: LabState, typed: object) -> LabState:
    """The state with the number a browser sent: {"name", "index", "value"}.

    Raises:
        ValueError: it is no such thing, or not allowed.
    """
    if not isinstance(typed, Mapping) or not isinstance(index := typed.get("index"), list):
        raise ValueError("That was no number of the picture: nothing was changed.")
    return edit(state, [(typed.get("name", ""), tuple(index), typed.get("value", ""))])


def change(state: LabState, name: str, value: object) -> LabState:
    """The state with another size, seed, activation, start or scale.

    Edits that have no place any more go: those beyond a size, those of weights that another
    seed draws anew, and those of `hx` when it starts otherwise.

    Raises:
        ValueError: the value is not allowed.
    """
    if value == getattr(state, name):
        return state
    bare = replace(state, edits={}, **{name: value})  # type: ignore[arg-type]
    edits = {
        (tensor, index): number
        for (tensor, index), number in state.edits.items()
        if tensor not in _FORGET.get(name, ())
        and all(i < size for i, size in zip(index, bare.shapes[tensor], strict=True))
    }
    return replace(bare, edits=edits)


def movement(before: Lab, after: Lab) -> list[float]:
    """How far the hidden states of two labs of one shape lie apart at most, step by step."""
    apart = (before.unrolled.hidden - after.unrolled.hidden).abs()
    return [float(step.max()) for step in apart]


def saturation(lab: Lab) -> str:
    """How many sums lie where the activation is flat, in a sentence."""
    activation, sums = lab.state.activation, lab.unrolled.pre_activation
    if activation == "none":
        return "Without an activation, nothing is flat."
    flat = unroll.flat(lab.unrolled, activation)
    return f"{flat} of {sums.numel()} sums lie where {activation} is flat."


def parse_table(text: str, name: str, shape: Index) -> list[list[float]]:
    """The numbers of a table copied from a spreadsheet.

    Cells stand between tabs, else semicolons, else spaces; a comma is a decimal point.

    Args:
        text: the table.
        name: of the tensor, for the sentence.
        shape: rows and columns it must have.

    Raises:
        ValueError: the size differs, or it names the bad cells, of many the first ones.
    """
    rows = [_cells(line) for line in text.strip("\r\n").splitlines()]
    problems = [
        f"row {i}, column {j} {problem}"
        for i, row in enumerate(rows)
        for j, cell in enumerate(row)
        if (problem := _problem(cell))
    ]
    if problems:
        more = [f"and {len(problems) - _NAMED:,} more"] if len(problems) > _NAMED else []
        sentence = "; ".join(problems[:_NAMED] + more)
        raise ValueError(f"{sentence[0].upper()}{sentence[1:]}.")
    widths = sorted({len(row) for row in rows})
    if (len(rows), *widths) != shape:
        found = f"{len(rows)} rows of {' or '.join(map(str, widths))}" if rows else "no rows"
        raise ValueError(f"{name} takes {shape[0]} rows of {shape[1]}, the table has {found}.")
    return [[_number(cell) for cell in row] for row in rows]


def paste(state: LabState, name: str, text: str) -> LabState:
    """The state with a whole matrix pasted: "X0", "Wx", "Wy", "b" or "hx".

    Raises:
        ValueError: the table does not fit, or holds what is no number.
    """
    tensor, first = ("X", (int(name[1:]),)) if re.fullmatch(r"X\d+", name) else (name, ())
    shape = state.shapes[tensor][len(first) :]
    table = parse_table(text, name, shape if len(shape) == 2 else (1, *shape))
    numbers = [
        (tensor, (*first, i, j) if len(shape) == 2 else (j,), value)
        for i, row in enumerate(table)
        for j, value in enumerate(row)
    ]
    return edit(state, numbers)


def matrices(state: LabState) -> list[str]:
    """Names of the matrices that can be pasted."""
    return [*(f"X{t}" for t in range(state.n_steps)), "Wx", "Wy", "b", "hx"]


def _indices(X: Tensor) -> list[Index]:
    return [tuple(index) for index in torch.ones_like(X).nonzero().tolist()]


def _short(value: Tensor) -> float:
    """A float32 in as few digits as tell it from its neighbours."""
    return float(f"{value.item():.9g}")


def _cells(line: str) -> list[str]:
    separator = next((mark for mark in ("\t", ";") if mark in line), None)
    return [cell.strip() for cell in line.split(separator)]


def _number(cell: str) -> float:
    return float(cell.replace(",", "."))


def _problem(cell: str) -> str | None:
    """What is wrong with a cell, if anything."""
    if not cell:
        return "is empty"
    if not re.fullmatch(r"[-+]?(\d+([.,]\d*)?|[.,]\d+)([eE][-+]?\d+)?", cell):
        infinite = re.fullmatch(r"[-+]?(inf|infinity|∞)", cell, re.IGNORECASE)
        return f"({cell[:20]}) is infinite" if infinite else f"({cell[:20]}) is not a number"
    if abs(_number(cell)) > MAX_VALUE:
        return f"({cell[:20]}) is not from -{MAX_VALUE:g} to {MAX_VALUE:g}"
    return None
