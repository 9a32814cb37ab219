"""What is left of an answer when rows are wiped, and what pushes it."""

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from rnn_demo.app.heatmap import signed
from rnn_demo.app.theme import Palette


def occlusion(
    left: npt.NDArray[np.floating], height: int, whole: float, palette: Palette
) -> go.Figure:
    """The probability of the answer, with a band of rows wiped, by the band's first row.

    Args:
        left: (n_bands,), probabilities with each band wiped.
        height: rows in a band.
        whole: the probability with nothing wiped.
        palette: light or dark.
    """
    first = np.arange(len(left))
    figure = go.Figure(
        go.Bar(
            x=left,
            y=first,
            orientation="h",
            marker={"color": palette.second},
            customdata=first + height - 1,
            hovertemplate="rows %{y} to %{customdata} wiped: <b>%{x:.4f}</b><extra></extra>",
        )
    )
    figure.add_vline(whole, line={"color": palette.lead, "dash": "dot"})
    figure.update_layout(height=308, margin={"l": 8, "r": 8, "t": 4, "b": 44, "pad": 0}, bargap=0.1)
    figure.update_xaxes(range=[0, 1.02], title="probability of the answer", fixedrange=True)
    figure.update_yaxes(
        range=[len(left) - 0.5, -0.5], title="first row wiped", dtick=8, fixedrange=True
    )
    return figure


def gradient(slope: npt.NDArray[np.floating], palette: Palette) -> go.Figure:
    """The gradient of the answer's logit, and its length on each row beside it.

    Args:
        slope: (n_rows, n_columns), the gradient on every pixel.
        palette: light or dark.
    """
    figure = signed(slope, palette, row="row", column="column", limit=None)
    lengths = np.linalg.norm(slope, axis=1)
    figure.add_bar(
        x=lengths,
        orientation="h",
        xaxis="x2",
        marker={"color": palette.grey},
        showlegend=False,
        hovertemplate="row %{y}, length of its gradient: <b>%{x:.4f}</b><extra></extra>",
    )
    figure.update_xaxes(domain=[0, 0.78])
    figure.update_layout(
        height=308,
        bargap=0.1,
        xaxis2={
            "domain": [0.82, 1],
            "anchor": "y",
            "title": "whole row",
            "fixedrange": True,
            "nticks": 3,
        },
    )
    return figure
