"""The flow lab: touch any number of a toy network, and see where it came from and goes."""

import streamlit as st

from rnn_demo.app.inside import session
from rnn_demo.app.inside.component import show_network, typed
from rnn_demo.app.theme import palette
from rnn_demo.inside.initial_payload import picture_of
from rnn_demo.inside.presets import MAX_BATCH, MAX_INPUTS, MAX_NEURONS, MAX_STEPS, PRESETS
from rnn_demo.inside.state import ACTIVATIONS, MAX_SCALE, MAX_SEED, STARTS

PICTURE = "lab/picture"
SIZES = {
    "n_steps": ("Time steps", MAX_STEPS),
    "batch": ("Batch", MAX_BATCH),
    "n_inputs": ("Inputs", MAX_INPUTS),
    "n_neurons": ("Neurons", MAX_NEURONS),
}
SECTIONS = ("Grids", "Predict", "Three ways", "Errata", "Code that grows", "Paste a table", "Share")


def edited() -> None:
    """A number was typed in the picture."""
    session.edit(typed(PICTURE))


def changed(name: str) -> None:
    """A setting was changed."""
    session.change(name, st.session_state[f"lab/{name}"])


def chosen() -> None:
    """Another network was chosen."""
    session.choose(st.session_state["lab/model"])


def at(name: str) -> str:
    """Key of the widget of a setting, which shows what the state says."""
    key = f"lab/{name}"
    st.session_state[key] = getattr(session.now(), name)
    return key


def show_presets() -> None:
    """The tutorial's four networks, undo and reset."""
    titles = {preset.class_name: preset.title for preset in PRESETS}
    with st.container(horizontal=True, vertical_alignment="center"):
        if "presets" not in hidden:
            st.segmented_control(
                "Network",
                list(titles),
                format_func=titles.__getitem__,
                required=True,
                key=at("model"),
                on_change=chosen,
                label_visibility="collapsed",
            )
        st.button(
            "Undo",
            icon=":material/undo:",
            disabled=not session.can_undo(),
            on_click=session.undo,
        )
        st.button("Reset", icon=":material/restart_alt:", on_click=session.reset)


def show_settings() -> None:
    """Sizes, seed, starting state, activation and the scale of the inputs."""
    with st.container(horizontal=True):
        for name, (label, largest) in SIZES.items():
            st.number_input(
                f"{label} (1-{largest})",
                1,
                largest,
                key=at(name),
                on_change=changed,
                args=(name,),
                width=130,
            )
        st.number_input(
            "Seed", 0, MAX_SEED, key=at("seed"), on_change=changed, args=("seed",), width=130
        )
        for name, label, options in (
            ("hx", "Start hx", list(STARTS)),
            ("activation", "Activation", list(ACTIVATIONS)),
        ):
            st.segmented_control(
                label, options, required=True, key=at(name), on_change=changed, args=(name,)
            )
        st.slider(
            "Scale of the inputs",
            0.0,
            MAX_SCALE,
            step=0.05,
            key=at("scale"),
            on_change=changed,
            args=("scale",),
            width=220,
        )


def show_section(name: str) -> None:
    """One of the things to look at under the picture."""
    from rnn_demo.app.inside import sections  # with torch, see `rnn_demo.app.startup`

    sections.show(name, state)


session.begin(st.query_params.to_dict())
hidden = session.hidden()
show_presets()
if session.notice():
    st.warning(session.notice())
state = session.now()
show_network(
    picture_of(state),
    palette(),
    key=PICTURE,
    on_edit=edited,
    view=session.view(),
    error=session.problem(),
    hidden=hidden,
    hide=st.session_state.get("lab/hide", ()),
)
sections = [
    *(() if "settings" in hidden else ("Settings",)),
    *(() if "sections" in hidden else SECTIONS),
]
if sections:
    section = st.segmented_control(
        "Below the picture",
        sections,
        default=sections[0],
        required=True,
        key="lab/section",
        persist_state="session",
        label_visibility="collapsed",
    )
    if section == "Settings":
        show_settings()
    else:
        show_section(section)
if state.has_preset_sizes:
    st.caption(state.preset.idea)
