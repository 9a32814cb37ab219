"""The animated reading of a digit, row by row, in the browser."""

import hashlib
from dataclasses import asdict
from typing import Any

import numpy as np
import numpy.typing as npt

from rnn_demo.app.components import register, transport_text
from rnn_demo.app.draw import sentences
from rnn_demo.app.text import _, n_
from rnn_demo.app.theme import Palette
from rnn_demo.formats.float32 import packed
from rnn_demo.nn.reading import Reading

_mount = register(
    "draw_reading",
    module="draw/reading.js",
    html="draw/reading.html",
    css=["shared/controls.css", "draw/reading.css"],
)


def show_reading(
    image: npt.NDArray[np.floating], reading: Reading, palette: Palette, *, key: str
) -> None:
    """Show image, hidden state and class probabilities after each row, to play and to scrub.

    Args:
        image: float (28, 28) in [0, 1].
        reading: the network's reading of the image.
        palette: light or dark.
        key: of this place on the page; it keeps its node when the reading changes.
    """
    # The units that support the answer come first.
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
        # Tanh states fill the scale up to 1. ReLU states have no bound, and a single large one
        # would make all others pale.
        "limit": max(1.0, float(np.quantile(np.abs(hidden), 0.99))),
        "units": order.tolist(),
        "is_digit": reading.looks_like_a_digit,
        "text": text(reading),
        "palette": asdict(palette),
    }
    # In a list: Streamlit searches a dictionary for data frames.
    _mount(key=key, data=[data])


def text(reading: Reading) -> dict[str, Any]:
    """The words beside a reading, in the visitor's language; templates have {placeholders}."""
    n_units = reading.hidden.shape[1]
    hidden = n_(
        "Hidden state of {n} unit after each of the 28 rows",
        "Hidden state of {n} units after each of the 28 rows",
        n_units,
    )
    hint = _("Hover a cell for its value, or a hidden unit for its course and output weights.")
    return {
        "transport": transport_text(),
        "answer": sentences.answer(reading),
        "explanation": sentences.explanation(reading),
        "row": _("row {row} of {total}"),
        "now": _("Class probabilities after this row"),
        "after": _("After {row} of {total} rows"),
        "image": _("What the network sees"),
        "image_label": _("The image, 28 x 28 pixels"),
        "probabilities": _("Class probabilities"),
        "probabilities_label": _("Probability of each of the 10 digits after each of the 28 rows"),
        "hidden": _("Hidden state after each row, units that favour the answer first"),
        "hidden_label": hidden.format(n=n_units),
        "lines": _(
            "Class probabilities by row. Only the answer after the last row was trained; earlier "
            "ones are guesses."
        ),
        "hint_pointer": hint,
        "hint_touch": _("Tap a cell for its value, or a hidden unit for its output weights."),
        "image_cell": _("Row {row}, column {column}: {value}"),
        "hidden_cell": _("After row {row}, unit {unit}: {value}. Output weights: {weights}"),
        "probability_cell": _("After row {row}, digit {digit}: {value}"),
    }
