"""The words of the page Inside that need no torch, by the ids of the core."""

from typing import Any

from rnn_demo.app.inside.settings_section import STARTS
from rnn_demo.app.text import _, n_, sentence
from rnn_demo.inside.presets import Preset
from rnn_demo.inside.state import InsideState
from rnn_demo.messages import N_, Message

PRESET_TITLES = {
    "SingleRNN": N_("One neuron"),
    "BasicRNN": N_("A layer"),
    "nn.RNNCell": N_("With a loop"),
    "CleanBasicRNN": N_("As a module"),
}
_PRESET_IDEAS = {
    "SingleRNN": N_(
        "One neuron reads two time steps. At `t = 1` it sees the new input **and** its own output "
        "of `t = 0`. This is its whole memory."
    ),
    "BasicRNN": N_(
        "Five neurons read the same two steps. `Wx`, `Wy` and `b` are the same at both steps: the "
        "network is one layer that is used twice."
    ),
    "nn.RNNCell": N_(
        "PyTorch's own cell computes one step, and a loop repeats it. `hx` starts with random "
        "numbers, so there is something to remember at `t = 0` already."
    ),
    "CleanBasicRNN": N_(
        "The cell and its loop in one module. It returns the output of every step, and the final "
        "state, which is the last output."
    ),
}
SECTION_TITLES = {
    "settings": N_("Settings"),
    "grids": N_("Grids"),
    "quiz": N_("Predict"),
    "equivalence": N_("Three implementations"),
    "findings": N_("Bugs in the tutorial"),
    "loop": N_("Why a loop?"),
    "paste": N_("Paste a table"),
    "share": N_("Share"),
}
HIDEABLE_PARTS = {
    "presets": N_("Networks"),
    "settings": N_("Settings"),
    "code": N_("Code"),
    "sections": N_("Sections"),
    "share": N_("Share"),
}


def preset_idea(preset: Preset) -> str:
    """What a preset shows, in one or two sentences of Markdown."""
    return _(_PRESET_IDEAS[preset.class_name])


def network_words(state: InsideState, payload: dict[str, Any]) -> dict[str, Any]:
    """The words of the unrolled network: titles of its matrices, and a count under the curve.

    Args:
        state: the state on screen.
        payload: its payload, see `inside.payload`.
    """
    hx = _("hx ({start})").format(start=_(STARTS[state.hx]))
    titles = {"hx": hx, "Wx": _("Wx: input → new state"), "Wy": _("Wy: old state → new state")}
    return {"titles": payload["names"] | titles, "saturation": _saturation(state, payload)}


def _saturation(state: InsideState, payload: dict[str, Any]) -> str:
    if state.activation == "none":
        return _("Without an activation, no pre-activation is saturated.")
    n_total = state.n_steps * state.batch * state.n_neurons
    return n_(
        "{n} of {n_total} pre-activations is saturated: {activation} is flat there.",
        "{n} of {n_total} pre-activations are saturated: {activation} is flat there.",
        payload["n_saturated"],
    ).format(n=payload["n_saturated"], n_total=n_total, activation=state.activation)


def link_notice(message: Message) -> str:
    """Why a link could not be opened, and what the page shows instead."""
    return _("{reason} You see the first example instead.").format(reason=sentence(message))
