"""What is left of an answer when rows are wiped."""

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from rnn_demo.figures.palette import Palette


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
