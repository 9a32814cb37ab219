"""Tables as people copy them and programs print them are read back exactly."""

import csv
import io

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from rnn_demo.formats.numbers import read_number
from rnn_demo.formats.table_text import read_rows
from rnn_demo.messages import InputError


def read(text: str, n_columns: int = 3) -> list[list[float]]:
    return [[read_number(cell) for cell in row] for row in read_rows(text, n_columns)]


SIX = [[0, 1.5, -2], [3, 4, 5]]
TEXTS = {
    "tabs": "0\t1.5\t-2\n3\t4\t5",
    "tabs, decimal comma": "0\t1,5\t-2\r\n3\t4\t5\r\n",
    "a trailing tab": "0\t1.5\t-2\t\n3\t4\t5\t\n",
    "one trailing tab": "0 1.5 -2\t\n3 4 5",
    "a trailing row of tabs": "0\t1.5\t-2\n3\t4\t5\n\t\t\n",
    "blank lines": "\n0 1.5 -2\n\n  \n3 4 5\n\n",
    "semicolons": "0;1.5;-2\n3;4;5",
    "semicolons, decimal comma": "0; 1,5; -2;\n3; 4; 5;",
    "commas": "0,1.5,-2\n3,4,5",
    "commas and blanks": "0, 1.5, -2,\n3, 4, 5",
    "blanks, decimal comma": "  0 1,5 -2\n  3   4  5",
    "CSV with quotes": '"0","1,5","-2"\n"3","4","5"',
    "CSV with quotes and semicolons": '"0";"1,5";"-2"\n3;4;5',
    "minus sign": "0\t1.5\t\u22122\n3\t4\t5",
    "no-break and thin blanks": "0\u00a01.5\u2009-2\n3\u202f4\u30005",
    "full-width": "\uff10\uff0c\uff11\uff0e\uff15\uff0c\uff0d\uff12\n3\uff0c\uff14\uff0c5",
    "Arabic": "\u0660\u061b\u0661\u066b\u0665\u061b-\u0662\n\u0663\u061b\u0664\u061b\u0665",
    "Python": "[[0, 1.5, -2], [3, 4, 5]]",
    "Python without blanks": "[[0,1.5,-2],[3,4,5]]",
    "Python, several lines": "X0 = [\n    [0, 1.5, -2],\n    [3, 4, 5],\n]\n",
    "tuples": "((0, 1.5, -2), (3, 4, 5))",
    "rows in brackets": "[0, 1.5, -2]\n[3, 4, 5]",
    "NumPy, str": "[[ 0.   1.5 -2. ]\n [ 3.   4.   5. ]]",
    "NumPy, a wrapped row": "[[ 0.   1.5\n  -2. ]\n [ 3.   4.\n   5. ]]",
    "NumPy, repr": "array([[ 0. ,  1.5, -2. ],\n       [ 3. ,  4. ,  5. ]], dtype=float32)",
    "NumPy, input": ">>> X0 = np.array([[0, 1.5, -2], [3, 4, 5]], dtype=np.float32)",
    "NumPy, scalars": "[[np.float64(0.0), np.float64(1.5), np.int64(-2)], [3, 4, 5]]",
    "PyTorch, scalars": "[[tensor(0.), tensor(1.5000), tensor(-2)], [3, 4, 5]]",
    "PyTorch": "tensor([[ 0.0000,  1.5000, -2.0000],\n        [ 3.0000,  4.0000,  5.0000]])",
    "PyTorch, exponents": "tensor([[0e+00, 1.5000e+00, -2e+00], [3e+00, 4e+00, 5e+00]])",
    "PyTorch, on a card": (
        "tensor([[0., 1.5, -2.],\n        [3., 4., 5.]], device='cuda:0', grad_fn=<AddmmBackward0>)"
    ),
    "a parameter": (
        "Parameter containing:\ntensor([[0., 1.5, -2.],\n        [3., 4., 5.]], requires_grad=True)"
    ),
    "TensorFlow": "tf.Tensor(\n[[ 0.   1.5 -2. ]\n [ 3.   4.   5. ]], shape=(2, 3), dtype=float32)",
    "JAX": "Array([[ 0. ,  1.5, -2. ],\n       [ 3. ,  4. ,  5. ]], dtype=float32)",
    "Markdown": "| a | b | c |\n|---|:-:|--:|\n| 0 | 1.5 | -2 |\n| 3 | 4 | 5 |\n",
    "Markdown without a header": "0 | 1,5 | \u22122\n3 | 4 | 5",
    "LaTeX": "0 & 1.5 & -2 \\\\\n3 & 4 & 5",
    "LaTeX, a matrix": (
        "\\begin{bmatrix}\n 0 & 1{,}5 & -2 \\\\[2pt]\n 3 & 4 & 5 \\\\\n\\end{bmatrix}"
    ),
    "LaTeX, an array": (
        "$\\left[\\begin{array}{rrr} 0 & 1.5 & $-2$\\\\ \\hline 3&4&5\\end{array}\\right]$"
    ),
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_table_is_read_however_it_is_written(text):
    assert read(text) == SIX


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0,1,2", [[0, 1, 2]]),
        ("1,5 2,5", [[1.5, 2.5]]),
        ("1,5;2,5", [[1.5, 2.5]]),
        ("1.5,2,5", [[1.5, 2, 5]]),
        ("1,5\n2\n3,5", [[1.5], [2], [3.5]]),  # commas would leave rows of two and of one
        ("[1,5]", [[1, 5]]),
        ("tensor([1., 2.])", [[1, 2]]),
        ("tensor([], size=(0, 3))", []),
        ("", []),
        (" \n\t\n", []),
    ],
)
def test_the_separator_is_decided_for_the_whole_text(text, expected):
    assert read(text, 2) == expected


