"""The page Inside: change any number of a small network; see where it comes from and goes."""

import streamlit as st

from rnn_demo.app import frame
from rnn_demo.app.inside import sentences, session, settings_section
from rnn_demo.app.inside.component import show_network, typed
from rnn_demo.app.inside.sentences import PRESET_TITLES, SECTION_TITLES
from rnn_demo.app.inside.settings_section import setting_key
from rnn_demo.app.text import _, sentence
from rnn_demo.app.theme import palette

NETWORK = "inside/network"  # key of the unrolled network


def take_edit() -> None:
    """Apply an edit of the unrolled network."""
    if (sent := typed(NETWORK)) is not None:
        session.edit(sent)


def take_model() -> None:
    """Go to another network."""
    session.choose(st.session_state["inside/model"])


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
        settings_section.show()
    else:
        from rnn_demo.app.inside import sections  # imports torch, see `rnn_demo.app.startup`

        sections.show(section)


frame.open_page(
    "inside",
    _("Inside a recurrent network"),
    _(
        "At every [[time step]] the network mixes the new [[input]] with its [[hidden state]], the "
        "memory of what came before."
    ),
)
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
frame.lead_on(_("A picture is a sequence, too: see how."), "digits")
