"""The unrolled network of the flow lab, in the browser."""

import base64
import hashlib
import json
from collections.abc import Callable, Collection
from dataclasses import asdict
from typing import Any

import streamlit as st
from torch import Tensor

from rnn_demo import export
from rnn_demo.components import register
from rnn_demo.figures.palette import Palette
from rnn_demo.lab import Lab, saturation
from rnn_demo.links import LINK_LIMIT
from rnn_demo.share import MAX_VALUE, LabState, encode

_mount = register(
    "flow", "transport", "flow_net", "flow_formula", "flow_panels", styles=["controls"]
)


def flow_lab(
    lab: Lab,
    palette: Palette,
    *,
    key: str,
    on_edit: Callable[[], None],
    view: str = "",
    problem: str = "",
    hidden: Collection[str] = (),
    hide: Collection[str] = (),
) -> None:
    """Show a state: the network to play, to ask and to edit, its code and its link.

    Args:
        lab: what to show.
        palette: light or dark.
        key: of this place on the page; it keeps its node when the numbers change.
        on_edit: called when a number was typed; `typed(key)` tells which.
        view: what to look at first, see `share.check_view`; a new one is gone to.
        problem: why the last edit was refused, in a sentence.
        hidden: parts that are not shown here, of `share.HIDEABLE`.
        hide: parts that the link hides.
    """
    data = _numbers(lab) | {
        "palette": asdict(palette),
        "view": view,
        "hidden": sorted(hidden),
        "hide": sorted(hide),
    }
    signature = hashlib.sha256(json.dumps(data).encode()).hexdigest()
    _mount(
        key=key, data=data | {"signature": signature, "problem": problem}, on_edit_change=on_edit
    )


def typed(key: str) -> Any:
    """The number typed last, as {"name", "index", "value"}; a visitor's, so check it."""
    return st.session_state[key].edit


def _numbers(lab: Lab) -> dict[str, Any]:
    """All that the picture is drawn from."""
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
        "tensors": {name: _packed(values) for name, values in tensors.items()},
        "limits": _limits(tensors),
        "names": names,
        "titles": titles,
        "limit": MAX_VALUE,
        "saturation": saturation(lab),
        "code": asdict(export.twin(lab)),
        "state": state.to_json(),
        "token": encode(state),
        "link_limit": LINK_LIMIT,
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


def _packed(values: Tensor) -> str:
    """Little-endian float32 in base64: exact, and a third of the text of a list."""
    return base64.b64encode(values.contiguous().numpy().astype("<f4").tobytes()).decode()
