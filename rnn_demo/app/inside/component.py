"""The unrolled network of the flow lab, in the browser."""

import hashlib
import json
from collections.abc import Callable, Collection
from dataclasses import asdict
from typing import Any

import streamlit as st

from rnn_demo.app.components import register_joined
from rnn_demo.app.theme import Palette

_mount = register_joined(
    "inside/inside",
    "shared/transport",
    "shared/float32",
    "inside/net",
    "inside/formula",
    "inside/panels",
    styles=["shared/controls"],
)


def flow_lab(
    picture: dict[str, Any],
    palette: Palette,
    *,
    key: str,
    on_edit: Callable[[], None],
    view: str = "",
    problem: str = "",
    hidden: Collection[str] = (),
    hide: Collection[str] = (),
) -> None:
    """Show a state: the network to play, to ask and to edit, its code and its link.

    Args:
        picture: what to show, see `first_picture.picture_of`.
        palette: light or dark.
        key: of this place on the page; it keeps its node when the numbers change.
        on_edit: called when a number was typed; `typed(key)` tells which.
        view: what to look at first, see `share.check_view`; a new one is gone to.
        problem: why the last edit was refused, in a sentence.
        hidden: parts that are not shown here, of `share.HIDEABLE`.
        hide: parts that the link hides.
    """
    data = picture | {
        "palette": asdict(palette),
        "view": view,
        "hidden": sorted(hidden),
        "hide": sorted(hide),
    }
    signature = hashlib.sha256(json.dumps(data).encode()).hexdigest()
    # In a list, since Streamlit imports pandas to find out whether a part of a dictionary is a
    # data frame.
    _mount(
        key=key, data=[data | {"signature": signature, "problem": problem}], on_edit_change=on_edit
    )


def typed(key: str) -> Any:
    """The number typed last, as {"name", "index", "value"}; a visitor's, so check it."""
    return st.session_state[key].edit
