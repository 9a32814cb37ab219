"""Uploads, which Streamlit's server takes only from a page that may set cookies."""

from collections.abc import Callable

import streamlit as st

from rnn_demo.app import own_tab
from rnn_demo.app.text import _

# Streamlit's own, against requests forged by another site. In a frame of another site it is
# missing, and the server answers every upload with 403.
_XSRF_COOKIE = "_streamlit_xsrf"


def file_uploader(
    label: str,
    *,
    max_upload_size: int,
    key: str,
    on_change: Callable[[], None],
    help: str | None = None,  # noqa: A002 (Streamlit's own name for it)
) -> None:
    """Streamlit's field for one file, or why there is none; the arguments are Streamlit's.

    The field takes files of any kind: a phone that knows no .safetensors, or takes a file for
    another kind, would not let anyone choose it.
    """
    if st.get_option("server.enableXsrfProtection") and _XSRF_COOKIE not in st.context.cookies:
        st.markdown(label)
        own_tab.offer(
            _("Your browser blocks this page's cookies, so no file can be sent from here."),
            key=f"{key}/blocked",
        )
        return
    st.file_uploader(
        label, max_upload_size=max_upload_size, key=key, on_change=on_change, help=help
    )
