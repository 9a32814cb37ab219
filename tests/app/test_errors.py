"""How errors of the core look on a page."""

import errno

import pytest
from streamlit.testing.v1 import AppTest

from rnn_demo.app.errors import error_sentence, escape_markdown
from rnn_demo.messages import InputError, Message, StorageError


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (InputError("link.damaged"), str(Message("link.damaged"))),
        (StorageError("files.disk_full"), str(Message("files.disk_full"))),
        (OSError(errno.ENOSPC, "No space", "/secret/path"), str(Message("files.disk_full"))),
        (PermissionError(errno.EACCES, "Permission denied", "/secret"), "Permission denied."),
        (ValueError("X0 must hold floats."), "X0 must hold floats."),
    ],
)
def test_every_error_has_a_sentence(error, sentence):
    assert error_sentence(error) == sentence


def test_an_error_ends_the_page():
    def page() -> None:
        import streamlit as st

        from rnn_demo.app.errors import show_errors
        from rnn_demo.messages import InputError

        with show_errors():
            st.write("before")
            raise InputError("link.damaged")
        st.write("after")

    app = AppTest.from_function(page, default_timeout=60).run()
    assert not app.exception
    assert [error.value for error in app.error] == [str(Message("link.damaged"))]
    assert [text.value for text in app.markdown] == ["before"]


def test_markdown_characters_are_escaped():
    assert escape_markdown("a_b *c* $x$ [d](e)") == r"a\_b \*c\* \$x\$ \[d\]\(e\)"
    assert escape_markdown("Ada, 2 ü") == r"Ada\, 2 ü"
