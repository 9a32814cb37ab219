"""The picture of the page Digits: an image whose rows go into a network, one after the other."""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import numpy as np
from torch import Tensor

from rnn_demo.app.components import register, transport_text
from rnn_demo.app.digits.position import Position
from rnn_demo.app.digits.questions import Question
from rnn_demo.app.glossary import terms
from rnn_demo.app.text import _, n_
from rnn_demo.app.theme import Palette
from rnn_demo.data.digits import Digits
from rnn_demo.formats.float32 import packed

_mount = register(
    "digits_sequence",
    module="digits/sequence.js",
    html="digits/sequence.html",
    css=["shared/controls.css", "shared/terms.css", "digits/sequence.css"],
    height_px=570,
)


def show_sequence(
    batch: Digits,
    position: Position,
    visit: int,
    *,
    hidden: Tensor,
    probabilities: Tensor,
    questions: list[Question],
    palette: Palette,
    presenting: bool,
    key: str,
    on_move: Callable[[], None],
) -> None:
    """Show a batch of images, and one of them as a sequence of rows.

    Args:
        batch: at most 64 images.
        position: the image that is chosen, and where to begin.
        visit: another number makes the browser begin at the position again.
        hidden: (28, n_neurons), the network's hidden state after each row of the chosen image.
        probabilities: (n, 10), the network's answer to each image.
        questions: about the chosen image.
        palette: light or dark.
        presenting: whether the visitor presents.
        key: of this place on the page.
        on_move: is called when the component reports `place`: a dictionary with the batch and the
            place, which is image, row and question, from 0.
    """
    images = np.ascontiguousarray(batch.images).tobytes()
    numbers = {"hidden": hidden.numpy(), "probabilities": probabilities.numpy()}
    data = {
        "batch": position.batch_name,
        "signature": f"{visit} {hashlib.sha256(images).hexdigest()}",
        "images": base64.b64encode(images).decode(),
        "labels": batch.labels.tolist(),
        "image": position.image,
        "row": position.row,
        "numbers": {name: packed(values) for name, values in numbers.items()},
        "limit": float(hidden.abs().max()),
        "questions": [asdict(question) for question in questions],
        "question": position.question,
        "presenting": presenting,
        "palette": asdict(palette),
        "terms": terms("batch", "label", "hidden state", "logit", "class probabilities"),
        "text": text(len(batch), hidden.shape[1]),
    }
    # In a list: Streamlit searches a dictionary for data frames.
    _mount(key=key, data=[data], on_place_change=on_move)


def text(n_images: int, n_neurons: int) -> dict[str, Any]:
    """The words of the picture, in the visitor's language; templates have {placeholders}."""
    return {
        "transport": transport_text(),
        "chosen": _("Image {image} of {n}. Its label: {label}"),
        "batch": n_(
            "One [[batch]]: {n} image with its [[label]].",
            "One [[batch]]: {n} images with their [[labels|label]]. Choose one.",
            n_images,
        ).format(n=n_images),
        "sheet": _("The images of this batch"),
        "image_button": _("Image {n} of {total}, a {label}"),
        "image": _("Image {n}, a {label}, 28 rows of 28 pixels"),
        "row": _("row {row} of {total}"),
        "step": _("Row {row} of {total}: the network's 28 inputs at time step t = {t}"),
        "tag": _("row {row}"),
        "strip": _("The 28 numbers of the row, from 0 for paper to 1 for ink"),
        "network": _("The network"),
        "memory_text": n_(
            "Its memory is the [[hidden state]], {n} number.",
            "Its memory is the [[hidden state]], {n} numbers.",
            n_neurons,
        ).format(n=n_neurons),
        "memory_label": _("Hidden state after row {row}"),
        "scale": _("Orange: above 0. Blue: below 0."),
        "handed": _("After row {row} it is handed on to row {next}."),
        "finished": _("After row {row} it gives the answer."),
        "answer": _("Before training it answers"),
        "meaning": _(
            "Ten [[logits|logit]] become ten nearly equal [[probabilities|class probabilities]]: "
            "it cannot tell the digits apart yet."
        ),
        "percent": _("{n} %"),
        "question": _("Question"),
        "question_count": _("Question {n} of {total}"),
        "next": _("Next"),
        "yes": _("Right."),
        "no": _("No."),
    }
