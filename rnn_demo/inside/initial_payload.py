"""The picture the flow lab opens on, kept in a file: to show it takes no torch.

`python -m rnn_demo.inside.initial_payload` writes the file anew, after a change of what it shows.
"""

import json
from pathlib import Path
from typing import Any

from rnn_demo.inside.presets import PRESETS
from rnn_demo.inside.state import LabState

STATE = LabState.of(PRESETS[0])
FILE = Path(__file__).parents[2] / "assets" / "inside" / "initial_payload.json"


def picture_of(state: LabState) -> dict[str, Any]:
    """What the browser draws a state from, see `inside.payload`; "stored" if it lay ready.

    Raises:
        ValueError: the numbers grow beyond what a float32 holds.
    """
    if state == STATE:
        stored: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
        return stored | {"stored": True}
    return _computed(state) | {"stored": False}


def _computed(state: LabState) -> dict[str, Any]:
    from rnn_demo.inside.compute import compute  # with torch, see `rnn_demo.app.startup`
    from rnn_demo.inside.payload import picture

    return picture(compute(state))


if __name__ == "__main__":
    FILE.write_text(json.dumps(_computed(STATE), indent=1) + "\n", "utf-8")
