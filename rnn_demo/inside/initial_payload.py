"""The payload of the first card, stored in a file, so that this page needs no torch.

`python -m rnn_demo.inside.initial_payload` writes the file again after a change. Its numbers are
those of the machine that wrote it; another processor may compute other last bits.
"""

import json
from pathlib import Path
from typing import Any

from rnn_demo.inside.cards import FIRST_PLACE, home
from rnn_demo.inside.question import Question

STATE = home(FIRST_PLACE)
QUESTION = Question("early_input", ("changes", "stays"), {"input": "X0", "state": "Y1"})
FILE = Path(__file__).parents[2] / "assets" / "inside" / "initial_payload.json"


def load() -> dict[str, Any]:
    """The stored payload of `STATE`, see `inside.payload`; "stored" is true."""
    payload: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
    return payload


def _write() -> None:
    from rnn_demo.inside.compute import compute  # imports torch
    from rnn_demo.inside.payload import payload

    content = payload(compute(STATE)) | {"stored": True}
    FILE.write_text(json.dumps(content, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    _write()
