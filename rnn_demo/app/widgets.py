"""What several pages share: the digits, errors as a sentence."""

import logging
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from rnn_demo.data import mnist, source
from rnn_demo.data.digits import Digits, Source
from rnn_demo.formats.files import describe_os_error

_PROBLEM = "download/problem"  # why the last download failed
# Seconds between two looks at a download: while it goes on, and while nobody has asked for one.
_WATCHED_EVERY, _OFFERED_EVERY = 0.5, 5.0
_LOG = logging.getLogger(__name__)


@contextmanager
def show_errors() -> Iterator[None]:
    """Show what the core objects to as an error on the page, and end the page there."""
    try:
        yield
    except (TypeError, ValueError, OSError) as error:
        st.error(str(error))
        st.stop()


def plain(text: str) -> str:
    """Markdown that shows a text, a visitor's perhaps, as it is."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)


@st.cache_resource(max_entries=4, show_spinner="Getting the digits ...")
def digits(source_name: Source, split: mnist.Split) -> Digits:
    """One split of one source, shared by all visitors."""
    return source.load(source_name, split)


def data_notice() -> Source:
    """Which digits there are; without MNIST, one sentence and the way to get it."""
    found = source.available()
    if found == "synthetic":
        st.info(
            f"{mnist.problem()} These digits are **synthetic**, made on the spot.",
            icon=":material/draw:",
        )
        download_mnist()
    return found


def download_mnist() -> None:
    """A button that downloads MNIST once for all visitors, and the progress of it."""
    watched = _downloads().going_on is not None
    every = _WATCHED_EVERY if watched else _OFFERED_EVERY
    st.fragment(_download_mnist, run_every=every)(watched)


def _download_mnist(watched: bool) -> None:
    downloads = _downloads()
    download = downloads.going_on
    if watched and (download is None or not download.running):
        if problem := downloads.end(download):
            st.session_state[_PROBLEM] = problem
        st.rerun()
    if not watched and (download is not None or mnist.problem() is None):
        st.rerun()  # another visitor is downloading it, or has done so
    if download is not None:
        st.progress(download.progress, "Downloading MNIST ...")
        return
    # The whole page, which then looks more often.
    if st.button("Download MNIST (12 MB)", icon=":material/download:", on_click=_begin):
        st.rerun()
    if _PROBLEM in st.session_state:
        st.error(st.session_state[_PROBLEM])


def _begin() -> None:
    st.session_state.pop(_PROBLEM, None)
    try:
        _downloads().begin()
    except OSError as error:
        st.session_state[_PROBLEM] = f"MNIST cannot be kept here: {describe_os_error(error)}"


class _Downloads:
    """The download that is going on, if any; visitors begin and end it from threads of their own.

    Attributes:
        going_on: begun and not yet ended.
    """

    def __init__(self) -> None:
        self.going_on: mnist.Download | None = None
        self._problem: str | None = None  # of the one that was ended last
        self._lock = threading.Lock()

    def begin(self) -> None:
        """Begin a download, unless another visitor has.

        Raises:
            OSError: the data folder cannot be written to.
        """
        with self._lock:
            if self.going_on is None:
                self.going_on = mnist.Download()
                _LOG.info("A download of MNIST begins")

    def end(self, download: mnist.Download | None) -> str | None:
        """Forget a download that is over, and tell all who watched it why it failed, if it did.

        Args:
            download: as it was last seen; None where another visitor has ended it.
        """
        with self._lock:
            if download is not None and self.going_on is download:
                self._problem = download.problem()
                self.going_on = None
                _LOG.info("The download of MNIST ends: %s", self._problem or "all is here")
            return self._problem


@st.cache_resource
def _downloads() -> _Downloads:
    """One for the whole server."""
    return _Downloads()
