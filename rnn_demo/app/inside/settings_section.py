"""The section Settings, which needs no torch: sizes, seed, initial memory, inputs, activation."""

from collections.abc import Mapping

import streamlit as st

from rnn_demo.app.glossary import explain
from rnn_demo.app.inside import session
from rnn_demo.app.text import _, sentence
from rnn_demo.inside.presets import MAX_BATCH, MAX_INPUTS, MAX_NEURONS, MAX_STEPS
from rnn_demo.inside.state import MAX_SCALE, MAX_SEED
from rnn_demo.messages import N_

STARTS = {"zero": N_("zeros"), "random": N_("random"), "typed": N_("my own")}
_INPUTS = {"tutorial": N_("the tutorial's"), "zeros": N_("zeros")}
_ACTIVATIONS = {"tanh": N_("tanh"), "relu": N_("relu"), "none": N_("none")}
_SIZES = {  # label, largest value, term of the glossary
    "n_steps": (N_("Time steps"), MAX_STEPS, "time step"),
    "batch": (N_("Examples"), MAX_BATCH, "batch"),
    "n_inputs": (N_("Inputs"), MAX_INPUTS, "input"),
    "n_neurons": (N_("Neurons"), MAX_NEURONS, "neuron"),
}


def show() -> None:
    """A widget for every setting."""
    with st.container(horizontal=True):
        for name, (label, largest, term) in _SIZES.items():
            _show_number(name, _(label), 1, largest, term)
        _show_number("seed", _("Seed"), 0, MAX_SEED, "seed")
        _show_choice("hx", _("Initial memory"), STARTS, "hidden state")
        _show_choice("inputs", _("Input numbers"), _INPUTS, "input")
        _show_choice("activation", _("Activation"), _ACTIVATIONS, "activation")
        st.slider(
            _("Scale of the inputs"),
            0.0,
            MAX_SCALE,
            step=0.05,
            key=setting_key("scale"),
            on_change=_take_setting,
            args=("scale",),
            width=220,
        )
    if error := session.take_error("settings"):
        st.error(sentence(error))


def setting_key(name: str) -> str:
    """Key of the widget of a setting, which shows the value of the current state."""
    key = f"inside/{name}"
    st.session_state[key] = getattr(session.now(), name)
    return key


def _show_number(name: str, label: str, low: int, high: int, term: str) -> None:
    limits = _("From {low} to {high}.").format(low=low, high=high)
    st.number_input(
        label,
        low,
        high,
        key=setting_key(name),
        on_change=_take_setting,
        args=(name,),
        width=130,
        help=f"{explain(term)} {limits}",
    )


def _show_choice(name: str, label: str, options: Mapping[str, str], term: str) -> None:
    st.segmented_control(
        label,
        list(options),
        format_func=lambda option: _(options[option]),
        required=True,
        key=setting_key(name),
        on_change=_take_setting,
        args=(name,),
        help=explain(term),
    )


def _take_setting(name: str) -> None:
    session.change_setting(name, st.session_state[f"inside/{name}"])
