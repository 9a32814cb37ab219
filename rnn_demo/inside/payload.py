"""What the browser draws the flow lab from, as data for JSON."""

from dataclasses import asdict
from typing import Any

from torch import Tensor

from rnn_demo.formats.float32 import packed
from rnn_demo.formats.url import MAX_LINK_CHARACTERS
from rnn_demo.inside import code_export
from rnn_demo.inside.compute import Lab, saturation
from rnn_demo.inside.state import MAX_VALUE, LabState, encode


def picture(lab: Lab) -> dict[str, Any]:
    """The numbers, the words, the code and the link of a lab."""
    state, unrolled = lab.state, lab.unrolled
    tensors = {
        "X": lab.X,
        "hx": unrolled.hx,
        "Wx": lab.weights.Wx,
        "Wy": lab.weights.Wy,
        "b": lab.weights.b,
        "input": unrolled.input_term,
        "recurrent": unrolled.recurrent_term,
        "z": unrolled.pre_activation,
        "Y": unrolled.hidden,
    }
    names, titles = _words(state)
    return {
        "model": state.model,
        "n_steps": state.n_steps,
        "batch": state.batch,
        "n_inputs": state.n_inputs,
        "n_neurons": state.n_neurons,
        "activation": state.activation,
        "scale": state.scale,
        "tensors": {name: packed(values.numpy()) for name, values in tensors.items()},
        "limits": _limits(tensors),
        "names": names,
        "titles": titles,
        "limit": MAX_VALUE,
        "saturation": saturation(lab),
        "code": asdict(code_export.twin(lab)),
        "state": state.to_json(),
        "token": encode(state),
        "link_limit": MAX_LINK_CHARACTERS,
    }


def _words(state: LabState) -> tuple[dict[str, str], dict[str, str]]:
    """What each matrix is called in a formula, and what stands above it."""
    steps = range(state.n_steps)
    names = {f"{name}{t}": f"{name}{t}" for t in steps for name in "Xz"}
    names |= {f"Y{t}": state.preset.output_name(t) for t in steps}
    names |= {name: name for name in ("hx", "Wx", "Wy", "b")}
    titles = names | {f"z{t}": f"sum z{t}" for t in steps}
    titles |= {"hx": f"hx, {state.hx}", "Wx": "Wx input to hidden", "Wy": "Wy hidden to hidden"}
    return names, titles


def _limits(tensors: dict[str, Tensor]) -> dict[str, float]:
    """The value at which a colour is full; alike things share one."""

    def largest(least: float, *names: str) -> float:
        return max(least, *(float(tensors[name].abs().max()) for name in names))

    sums, weights = largest(1, "input", "recurrent", "z"), largest(0.01, "Wx", "Wy", "b")
    states = {"hx": largest(1, "hx"), "Y": largest(1, "Y")}
    return states | {"X": largest(9, "X"), "z": sums, "Wx": weights, "Wy": weights, "b": weights}
