"""Images of digits: a batch on a grid, and one as rows of numbers.

A layout is handed over whole: Plotly takes three times as long to update one step by step.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from rnn_demo.app.theme import Palette

SIDE = 28  # pixels of a digit
_GAP = 2  # pixels between digits
_COLUMNS = 8
_TABLE_STYLE = """<style>
.numbers { max-height: 490px; overflow: auto; font-size: 0.75rem; line-height: 1rem; }
.numbers table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
.numbers th, .numbers td { padding: 0 5px; text-align: right; font-weight: 400; }
.numbers th { opacity: 0.7; }
</style>"""


def contact_sheet(
    images: npt.NDArray[np.uint8], labels: npt.NDArray[np.uint8], palette: Palette
) -> go.Figure:
    """A batch of digits on a grid, 8 in a row, each clickable.

    Heatmap cells send no clicks, so an invisible marker lies over every digit; its
    `customdata` is the digit's index in the batch.

    Args:
        images: uint8 (n, 28, 28).
        labels: (n,), shown on hover.
        palette: light or dark.
    """
    n_rows = -(-len(images) // _COLUMNS)
    pitch = SIDE + _GAP
    sheet = np.zeros((n_rows * pitch - _GAP, _COLUMNS * pitch - _GAP), np.uint8)
    left, top = (
        np.arange(len(images)) % _COLUMNS * pitch,
        np.arange(len(images)) // _COLUMNS * pitch,
    )
    for image, x, y in zip(images, left, top, strict=True):
        sheet[y : y + SIDE, x : x + SIDE] = image
    return go.Figure(
        [
            go.Heatmap(
                z=sheet,
                zmin=0,
                zmax=255,
                colorscale=palette.brightness,
                showscale=False,
                hoverinfo="skip",
            ),
            go.Scatter(
                x=left + SIDE / 2,
                y=top + SIDE / 2,
                customdata=np.arange(len(images)),
                text=labels,
                mode="markers",
                marker={"size": 30, "symbol": "square", "opacity": 0},
                hovertemplate="digit %{customdata}: a %{text}<extra></extra>",
            ),
        ],
        _bare(height=440),
    )


def rows_of_numbers(image: npt.NDArray[np.floating], row: int, palette: Palette) -> go.Figure:
    """One digit, with one of its rows framed.

    Args:
        image: float (28, 28) in [0, 1].
        row: the row to frame, 0-based.
        palette: light or dark.
    """
    frame = {
        "type": "rect",
        "x0": -0.5,
        "x1": SIDE - 0.5,
        "y0": row - 0.5,
        "y1": row + 0.5,
        "line": {"color": palette.lead, "width": 2},
    }
    return go.Figure(_pixels(image, palette), _bare(height=360) | {"shapes": [frame]})


def table_of_numbers(image: npt.NDArray[np.floating]) -> str:
    """One digit as an HTML table, each number on its brightness, to be scrolled in its frame.

    A styled data frame of the same takes ten times as long to make.

    Args:
        image: float (28, 28) in [0, 1].
    """
    columns = "".join(f'<th scope="col">{column}</th>' for column in range(SIDE))
    rows = "".join(
        f'<tr><th scope="row">{row}</th>{"".join(map(_cell, numbers))}</tr>'
        for row, numbers in enumerate(image.tolist())
    )
    return (
        f"{_TABLE_STYLE}"
        '<div class="numbers" role="region" tabindex="0" aria-label="The pixels of the digit">'
        f"<table><thead><tr><td></td>{columns}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _cell(value: float) -> str:
    # Never so dark that its number cannot be read, whatever the background.
    return f'<td style="background:rgba(128,128,128,{0.75 * value:.2f})">{value:.2f}</td>'


def digit(image: npt.NDArray[np.floating], palette: Palette, *, height: int) -> go.Figure:
    """One digit, its numbers on hover.

    Args:
        image: float (28, 28) in [0, 1].
        palette: light or dark.
        height: of the figure, pixels.
    """
    return go.Figure(_pixels(image, palette), _bare(height))


def _pixels(image: npt.NDArray[np.floating], palette: Palette) -> go.Heatmap:
    return go.Heatmap(
        z=image.astype(float).tolist(),
        zmin=0,
        zmax=1,
        colorscale=palette.brightness,
        showscale=False,
        hovertemplate="row %{y}, column %{x}<br><b>%{z:.4f}</b><extra></extra>",
    )


def _bare(height: int) -> dict[str, Any]:
    """A layout without axes, square pixels, row 0 at the top."""
    axis = {"visible": False, "fixedrange": True, "constrain": "domain"}
    return {
        "height": height,
        "margin": {"l": 4, "r": 4, "t": 4, "b": 4},
        "showlegend": False,
        "dragmode": False,
        "xaxis": axis,
        "yaxis": axis | {"autorange": "reversed", "scaleanchor": "x"},
    }
