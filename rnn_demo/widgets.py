"""What several pages share: grids of numbers, the visitor's theme, errors as a sentence."""

from collections.abc import Iterator
from contextlib import contextmanager

import pandas as pd
import streamlit as st
import torch

from rnn_demo.digits import Digits, Source, mnist, source
from rnn_demo.figures import heatmap
from rnn_demo.figures.palette import DARK, LIGHT, Palette
from rnn_demo.training import runs

LIMIT = 100.0  # the largest number a grid takes, either sign


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


def number_grid(label: str, start: pd.DataFrame, key: str) -> pd.DataFrame:
    """A grid of numbers to edit, which keeps its numbers across page switches.

    Args:
        label: name of the grid, for the eye and for screen readers.
        start: the numbers it begins with.
        key: of this grid; `reset_grids` takes the same.
    """
    version, base, now = (f"{key}/{part}" for part in ("version", "base", "now"))
    widget = f"{key}/editor/{st.session_state.setdefault(version, 0)}"
    if widget not in st.session_state:
        # Freshly on screen: begin from what was there last, and hold that still, for an
        # editor whose input changes forgets its edits.
        st.session_state[base] = st.session_state.get(now, start)
    edited = st.data_editor(
        st.session_state[base],
        key=widget,
        alt=label,
        width="stretch",
        column_config={
            column: st.column_config.NumberColumn(
                required=True, min_value=-LIMIT, max_value=LIMIT, width="small"
            )
            for column in start.columns
        },
    )
    st.session_state[now] = edited
    return edited


def reset_grids(*keys: str) -> None:
    """Put grids back to the numbers they began with."""
    for key in keys:
        st.session_state.pop(f"{key}/now", None)
        st.session_state[f"{key}/version"] = st.session_state.get(f"{key}/version", 0) + 1


def matrix(
    name: str, values: torch.Tensor, *, row: str = "instance", limit: float | None = 1.0
) -> None:
    """A matrix as a heatmap of signed numbers, its name above it; see `heatmap.signed`."""
    st.markdown(name)
    shape = " by ".join(map(str, values.shape))
    st.plotly_chart(
        heatmap.signed(values.numpy(), palette(), row=row, limit=limit),
        config={"displayModeBar": False},
        alt=f"{name.replace('`', '')}, {shape}: {values.tolist()}",
    )


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
