"""Tables pasted into a matrix of the page Inside."""

import re
from collections.abc import Sequence
from typing import Any

from rnn_demo.formats.numbers import MAX_QUOTE_CHARACTERS, read_number
from rnn_demo.formats.table_text import read_rows
from rnn_demo.inside.compute import edit
from rnn_demo.inside.state import MAX_VALUE, Index, InsideState
from rnn_demo.messages import InputError, Message

MAX_LISTED_CELLS = 10  # wrong cells of a table that are listed; the others are counted

_CELL_CODES = {
    "number.empty": "inside.cell_empty",
    "number.infinite": "inside.cell_infinite",
    "number.not_a_number": "inside.cell_not_a_number",
}


def matrix_names(state: InsideState) -> list[str]:
    """Names of the matrices that take a table: "X0", ..., "Wx", "Wy", "b", "hx"."""
    return [*(f"X{t}" for t in range(state.n_steps)), "Wx", "Wy", "b", "hx"]


def paste(state: InsideState, name: str, text: str) -> InsideState:
    """Replace a whole matrix by a table.

    Args:
        state: the state before.
        name: one of `matrix_names`.
        text: the table, see `parse_table`.

    Raises:
        InputError: the table has another size, or a cell is not an allowed number.
    """
    tensor, first = ("X", (int(name[1:]),)) if re.fullmatch(r"X\d+", name) else (name, ())
    shape = state.shapes[tensor][len(first) :]
    table = parse_table(text, name, shape if len(shape) == 2 else (1, *shape))
    numbers = [
        (tensor, (*first, i, j) if len(shape) == 2 else (j,), value)
        for i, row in enumerate(table)
        for j, value in enumerate(row)
    ]
    return edit(state, numbers)


def parse_table(text: str, name: str, shape: Index) -> list[list[float]]:
    """The numbers of a table.

    Args:
        text: the table, as `rnn_demo.formats.table_text` reads it.
        name: of the matrix, for the error.
        shape: its rows and columns.

    Raises:
        InputError: the size differs, a cell is not an allowed number, or the text can be read in
            two ways.
    """
    rows = read_rows(text, shape[1])
    _check_cells(rows)
    _check_size(rows, name, shape)
    return [[read_number(cell) for cell in row] for row in rows]


def cell_problem(text: str, row: int, column: int) -> Message | None:
    """What is wrong with a cell; None if it holds an allowed number.

    Args:
        text: of the cell.
        row: where it stands, from 0.
        column: likewise.
    """
    values: dict[str, Any] = {"row": row, "column": column}
    try:
        value = read_number(text)
    except InputError as error:
        return Message(_CELL_CODES[error.message.code], values | {"cell": _quoted(text)})
    if abs(value) <= MAX_VALUE:
        return None
    return Message("inside.cell_out_of_range", values | {"cell": _quoted(text), "limit": MAX_VALUE})


def joined(problems: Sequence[Message]) -> Message:
    """Problems, at least one, in one message: the first ones, and how many more there are."""
    listed, n_more = list(problems[:MAX_LISTED_CELLS]), len(problems) - MAX_LISTED_CELLS
    if n_more > 0:
        listed.append(Message("inside.more_wrong_cells", {"n": n_more}))
    report = listed.pop()
    while listed:
        report = Message("inside.sentences", {"first": listed.pop(), "rest": report})
    return report


def _check_cells(rows: list[list[str]]) -> None:
    problems = [
        problem
        for i, row in enumerate(rows)
        for j, cell in enumerate(row)
        if (problem := cell_problem(cell, i, j))
    ]
    if problems:
        report = joined(problems)
        raise InputError(report.code, **report.values)


def _check_size(rows: list[list[str]], name: str, shape: Index) -> None:
    needed = {"name": name, "rows": shape[0], "columns": shape[1]}
    if not rows:
        raise InputError("inside.table_empty", **needed)
    widths = {len(row) for row in rows}
    if len(widths) > 1:
        raise InputError("inside.table_uneven", **needed, low=min(widths), high=max(widths))
    found = len(rows), *widths
    if found != shape:
        raise InputError("inside.table_size", **needed, found_rows=found[0], found_columns=found[1])


def _quoted(cell: str) -> str:
    return cell.strip()[:MAX_QUOTE_CHARACTERS]
