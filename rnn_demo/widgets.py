"""What several pages share: the digits, errors as a sentence."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from rnn_demo.digits import Digits, Source, mnist, source
from rnn_demo.training.files import told

_PROBLEM = "download/problem"  # why the last download failed


@contextmanager
def told_in_a_sentence() -> Iterator[None]:
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


@st.fragment(run_every=0.5)
def download_mnist() -> None:
    """A button that downloads MNIST once for all visitors, and the progress of it."""
    downloads = _downloads()
    download = downloads.going_on
    if download is None:
        if mnist.problem() is None:
            st.rerun()  # somebody else has downloaded it
        st.button("Download MNIST (12 MB)", icon=":material/download:", on_click=_begin)
    elif download.running:
        st.progress(download.progress, "Downloading MNIST ...")
    else:
        problem = downloads.end(download)
        if problem is None:
            st.rerun()
        st.session_state[_PROBLEM] = problem
    if _PROBLEM in st.session_state and download is None:
        st.error(st.session_state[_PROBLEM])


def _begin() -> None:
    st.session_state.pop(_PROBLEM, None)
    try:
        _downloads().begin()
    except OSError as error:
        st.session_state[_PROBLEM] = f"MNIST cannot be kept here: {told(error)}"


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

    def end(self, download: mnist.Download) -> str | None:
        """Forget a download that is over, and tell all who watched it why it failed, if it did."""
        with self._lock:
            if self.going_on is download:
                self._problem = download.problem()
                self.going_on = None
            return self._problem


@st.cache_resource
def _downloads() -> _Downloads:
    """One for the whole server."""
    return _Downloads()
