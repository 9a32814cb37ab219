"""A digit being read, row by row, in the browser."""

import hashlib
from dataclasses import asdict

import numpy as np
import numpy.typing as npt

from rnn_demo.app.components import register_joined
from rnn_demo.app.theme import Palette
from rnn_demo.formats.float32 import packed
from rnn_demo.nn.reading import Reading

_mount = register_joined(
    "draw/reading", "shared/transport", "shared/float32", styles=["shared/controls"]
)


def reader(
    image: npt.NDArray[np.floating], reading: Reading, palette: Palette, *, key: str
) -> None:
    """Show a reading: image, hidden state and belief in step, to play and to scrub.

    Args:
        image: float (28, 28) in [0, 1].
        reading: what the network made of it.
        palette: light or dark.
        key: of this place on the page; it keeps its node when the reading changes.
    """
    # The units that carry the answer come first.
    order = reading.contributions.argsort(descending=True)
    hidden, weights = reading.hidden[:, order].numpy(), reading.weights[:, order].numpy()
    numbers = {
        "image": image,
        "hidden": hidden,
        "weights": weights,
        "probabilities": reading.probabilities.numpy(),
    }
    data = {
        "signature": hashlib.sha256(hidden.tobytes() + image.tobytes()).hexdigest(),
        "numbers": {name: packed(values) for name, values in numbers.items()},
        "n_neurons": hidden.shape[1],
        # Tanh states fill the scale up to 1; relu ones have no bound, and a single one must not
        # make all others pale.
        "limit": max(1.0, float(np.quantile(np.abs(hidden), 0.99))),
        "units": order.tolist(),
        "answer": reading.answer,
        "story": reading.story,
        "palette": asdict(palette),
    }
    # In a list, where Streamlit does not look for data frames.
    _mount(key=key, data=[data])
