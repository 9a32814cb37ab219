import json

import nbformat

from rnn_demo.formats.notebook import notebook


def test_a_notebook_is_valid_and_holds_the_code():
    book = notebook("# Title", ["x = 1\ny = 2", "print(x + y)"])
    nbformat.validate(nbformat.reads(json.dumps(book), as_version=4))
    assert ["".join(cell["source"]) for cell in book["cells"]] == [
        "# Title",
        "x = 1\ny = 2",
        "print(x + y)",
    ]
    assert [cell["cell_type"] for cell in book["cells"]] == ["markdown", "code", "code"]
