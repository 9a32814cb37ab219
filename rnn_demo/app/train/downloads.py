"""The downloads of a run: its weights, its curve, and code that repeats it."""

import re
from collections.abc import Callable

import streamlit as st

from rnn_demo.app.text import _
from rnn_demo.runs.export import Replay, replay, stopped_at, to_csv
from rnn_demo.runs.store import Run


def show(run: Run) -> None:
    """A row of buttons; each file is made when its button is clicked."""
    st.markdown(f"**{_('Download')}**")
    with st.container(horizontal=True):
        if run.has_network:
            weights = run.weights.read_bytes
            _button(run, _("Weights"), "safetensors", weights, "application/octet-stream")
        _button(run, _("Curve"), "csv", lambda: to_csv(run.metrics()), "text/csv")
        _button(run, _("Code"), "py", lambda: _replay(run).source, "text/x-python")
        notebook = "application/x-ipynb+json"
        _button(run, _("Notebook"), "ipynb", lambda: _replay(run).notebook, notebook)


def _button(
    run: Run, label: str, extension: str, make: Callable[[], str | bytes], mime_type: str
) -> None:
    name = re.sub(r"\W+", "-", run.title).strip("-") or "run"
    st.download_button(
        f"{label} (.{extension})",
        make,
        f"{name}.{extension}",
        mime_type,
        icon=":material/download:",
        key=f"train/download/{extension}",
        on_click="ignore",
    )


def _replay(run: Run) -> Replay:
    return replay(run.recipe, run.changes(), stopped_at(run))
