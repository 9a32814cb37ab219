"""A reading as numbers for the browser and for the sentences beside it, without any text."""

import hashlib
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from rnn_demo.nn.reading import Reading


def payload(image: "npt.NDArray[np.floating]", reading: "Reading") -> dict[str, Any]:
    """What the browser needs of a reading.

    Args:
        image: float (28, 28) in [0, 1].
        reading: a network's reading of it.

    Returns:
        "answer": the fields of `Answer`; "image" and "numbers": float32, packed; "units": the
        index of the hidden unit in each column, those that support the answer first; "limit": the
        hidden value with the full colour.
    """
    import numpy as np

    from rnn_demo.formats.float32 import packed

    order = reading.contributions.argsort(descending=True)
    hidden, weights = reading.hidden[:, order].numpy(), reading.weights[:, order].numpy()
    numbers = {
        "hidden": hidden,
        "weights": weights,
        "probabilities": reading.probabilities.numpy(),
    }
    return {
        "signature": hashlib.sha256(hidden.tobytes() + image.tobytes()).hexdigest()[:16],
        "image": packed(image),
        "numbers": {name: packed(values) for name, values in numbers.items()},
        "n_neurons": hidden.shape[1],
        # Tanh states fill the scale up to 1. ReLU states have no bound, and a single large one
        # would make all others pale.
        "limit": max(1.0, float(np.quantile(np.abs(hidden), 0.99))),
        "units": order.tolist(),
        "answer": asdict(reading.answer),
    }
