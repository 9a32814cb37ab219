"""The Plotly figures of the page Draw. Rows and columns are counted from 1."""

import numpy as np
import numpy.typing as npt
import pandas as pd  # noqa: F401 (Plotly breaks while another thread imports it)
import plotly.graph_objects as go

from rnn_demo.app import images
from rnn_demo.app.heatmap import signed
from rnn_demo.app.text import _
from rnn_demo.app.theme import Palette

_HEIGHT = 250  # pixels


def occlusion(
    probabilities: npt.NDArray[np.floating], height: int, whole: float, palette: Palette
) -> go.Figure:
    """The probability of the answer with each band of rows erased, by the band's first row.

    Args:
        probabilities: (n_bands,), with each band erased.
        height: rows in a band.
        whole: the probability without any row erased.
        palette: light or dark.
    """
    first = np.arange(len(probabilities)) + 1
    figure = go.Figure(
        go.Bar(
            x=probabilities,
            y=first,
            orientation="h",
            marker={"color": palette.second},
            customdata=first + height - 1,
            hovertemplate=_("rows {first} to {last} erased: {probability}").format(
                first="%{y}", last="%{customdata}", probability="<b>%{x:.4f}</b>"
            )
            + "<extra></extra>",
        )
    )
    figure.add_vline(whole, line={"color": palette.lead, "dash": "dot"})
    figure.update_layout(
        height=_HEIGHT, margin={"l": 8, "r": 8, "t": 4, "b": 44, "pad": 0}, bargap=0.1
    )
    figure.update_xaxes(range=[0, 1.02], title=_("probability of the answer"), fixedrange=True)
    figure.update_yaxes(
        range=[len(first) + 0.5, 0.5],
        title=_("first erased row"),
        dtick=8,
        fixedrange=True,
    )
    return figure


def gradient(slope: npt.NDArray[np.floating], palette: Palette) -> go.Figure:
    """The gradient of the answer's logit, and its length on each row beside it.

    Args:
        slope: (n_rows, n_columns), the gradient for every pixel.
        palette: light or dark.
    """
    figure = signed(slope, palette, row=_("row"), column=_("column"), limit=None)
    figure.update_traces(x0=1, y0=1)
    n_rows, n_columns = slope.shape
    lengths = np.linalg.norm(slope, axis=1)
    figure.add_bar(
        x=lengths,
        y=np.arange(n_rows) + 1,
        orientation="h",
        xaxis="x2",
        marker={"color": palette.grey},
        showlegend=False,
        hovertemplate=_("row {row}, length of its gradient: {length}").format(
            row="%{y}", length="<b>%{x:.4f}</b>"
        )
        + "<extra></extra>",
    )
    figure.update_xaxes(domain=[0, 0.78], range=[0.5, n_columns + 0.5])
    figure.update_yaxes(range=[n_rows + 0.5, 0.5])
    figure.update_layout(
        height=_HEIGHT,
        bargap=0.1,
        xaxis2={"domain": [0.82, 1], "anchor": "y", "fixedrange": True, "nticks": 3},
    )
    # Not the title of the axis, which would be centred below these few pixels and cut off.
    figure.add_annotation(
        text=_("whole row"),
        showarrow=False,
        xref="paper",
        yref="paper",
        x=1,
        y=0,
        xanchor="right",
        yanchor="top",
        yshift=-22,
    )
    return figure


def digit(image: npt.NDArray[np.floating], palette: Palette, *, height: int) -> go.Figure:
    """One digit, its numbers on hover.

    Args:
        image: float (28, 28) in [0, 1].
        palette: light or dark.
        height: of the figure, pixels.
    """
    return images.digit(image, palette, height=height).update_traces(x0=1, y0=1)
