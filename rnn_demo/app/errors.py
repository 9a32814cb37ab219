"""Errors of the core as sentences on the page."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from rnn_demo.app.text import sentence
from rnn_demo.messages import CodedError


@contextmanager
def show_errors() -> Iterator[None]:
    """Show an error that the block raises, and end the page there."""
    try:
        yield
    except (TypeError, ValueError, OSError) as error:
        st.error(error_sentence(error))
        st.stop()


def error_sentence(error: Exception) -> str:
    """What an error says, in the visitor's language if the core foresaw it."""
    if isinstance(error, CodedError):
        return sentence(error.message)
    if isinstance(error, OSError):
        from rnn_demo.formats.files import describe_os_error  # imports what locks files

        return sentence(describe_os_error(error))
    return str(error)


def escape_markdown(text: str) -> str:
    """Markdown that shows a text, such as a visitor's, character by character."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)
