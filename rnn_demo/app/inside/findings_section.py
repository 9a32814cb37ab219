"""The section on the tutorial's bugs: measured as published, and fixed."""

import streamlit as st

from rnn_demo.app.inside import session
from rnn_demo.app.text import _
from rnn_demo.inside import findings
from rnn_demo.inside.findings import Findings
from rnn_demo.messages import N_

_VERSIONS = {"tutorial": N_("As published"), "fixed": N_("Fixed")}
_TITLES = {
    "n_parameters": N_("`list(BasicRNN(...).parameters())` has the length"),
    "call_difference": N_("`CleanBasicRNN` called twice with the same batch: difference"),
    "backward_error": N_("A second `backward()`"),
    "model_difference": N_("“The same model as `BasicRNN`”: difference"),
    "probability_sum": N_("Sum of `exp` of the ten outputs"),
    "digits": N_("The digits in MNIST"),
}
_TUTORIAL = {
    "n_parameters": N_("`Wx`, `Wy` and `b` are plain tensors: an optimiser has nothing to train."),
    "call_difference": N_(
        "The first call leaves its last state in `hx`, and the second call starts from it."
    ),
    "backward_error": N_("`hx` is still attached to the first call's graph, which has been freed."),
    "model_difference": N_("It has its own weights, biases and initial state."),
    "probability_sum": N_(
        "The tutorial calls them log probabilities, but they are logits: probabilities add up to 1."
    ),
    "digits": N_("The tutorial says so."),
}
_FIXED = {
    "n_parameters": N_("`Wx`, `Wy` and `b` are parameters: an optimiser trains all three."),
    "call_difference": N_("Every call starts from the stored `hx` and does not change it."),
    "backward_error": N_("Nothing is left over from the first call."),
    "model_difference": N_(
        "With equal weights, biases and initial state, they are the same up to rounding."
    ),
    "probability_sum": N_("`log_softmax` turns logits into log probabilities."),
    "digits": N_("There are ten classes, and the first one is 0."),
}


def show() -> None:
    """Six findings as numbers with a sentence each, of the tutorial's or the fixed networks."""
    version = st.segmented_control(
        _("Version"),
        list(_VERSIONS),
        format_func=lambda it: _(_VERSIONS[it]),
        default="tutorial",
        required=True,
        key="inside/findings/version",
        persist_state="session",
        label_visibility="collapsed",
    )
    now, tutorial = session.computation(), version == "tutorial"
    values = _values(
        findings.findings(now.unrolled.X, now.state.n_neurons, now.state.seed, tutorial=tutorial)
    )
    texts = _TUTORIAL if tutorial else _FIXED
    names = list(_TITLES)
    for row in (names[:3], names[3:]):
        for column, name in zip(st.columns(3), row, strict=True):
            with column:
                st.metric(_(_TITLES[name]), values[name])
                st.caption(_(texts[name]))


def _values(found: Findings) -> dict[str, str]:
    return {
        "n_parameters": str(found.n_parameters),
        "call_difference": f"{found.call_difference:.4f}",
        "backward_error": found.backward_error or _("works"),
        "model_difference": f"{found.model_difference:.4f}",
        "probability_sum": f"{found.probability_sum:.4f}",
        "digits": "{}-{}".format(*found.digits),
    }
