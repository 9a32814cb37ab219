"""The sections below the network that need torch, one at a time on screen."""

from collections.abc import Callable
from dataclasses import fields

import pandas as pd
import streamlit as st

from rnn_demo.app.inside import findings_section, grids, quiz_section, session
from rnn_demo.app.inside.sentences import HIDEABLE_PARTS
from rnn_demo.app.text import _, n_, sentence
from rnn_demo.inside import code_export, equivalence, state, tables
from rnn_demo.inside.compute import Computation
from rnn_demo.inside.equivalence import Deviations, Equivalence
from rnn_demo.messages import N_, InputError

_PASTE_NAME, _PASTE_TEXT = "inside/paste/name", "inside/paste/text"
_PASTE_ERROR = "inside/paste/error"  # shown once, beside the table
_FILE = "inside/file"
_DEVIATIONS = {
    "not_transposed": N_("Wy not transposed"),
    "second_bias": N_("A second bias"),
    "random_start": N_("A random start"),
    "leftover_state": N_("State left over from the previous call"),
}


def show(section: str) -> None:
    """Show a section by its id."""
    _SECTIONS[section]()


def show_equivalence() -> None:
    """The same computation by hand, by nn.RNNCell and by nn.RNN, with mistakes to switch on."""
    st.markdown(
        _(
            "The same weights in `nn.RNNCell` and `nn.RNN`: three implementations, one result. "
            "Switch on a mistake and see them disagree."
        )
    )
    deviations = _deviations()
    now = session.computation()
    try:
        result = equivalence.compare(now, deviations)
    except InputError as error:
        st.info(sentence(error.message))
        return
    st.badge(
        _("largest difference {difference:.2g}").format(difference=result.difference),
        icon=":material/check:" if result.equal else ":material/close:",
        color="green" if result.equal else "red",
    )
    if deviations == Deviations(not_transposed=True) and now.state.n_neurons == 1:
        st.caption(_("With one neuron, Wy is a single number, so the transposed Wy is the same."))
    _show_last_states(now, result)


def _deviations() -> Deviations:
    with st.container(horizontal=True):
        return Deviations(
            **{
                field.name: st.toggle(
                    _(_DEVIATIONS[field.name]),
                    key=f"inside/equivalence/{field.name}",
                    persist_state="session",
                )
                for field in fields(Deviations)
            }
        )


def _show_last_states(now: Computation, result: Equivalence) -> None:
    name = now.state.preset.output_name(now.state.n_steps - 1)
    st.caption(
        _("`{state}`, example {i} of {batch}").format(state=name, i=1, batch=now.state.batch)
    )
    rows = {"`BasicRNN`": result.by_hand, "`nn.RNNCell`": result.cell, "`nn.RNN`": result.rnn}
    numbers = {
        name: [f"{value:.4f}" for value in states[-1, 0].tolist()] for name, states in rows.items()
    }
    st.table(pd.DataFrame(numbers).T)


def show_loop() -> None:
    """The forward pass by hand, which grows with the steps, beside the loop, which does not."""
    now = session.now()
    by_hand, loop = code_export.forward_by_hand(now), code_export.loop(now)
    left, right = st.columns(2)
    caption = n_(
        "By hand: {n} line for {n} time step",
        "By hand: {n} lines for {n} time steps",
        now.n_steps,
    )
    left.caption(caption.format(n=now.n_steps))
    left.code(by_hand, language="python")
    right.caption(_("With a loop: the same 4 lines for any number of time steps"))
    right.code(loop, language="python")


def show_paste() -> None:
    """A form that takes a table from a spreadsheet for any matrix."""
    with st.form("inside/paste", border=False):
        st.selectbox(
            _("Into which matrix"),
            tables.matrix_names(session.now()),
            key=_PASTE_NAME,
            placeholder=_("Choose a matrix"),
            width=160,
        )
        st.text_area(
            _("Table"),
            key=_PASTE_TEXT,
            placeholder="0\t1\t2\n3,5\t4\t5",
            height=120,
            help=_("Separate cells with tabs, semicolons or spaces. A comma is a decimal point."),
        )
        st.form_submit_button(_("Paste"), key="inside/paste/submit", on_click=_paste)
    if error := st.session_state.pop(_PASTE_ERROR, None):
        st.error(_("Nothing was changed."))
        st.text(sentence(error))  # it quotes the table, so no Markdown


def _paste() -> None:
    name, text = st.session_state[_PASTE_NAME], st.session_state[_PASTE_TEXT]
    if not session.go(lambda state: tables.paste(state, name, text)):
        st.session_state[_PASTE_ERROR] = session.take_error()


def show_share() -> None:
    """What a link hides, and a field that opens a state file."""
    st.multiselect(
        _("Hide from people who open the link"),
        state.HIDEABLE,
        format_func=lambda part: _(HIDEABLE_PARTS[part]),
        key="inside/hide",
        persist_state="session",
        placeholder=_("Nothing"),
        help=_("With less on the page, a class sees what matters."),
    )
    st.file_uploader(
        _("Open a saved file"), type="json", max_upload_size=1, key=_FILE, on_change=_open_file
    )


def _open_file() -> None:
    file = st.session_state[_FILE]
    if file is not None:
        session.open_file(file.getvalue())


_SECTIONS: dict[str, Callable[[], None]] = {
    "grids": grids.show,
    "quiz": quiz_section.show,
    "equivalence": show_equivalence,
    "findings": findings_section.show,
    "loop": show_loop,
    "paste": show_paste,
    "share": show_share,
}
