"""State in the address: it survives a reload, and Back and Forward go through it.

It also survives a locked phone and a restarted server, because the browser keeps it.

A page asks `received` for news at the start of a run, says `took_over` as soon as it has taken them
over, and calls `write` for what it shows at the end. Every message from the browser carries the
address that it shows. A click that is sent before the page's new address has arrived still carries
the old one. So the address is read only when the visitor comes to a page, and when the browser says
that they went back or forward.
"""

from collections.abc import Mapping

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

_PAGE = "address/page"  # the page of the last run
_ARRIVED = "address/arrived"  # whether the visitor came from another page; False after Back
_READ = "address/read"  # the parameters that were read since they came, or went back or forward
_OFFERED = "address/offered"  # parameter -> its text, while the page takes it over
_WRITTEN = "address/written"  # page -> parameter -> its text in the address; None if not there
_EMPTIED = "address/emptied"  # whether a switch of pages has emptied the address


def visit(page: str) -> None:
    """Begin a run of a page; to be called before `received` and `write`."""
    if st.session_state.get(_PAGE) != page:
        st.session_state[_EMPTIED] = True
        _read_anew(arrived=True)
        st.session_state[_PAGE] = page  # last: a click can end a run at any of these lines
    elif (context := get_script_run_ctx()) and context.is_history_navigation:
        _read_anew(arrived=False)


def received(name: str) -> str | None:
    """What the address says of a parameter, if the visitor changed it.

    Args:
        name: of the parameter.

    Returns:
        The parameter's text after a link, a reload, Back or Forward; empty if these led to an
        address without it. None if the page itself wrote what is there. The same again until
        `took_over`: a click ends a run that has only just begun, and the next one starts over.
    """
    if name in st.session_state[_READ]:
        return None
    text, last = st.query_params.get(name), _written().get(name)
    is_news = text != last and not (text is None and st.session_state[_ARRIVED])
    st.session_state[_OFFERED][name] = text if is_news else last
    return (text or "") if is_news else None


def took_over() -> None:
    """Say that the page has taken over all that it received."""
    offered, written, read = st.session_state[_OFFERED], _written(), st.session_state[_READ]
    written.update(offered)
    read.update(offered)
    offered.clear()


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
    written = _written()
    changed = any(written.get(name) != text for name, text in texts.items())
    written.update(texts)
    if not changed and not st.session_state[_EMPTIED]:
        return
    st.session_state[_EMPTIED] = False
    before = st.query_params.to_dict()
    after = {name: text for name, text in {**before, **written}.items() if text is not None}
    if after != before:
        st.query_params.from_dict(after)


def _read_anew(*, arrived: bool) -> None:
    """Let `received` read each parameter once more."""
    st.session_state[_READ] = set()
    st.session_state[_OFFERED] = {}
    st.session_state[_ARRIVED] = arrived


def _written() -> dict[str, str | None]:
    """The parameters of the page, as they were last read from the address or written to it."""
    pages: dict[str, dict[str, str | None]] = st.session_state.setdefault(_WRITTEN, {})
    return pages.setdefault(st.session_state[_PAGE], {})
