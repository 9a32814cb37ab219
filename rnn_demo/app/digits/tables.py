"""Numbers of the page Digits as HTML tables.

A styled data frame takes ten times as long to make.
"""

from collections.abc import Sequence
from html import escape
from pathlib import Path

import numpy as np
import numpy.typing as npt

_STYLE = (Path(__file__).parents[3] / "assets" / "digits" / "tables.css").read_text("utf-8")


def pixel_table(image: npt.NDArray[np.floating], label: str) -> str:
    """One digit as a table of its pixels, each number on a background of its brightness.

    Args:
        image: float (28, 28), from 0 (paper) to 1 (ink).
        label: what the rows and columns are.
    """
    rows = [[_pixel(value) for value in values] for values in image.tolist()]
    return _table("pixels", label, rows, first_column=1)


def logit_table(logits: npt.NDArray[np.floating], label: str) -> str:
    """The logits of a batch as a table, one image a row.

    Args:
        logits: (n, 10).
        label: what the rows and columns are.
    """
    rows = [[f"<td>{value:.4f}</td>" for value in values] for values in logits.tolist()]
    return _table("logits", label, rows, first_column=0)


def _pixel(value: float) -> str:
    # The grey is translucent, so that the number is readable on every background.
    return f'<td style="background:rgba(128,128,128,{0.75 * value:.2f})">{value:.2f}</td>'


def _table(kind: str, label: str, rows: Sequence[Sequence[str]], *, first_column: int) -> str:
    """Cells as a table with numbered rows and columns; rows count from 1."""
    numbers = range(first_column, first_column + len(rows[0]))
    columns = "".join(f'<th scope="col">{number}</th>' for number in numbers)
    body = "".join(
        f'<tr><th scope="row">{row}</th>{"".join(cells)}</tr>' for row, cells in enumerate(rows, 1)
    )
    return (
        f"<style>{_STYLE}</style>"
        f'<div class="digits-{kind}" role="region" tabindex="0" aria-label="{escape(label)}">'
        f"<table><caption>{escape(label)}</caption><thead><tr><td></td>{columns}</tr></thead><tbody>{body}</tbody></table></div>"
    )
