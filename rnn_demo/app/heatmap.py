"""Signed numbers as a heatmap, each cell its number on its colour."""

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from rnn_demo.app.theme import Palette

_CELL = 36  # height of a row that has its numbers in it, pixels
_ROW = 9  # height of a row that has not, pixels
_MOST_COLUMNS_WITH_NUMBERS = 10


def signed(
    values: npt.NDArray[np.floating],
    palette: Palette,
    *,
    row: str = "instance",
    column: str = "neuron",
    limit: float | None = 1.0,
) -> go.Figure:
    """A matrix of signed values, blue below zero and orange above.

    Args:
        values: (n_rows, n_columns).
        palette: light or dark.
        row: what a row is.
        column: what a column is.
        limit: the value that has the full colour; None for the largest there is.

    Returns:
        A figure whose numbers stand in the cells where they fit, and on hover in full.
    """
    n_rows, n_columns = values.shape
    with_numbers = n_columns <= _MOST_COLUMNS_WITH_NUMBERS and n_rows <= 16
    limit = limit or float(np.abs(values).max()) or 1.0
    plain = {"showgrid": False, "zeroline": False, "fixedrange": True, "ticks": ""}
    return go.Figure(
        go.Heatmap(
            # Nested lists: Plotly draws 2-D arrays blank in some settings.
            z=values.astype(float).tolist(),
            zmin=-limit,
            zmax=limit,
            colorscale=palette.diverging,
            showscale=False,
            texttemplate="%{z:.4f}" if with_numbers else None,
            textfont={"size": 13},
            hovertemplate=f"{row} %{{y}}, {column} %{{x}}<br><b>%{{z}}</b><extra></extra>",
            xgap=1,
            ygap=1 if with_numbers else 0,
        ),
        {
            "height": (_CELL if with_numbers else _ROW) * n_rows + 56,
            "margin": {"l": 8, "r": 8, "t": 4, "b": 44, "pad": 0},
            "plot_bgcolor": palette.grey if with_numbers else palette.background,
            "xaxis": plain
            | {
                "title": {"text": column},
                "dtick": 1 if n_columns <= 16 else 10,
                "range": [-0.5, n_columns - 0.5],
            },
            "yaxis": plain
            | {
                "title": {"text": row},
                "dtick": 1 if with_numbers else 8,
                "range": [n_rows - 0.5, -0.5],
            },
        },
    )
