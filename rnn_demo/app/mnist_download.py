"""The download of MNIST: a notice with a button, and the one download of the server."""

import logging
import threading

import streamlit as st

from rnn_demo.app.text import _, sentence
from rnn_demo.data import mnist
from rnn_demo.data.digits import Source
from rnn_demo.data.download import Download
from rnn_demo.formats.files import describe_os_error
from rnn_demo.messages import Message, Translatable

_ERROR = "mnist_download/error"  # in the session: why the last download failed, a Message
# How often a page looks at the download: while it runs, and while there is only the button.
_RUNNING_INTERVAL_S, _IDLE_INTERVAL_S = 0.5, 5.0
_LOG = logging.getLogger(__name__)


def data_notice() -> Source:
    """The available source of digits; shows a notice unless that is MNIST as it was published.

    Without MNIST there is also a button that downloads it.
    """
    message = mnist.error_message()
    if message is None:
        if doubt := mnist.doubt():
            st.warning(_shown(doubt), icon=":material/help:")
        return "mnist"
    st.info(
        _("{reason} The app uses **synthetic** digits instead.").format(reason=_shown(message)),
        icon=":material/draw:",
    )
    download_button()
    return "synthetic"


def download_button() -> None:
    """A button that downloads MNIST for all visitors, then a progress bar."""
    running = _downloads().current is not None
    interval = _RUNNING_INTERVAL_S if running else _IDLE_INTERVAL_S
    st.fragment(_download_button, run_every=interval)(running)


def _download_button(was_running: bool) -> None:
    downloads = _downloads()
    download = downloads.current
    if was_running and (download is None or not download.running):
        if message := downloads.finish(download):
            st.session_state[_ERROR] = message
        st.rerun()
    if not was_running and (download is not None or mnist.error_message() is None):
        st.rerun()  # another visitor has started or finished a download
    if download is not None:
        st.progress(download.progress, _("Downloading MNIST ..."))
        return
    if st.button(
        _("Download MNIST (12 MB)"),
        icon=":material/download:",
        on_click=_start,
        key="mnist_download/start",
    ):
        st.rerun()  # the whole page, which then looks at the download more often
    if _ERROR in st.session_state:
        st.error(f"{_shown(st.session_state[_ERROR])} {_shown(mnist.by_hand())}")


def _shown(message: Message) -> str:
    """A message as Markdown; paths and names in it are code, shown and never translated."""
    values = {
        name: _as_code(value) if isinstance(value, str) else value
        for name, value in message.values.items()
    }
    return sentence(Message(message.code, values))


def _as_code(text: str) -> str:
    if isinstance(text, Translatable):
        return text
    return f"`` {text} ``" if "`" in text else f"`{text}`"


def _start() -> None:
    st.session_state.pop(_ERROR, None)
    try:
        _downloads().start()
    except OSError as error:
        reason = describe_os_error(error)
        st.session_state[_ERROR] = Message("data.cannot_store", {"reason": reason})


class _Downloads:
    """The server's download of MNIST, which several visitors' threads start and finish.

    Attributes:
        current: the download that was started and not yet finished, if any.
    """

    def __init__(self) -> None:
        self.current: Download | None = None
        self._error: Message | None = None  # of the last download
        self._lock = threading.Lock()

    def start(self) -> None:
        """Start a download, unless another visitor has.

        Raises:
            OSError: the data folder cannot be written to.
        """
        with self._lock:
            if self.current is None:
                self.current = Download()
                _LOG.info("A download of MNIST starts")

    def finish(self, download: Download | None) -> Message | None:
        """Forget a download that has ended; returns why it failed, to every visitor waiting for it.

        Args:
            download: as the visitor last saw it; None if another visitor has finished it.
        """
        with self._lock:
            if download is not None and self.current is download:
                self._error = download.error_message()
                self.current = None
                _LOG.info("The download of MNIST ends: %s", self._error or "complete")
            return self._error


@st.cache_resource
def _downloads() -> _Downloads:
    """One object for the whole server."""
    return _Downloads()
