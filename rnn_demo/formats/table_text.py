r"""Tables as people copy them, as text: from a spreadsheet, a file, a print, a document.

What separates the cells is decided once for the whole text:

- `&` and `\\` in LaTeX, `|` in Markdown;
- in brackets, as Python, NumPy and PyTorch print, commas or else blanks;
- tabs, or else semicolons;
- commas or blanks, whichever leaves numbers in all cells and as many in every row.

A comma that separates nothing is a decimal comma. "1,2" alone can be one number or two: it is
refused, unless the table has one column only.
"""

import re

from rnn_demo.formats.numbers import is_number, plain
from rnn_demo.messages import InputError

Rows = list[list[str]]

_QUOTED = re.compile(r'"([^"\n]*)"')  # a cell of a CSV file
_SCALAR = re.compile(r"\b(?:(?:np|numpy)\.\w+|tensor)\(([^][(),]*)\)")  # np.float32(1.5)
_BEFORE_LIST = re.compile(r"[\w.:=>\s]*\(?\s*")  # X0 = torch.tensor(
_AFTER_LIST = re.compile(r"(?:\s*,\s*\w+\s*=\s*(?:\([^()]*\)|[^,()\s]+))*\s*,?\s*\)?[\s,;]*")
_INNERMOST_LIST = re.compile(r"\[([^][]*)\]")
_LATEX_ROW = re.compile(r"\\\\(?:\[[^]]*\])?")
_LATEX_MARKUP = re.compile(
    r"\\(?:begin|end)\{[^}]*\}(?:\{[^}]*\})?|\\(?:left|right)[.|()[\]]|\\[a-zA-Z]+|\\[][,;!]|[${}]"
)
_MARKDOWN_RULE = re.compile(r"[|:\s-]*-[|:\s-]*")  # the line below the header
_DECIMAL_COMMA = re.compile(r"[0-9],[0-9]")


def read_rows(text: str, n_columns: int) -> Rows:
    """The cells of a table, each as text. Blank lines and what is empty at the right are left out.

    Args:
        text: the table.
        n_columns: of the table that is needed.

    Raises:
        InputError: the text can be read in two ways.
    """
    text = _QUOTED.sub(lambda cell: cell[1].replace(",", "."), plain(text))
    rows = _latex(text) or _markdown(text) or _printed(text) or _separated(text, n_columns)
    return [_without_surplus(row, n_columns) for row in rows if any(row)]


def _latex(text: str) -> Rows | None:
    if not ("&" in text or _LATEX_ROW.search(text)):
        return None
    rows = _LATEX_ROW.split(text)
    return [_stripped(_LATEX_MARKUP.sub("", row).split("&")) for row in rows]


def _markdown(text: str) -> Rows | None:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines or not all("|" in line for line in lines):
        return None
    rules = [i for i, line in enumerate(lines) if _MARKDOWN_RULE.fullmatch(line)]
    rows = [
        _stripped(line.removeprefix("|").removesuffix("|").split("|"))
        for i, line in enumerate(lines)
        if i not in rules
    ]
    has_header = rules == [1] and not all(map(is_number, rows[0]))
    return rows[1:] if has_header else rows


def _printed(text: str) -> Rows | None:
    """The rows of a list in brackets or parentheses, and of what is made from one."""
    text = _SCALAR.sub(r"\1", text)
    if "[" not in text:
        text = text.translate(str.maketrans("()", "[]"))
    first, last = text.find("["), text.rfind("]")
    if not 0 <= first < last:
        return None
    before, body, after = text[:first], text[first : last + 1], text[last + 1 :]
    if not (_BEFORE_LIST.fullmatch(before) and _AFTER_LIST.fullmatch(after)):
        return None
    if _INNERMOST_LIST.sub("", body).strip("[], \t\r\n"):
        return None
    rows = _INNERMOST_LIST.findall(body)
    return [_stripped(row.split("," if "," in row else None)) for row in rows]


def _separated(text: str, n_columns: int) -> Rows:
    lines = [line for line in text.splitlines() if line.strip()]
    for mark in "\t;":
        if any(mark in line.strip() for line in lines):
            return [_stripped(line.split(mark)) for line in lines]
    # A comma before a blank belongs to the blank: "1,5, 2,5".
    by_blanks = [re.split(r"\s*,?\s+", line.strip().removesuffix(",")) for line in lines]
    if n_columns == 1 and _is_table(by_blanks) and len(by_blanks[0]) == 1:
        return by_blanks
    by_commas = [_stripped(line.strip().removesuffix(",").split(",")) for line in lines]
    if _is_table(by_blanks) and _is_table(by_commas) and by_blanks != by_commas:
        raise _ambiguous(by_blanks)
    return min(by_blanks, by_commas, key=lambda rows: (not _is_table(rows), _share_of_text(rows)))


def _ambiguous(by_blanks: Rows) -> InputError:
    cell = next(cell for row in by_blanks for cell in row if _DECIMAL_COMMA.search(cell))
    return InputError(
        "table.ambiguous",
        text=cell,
        number=cell.replace(",", "."),
        separated=cell.replace(",", "; "),
    )


def _is_table(rows: Rows) -> bool:
    """Whether all cells are numbers, and all rows have as many."""
    return len({len(row) for row in rows}) == 1 and _share_of_text(rows) == 0


def _share_of_text(rows: Rows) -> float:
    """The share of cells that are not numbers."""
    cells = [cell for row in rows for cell in row]
    return sum(not is_number(cell) for cell in cells) / max(len(cells), 1)


def _stripped(cells: list[str]) -> list[str]:
    return [cell.strip() for cell in cells]


def _without_surplus(row: list[str], n_columns: int) -> list[str]:
    """The row without empty cells to the right of the last column."""
    while len(row) > n_columns and not row[-1]:
        row = row[:-1]
    return row
