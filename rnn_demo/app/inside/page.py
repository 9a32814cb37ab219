"""The page Inside: six cards about a small network, and the tutorial's own networks.

Any number can be changed; the page shows where it comes from and what it affects.
"""

import streamlit as st

from rnn_demo.app import address, frame
from rnn_demo.app.glossary import show_explained
from rnn_demo.app.inside import asking, link, places, sentences, session, settings_section
from rnn_demo.app.inside.component import chosen, show_network, typed
from rnn_demo.app.inside.sentences import SECTION_TITLES
from rnn_demo.app.text import _, sentence
from rnn_demo.app.theme import palette

NETWORK = "inside/network"  # key of the unrolled network


def take_edit() -> None:
    """Apply an edit of the unrolled network."""
    if (sent := typed(NETWORK)) is not None:
        session.edit(sent)


def take_answer() -> None:
    """Take the answer to the question beside the network."""
    asking.answer(chosen(NETWORK))


def show_picture() -> None:
    """The network with its question, its formula and its curve."""
    state, payload, error = session.now(), session.payload(), session.take_error("network")
    place = session.place()
    question = None if "question" in hidden else asking.shown()
    show_network(
        payload
        | sentences.network_words(state, payload)
        | {
            "card": place,
            "state": payload["state"] | {"card": place},
            "query": link.parameters(),
            "question": question,
            "slider": sentences.slider(place),
        },
        palette(),
        key=NETWORK,
        on_edit=take_edit,
        on_answer=take_answer,
        on_next=asking.go_on,
        n_resets=session.n_resets(),
        view=session.view(),
        error=sentence(error) if error else "",
        hidden=hidden | {"code", "share"} - {section},
        hide=st.session_state.get("inside/hide", ()),
    )


def show_tools() -> None:
    """Undo and reset, what the letters mean, the sections, and the tutorial's networks."""
    with st.container(horizontal=True, vertical_alignment="center"):
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
    show_explained(sentences.legend())
    if doors:
        show_doors()
    if section == "settings":
        settings_section.show()
    elif section:
        from rnn_demo.app.inside import sections  # imports torch, see `rnn_demo.app.startup`

        sections.show(section)
    if "presets" not in hidden:
        places.show_networks()


def show_doors() -> None:
    """The choice of a section below the network; a second click closes it."""
    st.session_state["inside/section"] = section
    st.segmented_control(
        _("Below the network"),
        doors,
        format_func=lambda it: _(SECTION_TITLES[it]),
        key="inside/section",
        on_change=take_section,
        label_visibility="collapsed",
    )


def take_section() -> None:
    """Open a section, or close it."""
    session.open_section(st.session_state["inside/section"])


frame.open_page("inside", _("Inside a recurrent network"))
if linked_answer := link.receive():
    asking.answer(linked_answer)
address.took_over()
hidden = session.hidden_parts()
doors = [it for it in SECTION_TITLES if sentences.PART_OF_SECTION[it] not in hidden]
section = session.section() if session.section() in doors else None
if "presets" not in hidden:
    with st.container(key="tools-cards"):
        places.show_cards()
if notice := session.notice():
    st.warning(sentences.link_notice(notice))
frame.show_claim(sentences.claim(session.place()))
show_picture()
with st.container(key="tools-inside"):
    show_tools()
frame.lead_on(_("A picture is a sequence, too: see how."), "digits")
link.write()
