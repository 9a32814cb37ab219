"""The picture the flow lab opens on, kept in a file: to show it takes no torch.

`python -m rnn_demo.first_picture` writes the file anew, after a change of what it shows.
"""

import json
from pathlib import Path
from typing import Any

from rnn_demo.presets import PRESETS
from rnn_demo.share import LabState

STATE = LabState.of(PRESETS[0])
FILE = Path(__file__).parents[1] / "assets" / "first_picture.json"


def picture_of(state: LabState) -> dict[str, Any]:
    """What the browser draws a state from, see `rnn_demo.picture`; it says whether it is "stored".

    Raises:
        ValueError: the numbers grow beyond what a float32 holds.
    """
    if state == STATE:
        stored: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
        return stored | {"stored": True}
    return _computed(state) | {"stored": False}


def _computed(state: LabState) -> dict[str, Any]:
    from rnn_demo.lab import compute  # with torch, see `rnn_demo.warmup`
    from rnn_demo.picture import picture

    return picture(compute(state))


if __name__ == "__main__":
    FILE.write_text(json.dumps(_computed(STATE), indent=1) + "\n", "utf-8")
