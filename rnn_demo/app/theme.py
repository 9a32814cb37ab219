"""The visitor's theme."""

import streamlit as st

from rnn_demo.app.palette import DARK, LIGHT, Palette


def palette() -> Palette:
    """The colours of the theme the visitor looks at."""
    return DARK if st.context.theme.type == "dark" else LIGHT
