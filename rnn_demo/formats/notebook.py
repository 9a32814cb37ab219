"""Python code as a Jupyter notebook."""

from collections.abc import Sequence
from typing import Any


def notebook(title: str, cells: Sequence[str]) -> dict[str, Any]:
    """A notebook in format 4.5, ready for `json.dumps`.

    Args:
        title: Markdown for the first cell.
        cells: Python code, one text per cell.
    """

    def cell(kind: str, number: int, text: str) -> dict[str, Any]:
        code: dict[str, Any] = {"execution_count": None, "outputs": []} if kind == "code" else {}
        source = text.splitlines(keepends=True)
        return {"cell_type": kind, "id": f"cell-{number}", "metadata": {}, "source": source} | code

    return {
        "cells": [
            cell("markdown", 0, title),
            *(cell("code", i, text) for i, text in enumerate(cells, start=1)),
        ],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
