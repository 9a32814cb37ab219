import pytest

from rnn_demo.inside import compute, tables
from rnn_demo.inside.presets import PRESETS
from rnn_demo.inside.state import InsideState
from rnn_demo.messages import InputError, Message

SINGLE, BASIC = (InsideState.of(preset) for preset in PRESETS[:2])


def listed(message: Message) -> list[Message]:
    """The messages that "inside.sentences" joins."""
    if message.code != "inside.sentences":
        return [message]
    return [message.values["first"], *listed(message.values["rest"])]


def refused(name: str, text: str) -> Message:
    with pytest.raises(InputError) as caught:
        tables.paste(BASIC, name, text)
    return caught.value.message


def test_a_table_is_pasted_with_decimal_commas():
    state = tables.paste(BASIC, "X1", "1\t2,5\t-3\r\n4\t5\t6\n7\t8\t9\n0\t,5\t1e1\n")
    expected = [[1, 2.5, -3], [4, 5, 6], [7, 8, 9], [0, 0.5, 10]]
    assert compute.compute(state).X[1].tolist() == expected


def test_a_print_is_pasted_into_a_matrix():
    text = "tensor([[0., 1., 2.],\n        [3., 4., 5.],\n        [6., 7., 8.],\n [9., 0., 1.]])"
    state = tables.paste(BASIC, "X0", text)
    assert compute.compute(state).X[0].tolist() == [[0, 1, 2], [3, 4, 5], [6, 7, 8], [9, 0, 1]]


def test_a_bias_is_one_row_and_a_column_is_one_cell_in_each_row():
    bias = compute.compute(tables.paste(BASIC, "b", "1;2;3;4;5,5")).weights.b
    assert bias.tolist() == [1, 2, 3, 4, 5.5]
    Wx = compute.compute(tables.paste(SINGLE, "Wx", "1\n2\n3\n4")).weights.Wx
    assert Wx.tolist() == [[1], [2], [3], [4]]


def test_every_matrix_takes_a_table():
    for name in tables.matrix_names(BASIC):
        shape = BASIC.shapes[name[0] if name[0] == "X" else name][-2:]
        rows, columns = shape if len(shape) == 2 else (1, *shape)
        state = tables.paste(BASIC, name, "\n".join(["\t".join(["7"] * columns)] * rows))
        assert set(state.edits.values()) == {7.0}


@pytest.mark.hostile("a pasted table with text, NaN and infinity")
def test_every_wrong_cell_is_listed():
    message = refused("X0", "1\tabc\t\n2\tinf\t3\n4\t5\t6\n7\t101\tnan")
    values = [(m.code, m.values["row"], m.values["column"]) for m in listed(message)]
    assert values == [
        ("inside.cell_not_a_number", 0, 1),
        ("inside.cell_empty", 0, 2),
        ("inside.cell_infinite", 1, 1),
        ("inside.cell_out_of_range", 3, 1),
        ("inside.cell_not_a_number", 3, 2),
    ]


@pytest.mark.hostile("a pasted table of another size")
@pytest.mark.parametrize(
    ("text", "code", "found"),
    [
        ("", "inside.table_empty", {}),
        ("1 2 3", "inside.table_size", {"found_rows": 1, "found_columns": 3}),
        ("1 2\n1 2 3\n1 2 3\n1 2 3", "inside.table_uneven", {"low": 2, "high": 3}),
    ],
)
def test_a_table_of_another_size_is_refused(text, code, found):
    message = refused("X0", text)
    assert message.code == code
    assert message.values == {"name": "X0", "rows": 4, "columns": 3} | found


@pytest.mark.hostile("a pasted table of 10,000 rows")
@pytest.mark.parametrize("cell", ["1", "text", "1e308", "<script>alert(1)</script>"])
def test_a_table_of_ten_thousand_rows_is_refused_with_a_short_text(cell):
    message = refused("X0", "\n".join(["\t".join([cell] * 3)] * 10_000))
    assert len(str(message)) < 1_000
    assert "\n" not in str(message)
    if cell != "1":
        assert listed(message)[-1] == Message("inside.more_wrong_cells", {"n": 29_990})


@pytest.mark.hostile("a cell of a million digits")
def test_a_cell_of_a_million_digits_is_read_in_no_time():
    """A pattern that tries every way to split the digits would take hours."""
    message = refused("X0", "1" * 1_000_000 + "x")
    assert message.code == "inside.cell_not_a_number"
    assert message.values["cell"] == "1" * 20
