"""The sections below the network that need torch, one at a time on screen."""

from collections.abc import Callable

import streamlit as st

from rnn_demo.app.errors import escape_markdown
from rnn_demo.app.inside import grids, session, tutorial_section
from rnn_demo.app.inside.sentences import HIDEABLE_PARTS
from rnn_demo.app.text import _, n_, sentence
from rnn_demo.app.uploads import file_uploader
from rnn_demo.inside import code_export, state, tables
from rnn_demo.messages import Message

_PASTE_NAME, _PASTE_TEXT = "inside/paste/name", "inside/paste/text"
_FILE, _OPENED = "inside/file", "inside/file/opened"


def show(section: str) -> None:
    """Show a section by its id."""
    _SECTIONS[section]()


def show_tables() -> None:
    """The numbers as tables to edit, and a form that takes a whole table."""
    with st.container(border=True):
        show_paste()
    grids.show()


def show_code() -> None:
    """The forward pass by hand, which grows with the steps, beside the loop, which does not."""
    st.header(_("Why a loop?"), anchor=False)
    now = session.now()
    by_hand, loop = code_export.forward_by_hand(now), code_export.loop(now)
    left, right = st.columns(2)
    caption = n_(
        "By hand: {n} line for {n} time step",
        "By hand: {n} lines for {n} time steps",
        now.n_steps,
    )
    left.caption(caption.format(n=now.n_steps))
    left.code(by_hand, language="python", wrap_lines=True)
    right.caption(_("With a loop: the same 4 lines for any number of time steps"))
    right.code(loop, language="python", wrap_lines=True)


def show_paste() -> None:
    """A form that takes a table for any matrix."""
    with st.form("inside/paste", border=False):
        st.selectbox(
            _("Into which matrix"),
            tables.matrix_names(session.now()),
            key=_PASTE_NAME,
            placeholder=_("Choose a matrix"),
            width=160,
        )
        st.text_area(
            _("Table of numbers"),
            key=_PASTE_TEXT,
            placeholder="0\t1\t2\n3,5\t4\t5",
            height=120,
            help=_(
                "From a spreadsheet, a CSV file, Markdown or LaTeX, or as NumPy, PyTorch or Python "
                "prints it. Tabs, semicolons, commas or spaces separate the cells; where they do "
                "not, a comma is a decimal point."
            ),
        )
        if error := session.take_error("paste"):
            _show_error(error, _("Nothing was changed."))
        st.form_submit_button(_("Paste"), key="inside/paste/submit", on_click=_paste)


def _paste() -> None:
    name, text = st.session_state[_PASTE_NAME], st.session_state[_PASTE_TEXT]
    session.go(lambda state: tables.paste(state, name, text), "paste")


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
    file_uploader(_("Open a saved file"), max_upload_size=1, key=_FILE, on_change=_open_file)
    if error := session.take_error("share"):
        _show_error(error, _("The file was not opened."))
    elif st.session_state.get(_OPENED) == session.now():
        st.success(_("Opened. The network shows the numbers of the file."))


def _show_error(error: Message, result: str) -> None:
    """Say what is wrong, then what came of it."""
    st.error(escape_markdown(f"{sentence(error)} {result}"))  # it may quote a table or a file


def _open_file() -> None:
    file = st.session_state[_FILE]
    if file is not None and session.open_file(file.getvalue()):
        st.session_state[_OPENED] = session.now()


_SECTIONS: dict[str, Callable[[], None]] = {
    "code": show_code,
    "tables": show_tables,
    "share": show_share,
    "tutorial": tutorial_section.show,
}
