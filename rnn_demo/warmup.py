"""What a server does once, in the background, while its first page is already on screen."""

import gc
import threading
from importlib import import_module

import streamlit as st

# Everything heavy that any page imports.
_HEAVY = ("torch", "pandas", "plotly.graph_objects", "rnn_demo.training.checkpoint")


@st.cache_resource(show_spinner=False)
def warm_up() -> threading.Thread:
    """Import what is heavy, then keep it out of the garbage collector's way.

    Streamlit collects garbage after every rerun; with torch, pandas and Plotly among the
    objects to look at, that takes ten times as long as the rerun itself.
    """
    thread = threading.Thread(target=_import_and_freeze, daemon=True)
    thread.start()
    return thread


def _import_and_freeze() -> None:
    for name in _HEAVY:
        import_module(name)
    # A reading is a chain of small products: several threads make it slower, not faster.
    import_module("torch").set_num_threads(1)
    gc.collect()
    gc.freeze()
