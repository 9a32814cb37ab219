"""Who a visitor is: a random key in a cookie of this app, so that a refresh finds their runs."""

import hashlib
import re
import secrets

import streamlit as st

from rnn_demo.components import register

COOKIE = "rnn_demo_visitor"
_KEY = re.compile(r"[0-9a-f]{32}")

_mount = register("visitor")


def visitor() -> str:
    """The name a visitor's runs go by, 16 hexadecimal digits.

    It is made from their key, but does not tell it: who reads a folder's name cannot pretend
    to be its visitor.
    """
    return hashlib.sha256(_key().encode()).hexdigest()[:16]


def remember_visitor() -> None:
    """Leave the key in the visitor's browser, once on a page."""
    if st.context.cookies.get(COOKIE) != _key():
        _mount(key="visitor/cookie", data={"name": COOKIE, "value": _key()}, height=1)


def _key() -> str:
    """The key in the cookie, or a new one; the session holds on to it."""
    if "visitor/key" not in st.session_state:
        key = str(st.context.cookies.get(COOKIE))
        st.session_state["visitor/key"] = key if _KEY.fullmatch(key) else secrets.token_hex(16)
    key = st.session_state["visitor/key"]
    assert isinstance(key, str)
    return key
