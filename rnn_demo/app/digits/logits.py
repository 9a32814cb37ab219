"""The section "Before any training" of the page Digits."""

import numpy as np
import pandas as pd
import streamlit as st
import torch

from rnn_demo.app import heatmap
from rnn_demo.app.text import _
from rnn_demo.app.theme import Palette
from rnn_demo.data.digits import as_float
from rnn_demo.training.build import build
from rnn_demo.training.recipe import Recipe


@st.cache_data(max_entries=32, show_spinner=False)
def show_logits(
    images: np.ndarray,
    palette: Palette,
    language: str,  # noqa: ARG001 (part of the cache key)
) -> None:
    """The logits of an untrained ImageRNN for a batch, as a heatmap and as a table.

    Args:
        images: uint8 (n, 28, 28).
        palette: of the visitor's theme.
        language: of the visitor.
    """
    with torch.no_grad():
        logits = build(Recipe())(torch.from_numpy(as_float(images))).numpy()
    n = len(logits)
    st.markdown(
        _(
            "Before training, the ten scores (“logits”, one per digit) of an "
            "`ImageRNN(64, 28, 28, 150, 10)` are nearly the same for all {n} images: "
            "the network cannot tell them apart."
        ).format(n=n)
    )
    left, right = st.columns(2)
    with left:
        st.plotly_chart(
            heatmap.signed(
                logits, palette, row=_("image"), column=_("digit"), first_row=1, limit=None
            ),
            config={"displayModeBar": False},
            alt=_("Heatmap of the logits: {n} images by 10 digits").format(n=n),
        )
    with right:
        st.dataframe(
            pd.DataFrame(logits, range(1, n + 1), [str(digit) for digit in range(10)]).round(4),
            alt=_("The logits as a table"),
        )
