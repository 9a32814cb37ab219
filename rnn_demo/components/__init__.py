"""Our own browser parts; their HTML, CSS and JavaScript are in `assets/components`."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

_ASSETS = Path(__file__).parents[2] / "assets" / "components"


def register(name: str, *scripts: str, styles: Sequence[str] = ()) -> ComponentRenderer:
    """Register the component of a name.

    Args:
        name: of `name.html` and `name.css`, either of which may be missing, and `name.js`.
        scripts: names of scripts it builds on, which are joined in front of its own.
        styles: names of style sheets it shares, which are joined in front of its own.
    """
    own = [name] if (_ASSETS / f"{name}.css").exists() else []
    return st.components.v2.component(
        f"rnn_demo_{name}",
        html=_joined([name], "html") if (_ASSETS / f"{name}.html").exists() else None,
        css=_joined([*styles, *own], "css") or None,
        js=_joined([*scripts, name], "js"),
    )


def _joined(names: Sequence[str], kind: str) -> str:
    return "\n".join((_ASSETS / f"{name}.{kind}").read_text("utf-8") for name in names)
