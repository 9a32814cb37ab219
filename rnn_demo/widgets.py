"""What several pages share: the digits, the visitor's theme, errors as a sentence."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from rnn_demo.digits import Digits, Source, mnist, source
from rnn_demo.figures.palette import DARK, LIGHT, Palette
from rnn_demo.training import runs


def palette() -> Palette:
    """The colours of the theme the visitor looks at."""
    return DARK if st.context.theme.type == "dark" else LIGHT


@contextmanager
def told_in_a_sentence() -> Iterator[None]:
    """Show what the core objects to as an error on the page, and end the page there."""
    try:
        yield
    except (TypeError, ValueError, OSError, runs.BusyError) as error:
        st.error(str(error))
        st.stop()


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
    download = downloads.get("mnist")
    if download is None:
        if st.button("Download MNIST (12 MB)", icon=":material/download:"):
            with told_in_a_sentence():
                downloads["mnist"] = mnist.Download()
            st.rerun(scope="fragment")
    elif download.running:
        st.progress(download.progress, "Downloading MNIST ...")
    else:
        del downloads["mnist"]
        problem = download.problem()
        if problem is None:
            st.rerun()
        st.session_state["download/problem"] = problem
    if "download/problem" in st.session_state and download is None:
        st.error(st.session_state["download/problem"])


@st.cache_resource
def _downloads() -> dict[str, mnist.Download]:
    """The download that is going on, if any: one for the whole server."""
    return {}
