"""The identity of a visitor: a random key in a cookie, so that a reload finds their runs again."""

import hashlib
import re
import secrets

import streamlit as st

from rnn_demo.app.components import register, reported

COOKIE = "rnn_demo_visitor"
_KEY_PATTERN = re.compile(r"[0-9a-f]{32}")
_COMPONENT, _KEY = "visitor/cookie", "visitor/key"  # in the session

_mount = register("visitor", module="shared/visitor.js")


def visitor() -> str:
    """The name of the folder that holds the visitor's runs, 16 hexadecimal digits.

    It is a hash of the key: the name of a folder is not enough to act as its visitor.
    """
    return hashlib.sha256(_key().encode()).hexdigest()[:16]


def remember_visitor() -> None:
    """Store the key in the visitor's browser, or take over the key that it already has."""
    if st.context.cookies.get(COOKIE) != _key():
        _mount(
            key=_COMPONENT,
            data={"name": COOKIE, "value": _key()},
            on_existing_change=_take_over,
            height=1,
        )


def _take_over() -> None:
    """Use the key that another tab has stored in the browser."""
    key = reported(_COMPONENT, "existing")
    # A visitor can forge this value no better than the cookie.
    if isinstance(key, str) and _KEY_PATTERN.fullmatch(key):
        st.session_state[_KEY] = key


def _key() -> str:
    """The session's key: at first the one in the cookie, or else a new one."""
    if _KEY not in st.session_state:
        key = str(st.context.cookies.get(COOKIE))
        st.session_state[_KEY] = key if _KEY_PATTERN.fullmatch(key) else secrets.token_hex(16)
    key = st.session_state[_KEY]
    assert isinstance(key, str)
    return key
