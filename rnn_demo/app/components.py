"""The app's own browser parts; their HTML, CSS and JavaScript are in `assets`."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

_ASSETS = Path(__file__).parents[2] / "assets"


def register(name: str, *scripts: str, styles: Sequence[str] = ()) -> ComponentRenderer:
    """Register a component.

    Args:
        name: path in `assets` of `name.html` and `name.css`, either of which may be missing,
            and `name.js`, as in "inside/inside".
        scripts: paths of scripts that it builds on; they are joined in front of its own.
        styles: paths of style sheets that it shares; they are joined in front of its own.
    """
    own = [name] if (_ASSETS / f"{name}.css").exists() else []
    return st.components.v2.component(
        f"rnn_demo_{name.replace('/', '_')}",
        html=_joined([name], "html") if (_ASSETS / f"{name}.html").exists() else None,
        css=_joined([*styles, *own], "css") or None,
        js=_joined([*scripts, name], "js"),
    )


def _joined(names: Sequence[str], kind: str) -> str:
    return "\n".join((_ASSETS / f"{name}.{kind}").read_text("utf-8") for name in names)
