"""Tables copied from a spreadsheet, pasted into a matrix of the page Inside."""

import re

from rnn_demo.inside.compute import edit
from rnn_demo.inside.state import MAX_VALUE, Index, InsideState
from rnn_demo.messages import InputError, Message

MAX_LISTED_CELLS = 10  # wrong cells of a table that are listed; the others are counted
MAX_CELL_CHARACTERS = 20  # of a wrong cell that are quoted

_NUMBER = re.compile(r"[-+]?(\d+([.,]\d*)?|[.,]\d+)([eE][-+]?\d+)?")
_INFINITY = re.compile(r"[-+]?(inf|infinity|∞)", re.IGNORECASE)


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

    Tabs separate the cells, or else semicolons, or else spaces. A comma is a decimal point.

    Args:
        text: the table.
        name: of the matrix, for the error.
        shape: its rows and columns.

    Raises:
        InputError: the size differs, or a cell is not an allowed number.
    """
    rows = [_cells(line) for line in text.strip("\r\n").splitlines()]
    _check_cells(rows)
    _check_size(rows, name, shape)
    return [[_number(cell) for cell in row] for row in rows]


def _check_cells(rows: list[list[str]]) -> None:
    wrong = [
        Message(
            code, {"row": i, "column": j, "cell": cell[:MAX_CELL_CHARACTERS], "limit": MAX_VALUE}
        )
        for i, row in enumerate(rows)
        for j, cell in enumerate(row)
        if (code := _cell_error(cell))
    ]
    if not wrong:
        return
    listed, n_more = wrong[:MAX_LISTED_CELLS], len(wrong) - MAX_LISTED_CELLS
    if n_more > 0:
        listed.append(Message("inside.more_wrong_cells", {"n": n_more}))
    report = listed.pop()
    while listed:
        report = Message("inside.sentences", {"first": listed.pop(), "rest": report})
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


def _cells(line: str) -> list[str]:
    separator = next((mark for mark in ("\t", ";") if mark in line), None)
    return [cell.strip() for cell in line.split(separator)]


def _number(cell: str) -> float:
    return float(cell.replace(",", "."))


def _cell_error(cell: str) -> str | None:
    """The code of the error in a cell, if there is one."""
    if not cell:
        return "inside.cell_empty"
    if not _NUMBER.fullmatch(cell):
        return "inside.cell_infinite" if _INFINITY.fullmatch(cell) else "inside.cell_not_a_number"
    return "inside.cell_out_of_range" if abs(_number(cell)) > MAX_VALUE else None
