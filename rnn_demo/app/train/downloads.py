"""What a visitor can take home from a run: its weights, its curve, code that repeats it."""

import re
from collections.abc import Callable

import streamlit as st

from rnn_demo.runs.export import Replay, replay, stopped_at, to_csv
from rnn_demo.runs.store import Run


def show(run: Run) -> None:
    """A row of buttons; what is behind them is made when it is asked for."""
    st.markdown("**Take it with you**")
    with st.container(horizontal=True):
        if run.has_network:
            weights = run.weights.read_bytes
            _button(run, "Weights", "safetensors", weights, "application/octet-stream")
        _button(run, "Curve", "csv", lambda: to_csv(run.metrics()), "text/csv")
        _button(run, "Code", "py", lambda: _replay(run).source, "text/x-python")
        notebook = "application/x-ipynb+json"
        _button(run, "Notebook", "ipynb", lambda: _replay(run).notebook, notebook)


def _button(run: Run, label: str, ending: str, make: Callable[[], str | bytes], mime: str) -> None:
    name = re.sub(r"\W+", "-", run.title).strip("-") or "run"
    st.download_button(
        f"{label} (.{ending})",
        make,
        f"{name}.{ending}",
        mime,
        icon=":material/download:",
        key=f"train/download/{ending}",
        on_click="ignore",
    )


def _replay(run: Run) -> Replay:
    return replay(run.recipe, run.changes(), stopped_at(run))
