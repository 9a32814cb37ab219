"""The page Inside: change any number of a small network, and see where it comes from and goes."""

from collections.abc import Mapping

import streamlit as st

from rnn_demo.app.inside import sentences, session
from rnn_demo.app.inside.component import show_network, typed
from rnn_demo.app.inside.sentences import ACTIVATIONS, PRESET_TITLES, SECTION_TITLES, STARTS
from rnn_demo.app.text import _, sentence
from rnn_demo.app.theme import palette
from rnn_demo.inside.presets import MAX_BATCH, MAX_INPUTS, MAX_NEURONS, MAX_STEPS
from rnn_demo.inside.state import MAX_SCALE, MAX_SEED

NETWORK = "inside/network"  # key of the unrolled network
MAX_SIZES = {
    "n_steps": MAX_STEPS,
    "batch": MAX_BATCH,
    "n_inputs": MAX_INPUTS,
    "n_neurons": MAX_NEURONS,
}


def take_edit() -> None:
    """Apply an edit of the unrolled network."""
    session.edit(typed(NETWORK))


def take_setting(name: str) -> None:
    """Apply a new setting."""
    session.change_setting(name, st.session_state[f"inside/{name}"])


def take_model() -> None:
    """Go to another network."""
    session.choose(st.session_state["inside/model"])


def setting_key(name: str) -> str:
    """Key of the widget of a setting, which shows the value of the current state."""
    key = f"inside/{name}"
    st.session_state[key] = getattr(session.now(), name)
    return key


def show_presets() -> None:
    """The tutorial's four networks, undo and reset."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if "presets" not in hidden:
            st.segmented_control(
                _("Network"),
                list(PRESET_TITLES),
                format_func=lambda name: _(PRESET_TITLES[name]),
                required=True,
                key=setting_key("model"),
                on_change=take_model,
                label_visibility="collapsed",
            )
        st.button(
            _("Undo"),
            icon=":material/undo:",
            key="inside/undo",
            disabled=not session.can_undo(),
            on_click=session.undo,
        )
        st.button(
            _("Reset"), icon=":material/restart_alt:", key="inside/reset", on_click=session.reset
        )


def show_settings() -> None:
    """Sizes, seed, initial hidden state, activation and the scale of the inputs."""
    with st.container(horizontal=True):
        for name, label in sentences.SIZE_LABELS.items():
            show_number(name, _(label), 1, MAX_SIZES[name])
        show_number("seed", _("Seed"), 0, MAX_SEED)
        show_choice("hx", _("Initial memory"), STARTS)
        show_choice("activation", _("Activation"), ACTIVATIONS)
        st.slider(
            _("Scale of the inputs"),
            0.0,
            MAX_SCALE,
            step=0.05,
            key=setting_key("scale"),
            on_change=take_setting,
            args=("scale",),
            width=220,
        )


def show_number(name: str, label: str, low: int, high: int) -> None:
    """A field for a whole number."""
    st.number_input(
        label,
        low,
        high,
        key=setting_key(name),
        on_change=take_setting,
        args=(name,),
        width=130,
        help=_("From {low} to {high}.").format(low=low, high=high),
    )


def show_choice(name: str, label: str, options: Mapping[str, str]) -> None:
    """A choice of a few values."""
    st.segmented_control(
        label,
        list(options),
        format_func=lambda option: _(options[option]),
        required=True,
        key=setting_key(name),
        on_change=take_setting,
        args=(name,),
    )


def show_section() -> None:
    """The choice of a section below the network, and the section."""
    visible = [
        section
        for section in SECTION_TITLES
        if ("settings" if section == "settings" else "sections") not in hidden
    ]
    if not visible:
        return
    section = st.segmented_control(
        _("Below the network"),
        visible,
        format_func=lambda it: _(SECTION_TITLES[it]),
        default=visible[0],
        required=True,
        key="inside/section",
        persist_state="session",
        label_visibility="collapsed",
    )
    if section == "settings":
        show_settings()
    else:
        from rnn_demo.app.inside import sections  # imports torch, see `rnn_demo.app.startup`

        sections.show(section)


session.begin(st.query_params.to_dict())
hidden = session.hidden_parts()
show_presets()
if notice := session.notice():
    st.warning(sentences.link_notice(notice))
state, payload, error = session.now(), session.payload(), session.take_error()
show_network(
    payload | sentences.network_words(state, payload),
    palette(),
    key=NETWORK,
    on_edit=take_edit,
    view=session.view(),
    error=sentence(error) if error else "",
    hidden=hidden,
    hide=st.session_state.get("inside/hide", ()),
)
show_section()
if state.has_preset_sizes:
    st.caption(sentences.preset_idea(state.preset))
