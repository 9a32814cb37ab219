"""Our own browser parts; their HTML, CSS and JavaScript are in `assets/components`."""

from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

_ASSETS = Path(__file__).parents[2] / "assets" / "components"


def register(name: str, *scripts: str) -> ComponentRenderer:
    """Register the component of a name.

    Args:
        name: of `name.html` and `name.css`, either of which may be missing, and `name.js`.
        scripts: names of scripts it builds on, which are joined in front of its own.
    """
    return st.components.v2.component(
        f"rnn_demo_{name}",
        html=_read(f"{name}.html"),
        css=_read(f"{name}.css"),
        js="\n".join((_ASSETS / f"{script}.js").read_text("utf-8") for script in (*scripts, name)),
    )


def _read(file: str) -> str | None:
    path = _ASSETS / file
    return path.read_text("utf-8") if path.exists() else None
