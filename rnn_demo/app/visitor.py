"""The identity of a visitor: a random key in their browser, so that a reload finds their runs.

There are three situations. The key comes as a cookie, which the server sets with every page (see
`rnn_demo.app.middleware.visitor_cookie`). Where the browser sends none, as in a frame of another
site without https, `assets/shared/visitor.js` keeps the key in the browser's local storage. Where
that is blocked too, the key ends with the page: the page Train says so, and the visitor's runs
have a lease (see `rnn_demo.runs.lease`), which this server renews while their session is alive.
"""

import hashlib
from collections.abc import Mapping

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from rnn_demo.app.components import register, reported
from rnn_demo.app.middleware.visitor_cookie import cookie_name, is_key, key_in, new_key
from rnn_demo.runs import lease
from rnn_demo.settings import SETTINGS

_COMPONENT = "visitor/storage"
_KEY = "visitor/key"  # in the session
_PLACE = "visitor/place"  # where the browser keeps it: "cookie", "storage" or "nowhere"

_mount = register("visitor", module="shared/visitor.js")
# Owners whose key ends with their page, by the id of their session.
_passing: dict[str, str] = {}


def visitor() -> str:
    """The name of the folder that holds the visitor's runs, 16 hexadecimal digits.

    It is a hash of the key: the name of a folder is not enough to act as its visitor.
    """
    return hashlib.sha256(_key().encode()).hexdigest()[:16]


def meet() -> None:
    """Find out who the visitor is, before a page reads what is theirs; first in every run.

    Without a cookie, the run ends here once, until the browser has said what it stores.
    """
    if key := key_in(st.context.cookies):
        st.session_state.setdefault(_KEY, key)
        st.session_state[_PLACE] = "cookie"
        return
    place = st.session_state.get(_PLACE)
    with st.container(key="frame-visitor"):
        _mount(
            key=_COMPONENT,
            # In a list: Streamlit searches a dictionary for data frames.
            data=[{"name": cookie_name(), "key": _key(), "place": place}],
            on_found_change=_take_over,
            height=1,
        )
    if place is None:
        st.stop()
    session = get_script_run_ctx()
    if session and loses_runs():
        _passing[session.session_id] = visitor()
        lease.renew(visitor())


def loses_runs() -> bool:
    """Whether the visitor's runs are lost with their page: nobody could find them again."""
    return st.session_state.get(_PLACE) == "nowhere" and not SETTINGS.shared.read()


def renew_leases() -> None:
    """Renew the leases of all visitors who are connected."""
    for session_id, owner in list(_passing.items()):
        if _is_connected(session_id):
            lease.renew(owner)
        elif not lease.is_running(owner):
            # Streamlit has forgotten the session, too, or will note it again at its next run.
            del _passing[session_id]


def _is_connected(session_id: str) -> bool:
    return runtime.exists() and runtime.get_instance().is_active_session(session_id)


def _take_over() -> None:
    """Use the key that the browser has stored, and note where."""
    found = reported(_COMPONENT, "found")
    # A visitor can forge these values no better than the cookie.
    if isinstance(found, Mapping) and is_key(found.get("key")):
        st.session_state[_KEY] = found["key"]
        st.session_state[_PLACE] = "storage" if found.get("place") == "storage" else "nowhere"


def _key() -> str:
    """The session's key: at first the one in the cookie, or else a new one."""
    key = st.session_state.setdefault(_KEY, key_in(st.context.cookies) or new_key())
    assert isinstance(key, str)
    return key
