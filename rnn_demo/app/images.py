"""Images of digits as Plotly figures."""

from typing import Any

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from rnn_demo.app.text import _
from rnn_demo.app.theme import Palette


def digit(image: npt.NDArray[np.floating], palette: Palette, *, height: int) -> go.Figure:
    """One digit, with the number of each pixel on hover.

    Args:
        image: float (28, 28), from 0 (paper) to 1 (ink).
        palette: of the visitor's theme.
        height: of the figure, pixels.
    """
    return go.Figure(_pixels(image, palette), _image_layout(height))


def _pixels(image: npt.NDArray[np.floating], palette: Palette) -> go.Heatmap:
    """The pixels of one digit as a trace, with the number of each on hover."""
    position = _("row {row}, column {column}").format(row="%{y}", column="%{x}")
    return go.Heatmap(
        z=image.astype(float).tolist(),
        zmin=0,
        zmax=1,
        colorscale=palette.brightness,
        showscale=False,
        hovertemplate=f"{position}<br><b>%{{z:.4f}}</b><extra></extra>",
    )


def _image_layout(height: int) -> dict[str, Any]:
    """A layout for an image: square pixels, row 0 at the top, no axes.

    It goes into the constructor of a figure: `update_layout` takes three times as long.
    """
    axis = {"visible": False, "fixedrange": True, "constrain": "domain"}
    return {
        "height": height,
        "margin": {"l": 4, "r": 4, "t": 4, "b": 4},
        "showlegend": False,
        "dragmode": False,
        "xaxis": axis,
        "yaxis": axis | {"autorange": "reversed", "scaleanchor": "x"},
    }
