"""The animated reading of a digit, row by row, in the browser."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from rnn_demo.app.components import register, reported, transport_text
from rnn_demo.app.draw import sentences
from rnn_demo.app.glossary import terms
from rnn_demo.app.presenter import presenting
from rnn_demo.app.text import _, n_
from rnn_demo.app.theme import Palette
from rnn_demo.nn.answer import Answer

N_ROWS = 28  # of an image, and steps of its reading

_mount = register(
    "draw_reading",
    module="draw/reading.js",
    html="draw/reading.html",
    css=["shared/controls.css", "shared/terms.css", "draw/reading.css"],
    height_px=500,
)


def show_reading(
    readings: Sequence[tuple[str, dict[str, Any]]],
    palette: Palette,
    *,
    key: str,
    place: str,
    on_share: Callable[[], None],
    label: int | None = None,
    row: int | None = None,
    answer_only: bool = False,
) -> None:
    """Show what one network, or two, make of an image after each row, to play and to scrub.

    Args:
        readings: title of the network and its `payload`, of the same image.
        palette: light or dark.
        key: of this place on the page; it keeps its node when the reading changes.
        place: what is read by which network. A new one is played from the first row; after a
            reload the same one shows the row that the visitor was at.
        on_share: called when the visitor asks for a link; `shared_row(key)` returns the row.
        label: what the image really shows, if that is known.
        row: the one to show instead of playing, 0-based.
        answer_only: show nothing but the answer after the last row.
    """
    image = readings[0][1]["image"]
    data = {
        "signature": "/".join(payload["signature"] for _title, payload in readings),
        "place": place,
        "image": image,
        "readings": [_reading(title, payload, label) for title, payload in readings],
        "answer_only": answer_only,
        "row": row,
        "presenting": presenting(),
        "palette": asdict(palette),
        "terms": terms("hidden state", "class probabilities", "confidence"),
        "text": text(),
    }
    # In a list: Streamlit searches a dictionary for data frames.
    _mount(key=key, data=[data], on_shared_change=on_share)


def shared_row(key: str) -> int:
    """The row on screen when the visitor asked for a link, 0-based; the last one if unknown."""
    row = reported(key, "shared")
    return row if isinstance(row, int) and 0 <= row < N_ROWS else N_ROWS - 1


def _reading(title: str, payload: dict[str, Any], label: int | None) -> dict[str, Any]:
    """A network's numbers, with the words that belong to them."""
    answer = Answer(**payload["answer"])
    n_units = payload["n_neurons"]
    hidden = n_(
        "Hidden state of {n} unit after each of the 28 rows",
        "Hidden state of {n} units after each of the 28 rows",
        n_units,
    )
    kept = ("numbers", "n_neurons", "limit", "units")
    return {name: payload[name] for name in kept} | {
        "is_digit": answer.looks_like_a_digit,
        "title": title,
        "headline": sentences.headline(answer, label),
        "story": sentences.story(answer),
        "hidden_label": hidden.format(n=n_units),
    }


def text() -> dict[str, Any]:
    """The words beside a reading, in the visitor's language; templates have {placeholders}."""
    return {
        "transport": transport_text(),
        "cover": _("Cover the answer"),
        "covered": _("The answer is covered. What do you think it says?"),
        "share": _("Share"),
        "row": _("row {row} of {total}"),
        "so_far": _("after {row} of {total} rows: {digit}, {percent} %"),
        "guesses": _("Guesses of {percent} % or more:"),
        "no_guess": _("none yet"),
        "now": _("After {row} of {total} rows"),
        "now_label": _("Class probabilities after this row"),
        "value": _("{percent} %"),
        "image": _("What the network sees"),
        "image_label": _("The image, 28 x 28 pixels"),
        "probabilities": _("[[Probabilities|class probabilities]] by row"),
        "probabilities_label": _("Probability of each of the 10 digits after each row so far"),
        "hidden": _("[[Hidden state|hidden state]] after each row"),
        "hidden_order": _("(units that support the answer at the left)"),
        "lines": _(
            "Why does it change its mind? A 2 and a 7 have the same top half. (It was trained to "
            "answer only after the last row.)"
        ),
        "lines_label": _("The ten class probabilities as lines, up to the row shown"),
        "hint_pointer": _(
            "Orange is the best guess, blue the runner-up. Point at a cell to read it; click it to "
            "go to its row."
        ),
        "hint_touch": _(
            "Orange is the best guess, blue the runner-up. Tap a cell to read it and to go to its "
            "row."
        ),
        "image_cell": _("Row {row}, column {column}: ink {value}"),
        "hidden_cell": _(
            "Unit {unit} after row {row}: {value}. It speaks for {supported} and against {opposed}."
        ),
        "probability_cell": _("After row {row}: {digit}, {percent} %"),
        "unread_cell": _("Row {row} has not been read yet."),
    }
