"""Who a visitor is: a random key in a cookie of this app, so that a refresh finds their runs."""

import hashlib
import re
import secrets

import streamlit as st

from rnn_demo.app.components import register

COOKIE = "rnn_demo_visitor"
_KEY = re.compile(r"[0-9a-f]{32}")
_MOUNTED, _HELD = "visitor/cookie", "visitor/key"

_mount = register("visitor", module="shared/visitor.js")


def visitor() -> str:
    """The name a visitor's runs go by, 16 hexadecimal digits.

    It is made from their key, but does not tell it: who reads a folder's name cannot pretend
    to be its visitor.
    """
    return hashlib.sha256(_key().encode()).hexdigest()[:16]


def remember_visitor() -> None:
    """Leave the key in the visitor's browser, or take the one that another tab has left there."""
    if st.context.cookies.get(COOKIE) != _key():
        _mount(
            key=_MOUNTED,
            data={"name": COOKIE, "value": _key()},
            on_kept_change=_take_over,
            height=1,
        )


def _take_over() -> None:
    """Go by the key that the browser has; it could as well have sent it as a cookie."""
    kept = st.session_state[_MOUNTED].kept
    if isinstance(kept, str) and _KEY.fullmatch(kept):
        st.session_state[_HELD] = kept


def _key() -> str:
    """The key in the cookie, or a new one; the session holds on to it."""
    if _HELD not in st.session_state:
        key = str(st.context.cookies.get(COOKIE))
        st.session_state[_HELD] = key if _KEY.fullmatch(key) else secrets.token_hex(16)
    key = st.session_state[_HELD]
    assert isinstance(key, str)
    return key
