"""The data from which the browser draws the unrolled network, ready for JSON."""

from dataclasses import asdict
from typing import Any

from torch import Tensor

from rnn_demo.formats.float32 import packed
from rnn_demo.formats.url import MAX_LINK_CHARACTERS
from rnn_demo.inside import code_export
from rnn_demo.inside.compute import Computation
from rnn_demo.inside.state import MAX_VALUE, InsideState, encode


def payload(computation: Computation) -> dict[str, Any]:
    """The numbers, the names, the code and the link of a computation."""
    state = computation.state
    tensors = _tensors(computation)
    return {
        "stored": False,
        "model": state.model,
        "n_steps": state.n_steps,
        "batch": state.batch,
        "n_inputs": state.n_inputs,
        "n_neurons": state.n_neurons,
        "activation": state.activation,
        "scale": state.scale,
        "tensors": {name: packed(values.numpy()) for name, values in tensors.items()},
        "limits": _limits(tensors),
        "names": _names(state),
        "limit": MAX_VALUE,
        "n_saturated": computation.n_saturated,
        "code": asdict(code_export.generate(computation)),
        "state": state.to_json(),
        "token": encode(state),
        "link_limit": MAX_LINK_CHARACTERS,
    }


def _tensors(computation: Computation) -> dict[str, Tensor]:
    weights, unrolled = computation.weights, computation.unrolled
    return {
        "X": computation.X,
        "hx": unrolled.hx,
        "Wx": weights.Wx,
        "Wy": weights.Wy,
        "b": weights.b,
        "input": unrolled.input_term,
        "recurrent": unrolled.recurrent_term,
        "z": unrolled.pre_activation,
        "Y": unrolled.hidden,
    }


def _names(state: InsideState) -> dict[str, str]:
    """The name of each matrix in a formula."""
    steps = range(state.n_steps)
    names = {f"{name}{t}": f"{name}{t}" for t in steps for name in "Xz"}
    names |= {f"Y{t}": state.preset.output_name(t) for t in steps}
    return names | {name: name for name in ("hx", "Wx", "Wy", "b")}


def _limits(tensors: dict[str, Tensor]) -> dict[str, float]:
    """The absolute value at which a colour is full; similar tensors share one."""

    def largest(least: float, *names: str) -> float:
        return max(least, *(float(tensors[name].abs().max()) for name in names))

    pre_activations, weights = largest(1, "input", "recurrent", "z"), largest(0.01, "Wx", "Wy", "b")
    return {
        "X": largest(9, "X"),
        "hx": largest(1, "hx"),
        "Y": largest(1, "Y"),
        "z": pre_activations,
        "Wx": weights,
        "Wy": weights,
        "b": weights,
    }
