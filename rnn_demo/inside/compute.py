"""From a state of the page Inside to tensors, and from an edit to another state."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from rnn_demo.inside import networks
from rnn_demo.inside.state import (
    MAX_VALUE,
    Index,
    InsideState,
    cell_name,
    check_index,
    check_number,
)
from rnn_demo.messages import InputError
from rnn_demo.nn import unroll
from rnn_demo.nn.unroll import ACTIVATIONS, Unrolled, Weights

# The tensors whose edits a new setting discards.
_DISCARDED_EDITS = {"seed": ("Wx", "Wy", "b"), "hx": ("hx",), "inputs": ("X",)}


@dataclass(frozen=True)
class Computation:
    """A state and the tensors that follow from it.

    Attributes:
        state: the state.
        X: (n_steps, batch, n_inputs), the inputs before scaling.
        weights: the weights of every step.
        unrolled: every intermediate; its X is scaled.
    """

    state: InsideState
    X: Tensor
    weights: Weights
    unrolled: Unrolled

    @property
    def n_saturated(self) -> int:
        """The number of saturated pre-activations."""
        return int(unroll.saturated(self.unrolled, self.state.activation).sum())


def compute(state: InsideState) -> Computation:
    """Unroll the network of a state.

    Raises:
        InputError: a number grows beyond the largest float32.
    """
    tensors = initial_tensors(state)
    for (name, index), value in state.edits.items():
        tensors[name][index] = value
    weights = Weights(tensors["Wx"], tensors["Wy"], tensors["b"], ACTIVATIONS[state.activation]())
    unrolled = unroll.unroll_weights(tensors["X"] * state.scale, tensors["hx"], weights)
    if not (unrolled.pre_activation.isfinite().all() and unrolled.recurrent_term.isfinite().all()):
        raise InputError("inside.overflow")
    return Computation(state, tensors["X"], weights, unrolled)


def initial_tensors(state: InsideState) -> dict[str, Tensor]:
    """The tensors before any edit: X, Wx, Wy, b and hx."""
    sizes = state.batch, state.n_inputs, state.n_neurons
    model, hx = networks.build(state.preset, *sizes, state.seed)
    weights = unroll.weights(model)
    X = networks.inputs(state.preset, state.n_steps, state.batch, state.n_inputs)
    return {
        "X": X if state.inputs == "tutorial" else torch.zeros_like(X),
        "Wx": weights.Wx.clone(),
        "Wy": weights.Wy.clone(),
        "b": weights.b.detach().clone(),
        "hx": hx.clone() if state.hx == "random" else torch.zeros_like(hx),
    }


def edit(state: InsideState, numbers: Iterable[tuple[str, Index, float]]) -> InsideState:
    """Apply edits. An edit that restores the original value is dropped.

    An edit of a random `hx` makes it "typed" and keeps its other numbers.

    Args:
        state: the state before.
        numbers: tensor, index and new value of each edit.

    Raises:
        InputError: a cell does not exist, or a value is not finite or too large.
    """
    numbers = list(numbers)
    for name, index, value in numbers:
        check_index(state, name, index)
        check_number(cell_name(name, index), value, -MAX_VALUE, MAX_VALUE)
    original, edits = initial_tensors(state), dict(state.edits)
    if state.hx != "typed" and any(name == "hx" for name, _, _ in numbers):
        hx = original["hx"]
        edits |= {
            ("hx", index): shortest_float(hx[index].item())
            for index in map(tuple, hx.nonzero().tolist())
        }
        state, original["hx"] = replace(state, hx="typed"), torch.zeros_like(hx)
    for name, index, value in numbers:
        edits.pop((name, index), None)
        if torch.tensor(float(value)) != original[name][index]:
            edits[name, index] = value
    return replace(state, edits=edits)


def edit_from_browser(state: InsideState, sent: object) -> InsideState:
    """Apply an edit that a browser sent: {"name", "index", "value"}.

    Raises:
        InputError: it is not an edit, or not allowed.
    """
    if not isinstance(sent, Mapping) or not isinstance(index := sent.get("index"), list):
        raise InputError("inside.not_an_edit")
    return edit(state, [(sent.get("name", ""), tuple(index), sent.get("value", ""))])


def change_setting(state: InsideState, name: str, value: object) -> InsideState:
    """Change a size, the seed, the activation, the initial hidden state, the inputs or their scale.

    Edits that no longer apply are dropped: those outside a smaller size, those of weights that
    a new seed draws again, and those of `hx` or X when these start differently.

    Raises:
        InputError: the value is not allowed.
    """
    if value == getattr(state, name):
        return state
    bare = replace(state, edits={}, **{name: value})  # type: ignore[arg-type]
    edits = {
        (tensor, index): number
        for (tensor, index), number in state.edits.items()
        if tensor not in _DISCARDED_EDITS.get(name, ())
        and all(i < size for i, size in zip(index, bare.shapes[tensor], strict=True))
    }
    return replace(bare, edits=edits)


def shortest_float(value: float) -> float:
    """A float32 with no more decimals than needed to restore it."""
    return float(f"{value:.9g}")
