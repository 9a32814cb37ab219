"""What a visitor can take home from a run: its weights, its curve, code that repeats it."""

from collections.abc import Callable

import streamlit as st

from rnn_demo.training.history import Replay, replay, stopped_at, to_csv
from rnn_demo.training.runs import Run


def show(run: Run) -> None:
    """A row of buttons; what is behind them is made when it is asked for."""
    st.markdown("**Take it with you**")
    with st.container(horizontal=True):
        if run.has_network:
            _button("Weights", "safetensors", run.weights.read_bytes, "application/octet-stream")
        _button("Curve", "csv", lambda: to_csv(run.metrics()), "text/csv")
        _button("Code", "py", lambda: _replay(run).source, "text/x-python")
        _button("Notebook", "ipynb", lambda: _replay(run).notebook, "application/x-ipynb+json")


def _button(label: str, ending: str, make: Callable[[], str | bytes], mime: str) -> None:
    st.download_button(
        f"{label} (.{ending})",
        make,
        f"run.{ending}",
        mime,
        icon=":material/download:",
        key=f"train/download/{ending}",
        on_click="ignore",
    )


def _replay(run: Run) -> Replay:
    return replay(run.recipe, run.changes(), stopped_at(run))