@pytest.mark.parametrize(
    ("text", "cell", "number", "separated"),
    [
        ("1,5\n2,5", "1,5", "1.5", "1; 5"),
        ("-0,25", "-0,25", "-0.25", "-0; 25"),
        ("1,5, 2,5", "1,5", "1.5", "1; 5"),
    ],
)
def test_what_can_be_two_things_is_refused_with_both_ways_to_write_it(
    text, cell, number, separated
):
    with pytest.raises(InputError) as caught:
        read_rows(text, 2)
    assert caught.value.message.code == "table.ambiguous"
    assert caught.value.message.values == {"text": cell, "number": number, "separated": separated}


def test_a_column_has_one_number_a_line_so_its_commas_are_decimal():
    assert read("1,5\n\u22122,5\n3", 1) == [[1.5], [-2.5], [3]]


@pytest.mark.hostile("a broken print pasted as a table")
@pytest.mark.parametrize(
    "text",
    [
        "[[1, 2], [3, 4",
        "[1, 2] 3",
        "[[1, 2], ..., [3, 4]]",
        "[1 2, 3]",
        "1,2,x",
        "[",
        "]1[",
    ],
)
def test_a_broken_table_is_not_read_in_part(text):
    with pytest.raises(InputError):
        read(text, 2)


tables = arrays(
    np.float32,
    array_shapes(min_dims=2, max_dims=2, max_side=6),
    elements=st.floats(-100, 100, width=32) | st.integers(-9, 9).map(float),
)
printed = {
    "NumPy, str": str,
    "NumPy, repr": repr,
    "Python": lambda table: str(table.tolist()),
    "scalars": lambda table: str([list(row) for row in table]),
    "PyTorch": lambda table: repr(torch.from_numpy(table)),
    "gradient": lambda table: repr(torch.from_numpy(table).requires_grad_() * 1),
    "minus signs": lambda table: str(table.tolist()).replace("-", "\u2212"),
}


@pytest.mark.parametrize("text_of", printed.values(), ids=printed)
@settings(deadline=None, max_examples=40)
@given(table=tables)
def test_what_is_printed_is_read_back_exactly(text_of, table):
    torch.set_printoptions(precision=150, sci_mode=False)
    try:
        with np.printoptions(floatmode="unique", threshold=10_000):
            text = text_of(table)
    finally:
        torch.set_printoptions(profile="default")
    np.testing.assert_array_equal(np.float32(read(text, table.shape[1])), table)


@pytest.mark.parametrize("delimiter", ["\t", ";", ","])
@pytest.mark.parametrize("decimal", [".", ","])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
@settings(deadline=None, max_examples=40)
@given(table=tables)
def test_a_csv_file_is_read_back_exactly(delimiter, decimal, quoting, table):
    file = io.StringIO()
    rows = [[str(value).replace(".", decimal) for value in row] for row in table]
    csv.writer(file, delimiter=delimiter, quoting=quoting).writerows(rows)
    np.testing.assert_array_equal(np.float32(read(file.getvalue(), table.shape[1])), table)
