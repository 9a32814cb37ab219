"""The speed of this machine, as the page Train uses it for its estimates."""

from pathlib import Path

import streamlit as st

from rnn_demo.runs import estimate, store

_KEPT_S = 60  # it is learnt from the files of many runs


def machine_speed() -> estimate.Speed:
    """How fast this machine trains; a run that ends is taken into account within a minute."""
    return _speed(store.root())


@st.cache_data(ttl=_KEPT_S, show_spinner=False)
def _speed(root: Path) -> estimate.Speed:  # noqa: ARG001 (another folder, other runs)
    return estimate.speed()
