"""The figures of the page Digits."""

from collections.abc import Sequence
from html import escape

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from rnn_demo.app.images import image_layout, pixels
from rnn_demo.app.theme import Palette

_SIDE_PX = 28  # of a digit
_GAP_PX = 2  # between two digits
_N_COLUMNS = 8
_TABLE_STYLE = """<style>
.digits-table { max-height: 490px; overflow: auto; font-size: 0.75rem; line-height: 1rem; }
.digits-table table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
.digits-table th, .digits-table td { padding: 0 5px; text-align: right; font-weight: 400; }
.digits-table th { opacity: 0.7; }
</style>"""


def contact_sheet(
    images: npt.NDArray[np.uint8], captions: Sequence[str], palette: Palette
) -> go.Figure:
    """A batch of digits on a grid, eight in a row.

    A click on a digit selects a point whose `customdata` is the digit's index. Heatmap cells
    cannot be selected, so an invisible marker lies over every digit.

    Args:
        images: uint8 (n, 28, 28).
        captions: n texts, shown on hover.
        palette: of the visitor's theme.
    """
    n = len(images)
    n_rows = -(-n // _N_COLUMNS)
    pitch = _SIDE_PX + _GAP_PX
    sheet = np.zeros((n_rows * pitch - _GAP_PX, _N_COLUMNS * pitch - _GAP_PX), np.uint8)
    left, top = np.arange(n) % _N_COLUMNS * pitch, np.arange(n) // _N_COLUMNS * pitch
    for image, x, y in zip(images, left, top, strict=True):
        sheet[y : y + _SIDE_PX, x : x + _SIDE_PX] = image
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
                x=left + _SIDE_PX / 2,
                y=top + _SIDE_PX / 2,
                customdata=np.arange(n),
                text=captions,
                mode="markers",
                marker={"size": 30, "symbol": "square", "opacity": 0},
                hovertemplate="%{text}<extra></extra>",
            ),
        ],
        image_layout(height=440),
    )


def framed_row(image: npt.NDArray[np.floating], row: int, palette: Palette) -> go.Figure:
    """One digit with a frame around one of its rows.

    Args:
        image: float (28, 28), from 0 (paper) to 1 (ink).
        row: 0 to 27.
        palette: of the visitor's theme.
    """
    frame = {
        "type": "rect",
        "x0": -0.5,
        "x1": _SIDE_PX - 0.5,
        "y0": row - 0.5,
        "y1": row + 0.5,
        "line": {"color": palette.lead, "width": 2},
    }
    return go.Figure(pixels(image, palette), image_layout(height=360) | {"shapes": [frame]})


def pixel_table(image: npt.NDArray[np.floating], label: str) -> str:
    """One digit as an HTML table of its pixels, each number on a background of its brightness.

    A styled data frame takes ten times as long to make.

    Args:
        image: float (28, 28), from 0 (paper) to 1 (ink).
        label: the accessible name of the table.
    """
    columns = "".join(f'<th scope="col">{column}</th>' for column in range(_SIDE_PX))
    rows = "".join(
        f'<tr><th scope="row">{row}</th>{"".join(map(_cell, values))}</tr>'
        for row, values in enumerate(image.tolist())
    )
    return (
        f"{_TABLE_STYLE}"
        f'<div class="digits-table" role="region" tabindex="0" aria-label="{escape(label)}">'
        f"<table><thead><tr><td></td>{columns}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _cell(value: float) -> str:
    # The grey is translucent, so that the number is readable on every background.
    return f'<td style="background:rgba(128,128,128,{0.75 * value:.2f})">{value:.2f}</td>'
