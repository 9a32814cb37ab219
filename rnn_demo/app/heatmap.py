"""A matrix of signed numbers as a heatmap."""

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from rnn_demo.app.text import _
from rnn_demo.app.theme import Palette

_NUMBERED_ROW_PX, _PLAIN_ROW_PX = 36, 9  # height of a row with and without numbers in its cells
_MAX_NUMBERED_ROWS, _MAX_NUMBERED_COLUMNS = 16, 10
_MARGIN_PX = 56


def signed(
    values: npt.NDArray[np.floating],
    palette: Palette,
    *,
    row: str | None = None,
    column: str | None = None,
    limit: float | None = 1.0,
) -> go.Figure:
    """A heatmap, blue below zero and orange above, with the exact number on hover.

    A small matrix also has its numbers in the cells.

    Args:
        values: (n_rows, n_columns).
        palette: of the visitor's theme.
        row: what a row is; by default an example of the batch.
        column: what a column is; by default a neuron.
        limit: the absolute value that gets the full colour; None for the largest one.
    """
    row, column = row or _("example"), column or _("neuron")
    n_rows, n_columns = values.shape
    numbered = n_columns <= _MAX_NUMBERED_COLUMNS and n_rows <= _MAX_NUMBERED_ROWS
    limit = limit or float(np.abs(values).max()) or 1.0
    axis = {"showgrid": False, "zeroline": False, "fixedrange": True, "ticks": ""}
    return go.Figure(
        go.Heatmap(
            z=values.astype(float).tolist(),  # Plotly leaves some 2-D arrays blank, but no lists
            zmin=-limit,
            zmax=limit,
            colorscale=palette.diverging,
            showscale=False,
            texttemplate="%{z:.4f}" if numbered else None,
            textfont={"size": 13},
            hovertemplate=f"{row} %{{y}}, {column} %{{x}}<br><b>%{{z}}</b><extra></extra>",
            xgap=1,
            ygap=1 if numbered else 0,
        ),
        {
            "height": (_NUMBERED_ROW_PX if numbered else _PLAIN_ROW_PX) * n_rows + _MARGIN_PX,
            "margin": {"l": 8, "r": 8, "t": 4, "b": 44, "pad": 0},
            "plot_bgcolor": palette.grey if numbered else palette.background,
            "xaxis": axis
            | {
                "title": {"text": column},
                "dtick": 1 if n_columns <= _MAX_NUMBERED_ROWS else 10,
                "range": [-0.5, n_columns - 0.5],
            },
            "yaxis": axis
            | {
                "title": {"text": row},
                "dtick": 1 if numbered else 8,
                "range": [n_rows - 0.5, -0.5],
            },
        },
    )
