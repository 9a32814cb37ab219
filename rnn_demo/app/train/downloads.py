"""The downloads of a run: its weights, its curve, and code that repeats it."""

import re
from collections.abc import Callable

import streamlit as st

from rnn_demo.app.text import _
from rnn_demo.app.train.recipes import recipe_of
from rnn_demo.runs.export import Replay, replay, stopped_at, to_csv
from rnn_demo.runs.run import Snapshot


def show(run: Snapshot, title: str) -> None:
    """A row of buttons; each file is made when its button is clicked.

    Args:
        run: the run.
        title: its title; the files are named after it.
    """
    name = re.sub(r"\W+", "-", title).strip("-") or "run"
    st.markdown(_("**Download**"))
    with st.container(horizontal=True):
        if run.has_network:
            weights = run.weights.read_bytes
            _button(name, _("Weights"), "safetensors", weights, "application/octet-stream")
        _button(name, _("Curve"), "csv", lambda: to_csv(run.run.points()), "text/csv")
        _button(name, _("Code"), "py", lambda: _replay(run).source, "text/x-python")
        notebook = "application/x-ipynb+json"
        _button(name, _("Notebook"), "ipynb", lambda: _replay(run).notebook, notebook)


def _button(
    name: str, label: str, extension: str, make: Callable[[], str | bytes], mime_type: str
) -> None:
    st.download_button(
        f"{label} (.{extension})",
        make,
        f"{name}.{extension}",
        mime_type,
        icon=":material/download:",
        key=f"train/download/{extension}",
        on_click="ignore",
    )


def _replay(run: Snapshot) -> Replay:
    return replay(recipe_of(run), run.changes, stopped_at(run))
