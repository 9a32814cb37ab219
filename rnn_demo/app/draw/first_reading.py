"""What the landing page shows first, stored in a file, so that this page needs no torch.

`python -m rnn_demo.app.draw.first_reading` writes the file again after a change. Its numbers are
those of the machine that wrote it; another processor may compute other last bits.
"""

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from rnn_demo.app.components import ASSETS

if TYPE_CHECKING:
    import numpy as np

FIRST_NETWORK = "vanilla"  # the one that reads at first
FILE = ASSETS / "draw" / "first_reading.json"


@cache
def load() -> dict[str, Any]:
    """The stored content.

    Returns:
        "reading": of the example that is read until the visitor draws, see `payload`.
        "network": the values of `sentences.shipped_title` for `FIRST_NETWORK`.
        "examples": images of unusual handwriting by name, 28 x 28 bytes each, base64.
    """
    content: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
    return content


@cache
def example_image() -> "np.ndarray":
    """The example that is read until the visitor draws a digit, float32 (28, 28)."""
    import numpy as np

    from rnn_demo.data import handwriting

    return handwriting.render(handwriting.strokes(3, np.random.default_rng(3)), 2.4)


def compute() -> dict[str, Any]:
    """The content of the file, computed."""
    import base64

    import numpy as np

    from rnn_demo.app.draw.payload import payload
    from rnn_demo.data import strokes
    from rnn_demo.nn.reading import read
    from rnn_demo.training.checkpoint import WEIGHTS, load, load_card

    weights = WEIGHTS / f"{FIRST_NETWORK}.safetensors"
    card = load_card(weights)
    image = example_image()
    images = {name: strokes.image(strokes.example(name)) for name in strokes.EXAMPLES}
    return {
        "network": {
            "name": FIRST_NETWORK,
            "n_neurons": card.recipe.n_neurons,
            "accuracy": card.test_accuracy,
            "data": card.recipe.data,
        },
        "examples": {
            name: base64.b64encode(np.rint(255 * each).astype(np.uint8).tobytes()).decode()
            for name, each in images.items()
        },
        "reading": payload(image, read(load(weights)[0], image)),
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(compute(), indent=1) + "\n", "utf-8")
