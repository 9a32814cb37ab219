"""Expired sessions are evicted at once.

Gains memory: Streamlit keeps the session of a visitor who left for two minutes, and evicts it only
when another visitor leaves. The last thirty visitors of a class would keep their memory for good.
"""

from contextlib import suppress

from streamlit.runtime import get_instance


def evict_expired() -> None:
    """Evict the sessions that have expired; call it in the thread of the event loop."""
    # Streamlit's store is a cache that evicts when it is asked for its length. It is not part of
    # Streamlit's interface, so another version may have none.
    with suppress(AttributeError, RuntimeError):
        len(get_instance()._session_mgr._session_storage._cache)  # type: ignore[attr-defined]
