"""State in the address: it survives a reload, and Back and Forward go through it.

It also survives a locked phone and a restarted server, because the browser keeps it.

A page asks `received` for news at the start of a run, and calls `write` for what it shows at the
end. Streamlit runs the page again when the visitor goes back or forward.
"""

import time
from collections.abc import Mapping

import streamlit as st

# A click that was on its way while the page wrote to the address still brings the address of
# before. It looks like a step back, and arrives within this time of the last `write`.
STALE_S = 0.7

_PAGE = "address/page"  # the page of the last run
_ARRIVED = "address/arrived"  # whether this page's run is the first after another page's
_WRITTEN_AT = "address/written_at"  # seconds of the monotonic clock


def visit(page: str) -> None:
    """Begin a run of a page; to be called before `received` and `write`."""
    st.session_state[_ARRIVED] = st.session_state.get(_PAGE) != page
    st.session_state[_PAGE] = page


def received(name: str) -> str | None:
    """What the address says of a parameter, if the visitor changed it.

    Not to be called in a fragment's rerun, where the visitor cannot have changed it.

    Args:
        name: of the parameter.

    Returns:
        The parameter's text after a link, a reload, Back or Forward; empty if these led to an
        address without it. None if the page itself wrote what is there.
    """
    text = st.query_params.get(name)
    key = _key(name)
    written = st.session_state.get(key)
    if text == written or _is_stale():
        return None
    if text is None and st.session_state[_ARRIVED]:
        return None  # a switch of pages empties the address
    st.session_state[key] = text
    return text or ""


def write(name: str, text: str | None) -> None:
    """Keep a parameter of the address up to date; None removes it.

    A new text is a new entry of the browser's history.
    """
    write_together({name: text})


def write_together(texts: Mapping[str, str | None]) -> None:
    """Keep several parameters up to date; what changes makes one entry of the history.

    Args:
        texts: by name of the parameter; None removes it.
    """
    for name, text in texts.items():
        if st.session_state.get(_key(name)) != text:
            st.session_state[_key(name)] = text
            st.session_state[_WRITTEN_AT] = time.monotonic()
    before = st.query_params.to_dict()
    after = {name: text for name, text in {**before, **texts}.items() if text is not None}
    if after != before:
        st.query_params.from_dict(after)


def _is_stale() -> bool:
    written_at: float = st.session_state.get(_WRITTEN_AT, float("-inf"))
    return time.monotonic() - written_at < STALE_S


def _key(name: str) -> str:
    return f"address/written/{st.session_state[_PAGE]}/{name}"
