"""The sentences and labels of the page Draw that are made from numbers, or used in two places."""

from rnn_demo.app.recipe_text import value_text
from rnn_demo.app.text import _, n_
from rnn_demo.messages import N_
from rnn_demo.nn.reading import CONFIDENT_PROBABILITY, Reading

SOURCES = {"drawing": N_("Draw"), "digit": N_("Test digit"), "mistake": N_("Mistake")}
PANELS = {
    "attribution": N_("Why"),
    "preprocessing": N_("From drawing to image"),
    "comparison": N_("Another network"),
}
ORDERS = {"backwards": N_("Backwards: {answer}"), "shuffled": N_("Shuffled: {answer}")}
IMAGES = {
    "shrunk": N_("Whole canvas, shrunk"),
    "boxed": N_("Box of 20 x 20, box centred"),
    "centred": N_("Box of 20 x 20, mass centred"),
}
ORDINALS = (N_("1st"), N_("2nd"), N_("3rd"), N_("4th"), N_("5th"), N_("6th"))
SHIPPED = {"vanilla": N_("plain RNN"), "gated": N_("LSTM"), "tutorial": N_("tutorial's RNN")}


def answer(reading: Reading) -> str:
    """The prediction and its confidence, as in "7, 98 % sure", or that there is no digit."""
    if not reading.looks_like_a_digit:
        return _("This does not look like a digit")
    return _("{digit}, {percent} % sure").format(
        digit=reading.prediction, percent=reading.confidence_percent
    )


def explanation(reading: Reading) -> str:
    """One sentence on how the network came to its answer. Rows are counted from 1."""
    if reading.blank:
        return _("There is no ink to read.")
    if not reading.looks_like_a_digit:
        return _("Its best guess is {digit}, at only {percent} %.").format(
            digit=reading.prediction, percent=reading.confidence_percent
        )
    values = {
        "settled": reading.settled_at + 1,
        "digit": reading.prediction,
        "percent": round(100 * CONFIDENT_PROBABILITY),
    }
    if reading.confident_from is None:
        text = _(
            "From row {settled} its best guess was {digit}, and it ended less than {percent} % "
            "sure."
        )
        return text.format(**values)
    text = _(
        "From row {settled} its best guess was {digit}, and from row {confident} it was at least "
        "{percent} % sure."
    )
    return text.format(confident=reading.confident_from + 1, **values)


def without_stroke(index: int, reading: Reading) -> str:
    """The answer to a drawing without one of its strokes; `index` is 0-based."""
    if not reading.looks_like_a_digit:
        text = _("Without your {ordinal} stroke it does not look like a digit.")
        return text.format(ordinal=_(ORDINALS[index]))
    return _("Without your {ordinal} stroke it reads {digit} ({percent} %).").format(
        ordinal=_(ORDINALS[index]),
        digit=reading.prediction,
        percent=reading.confidence_percent,
    )


def swapped_memory(donor: int, n_rows: int, reading: Reading) -> str:
    """The answer to the first rows of another digit, followed by the rest of this image."""
    text = n_(
        "The first row from a {donor}, the rest from this digit: {answer}",
        "The first {n} rows from a {donor}, the rest from this digit: {answer}",
        n_rows,
    )
    return text.format(n=n_rows, donor=donor, answer=answer(reading))


def shipped_title(name: str, n_neurons: int) -> str:
    """The title of a network that comes with the app, as in "plain RNN, 150 units"."""
    return _("{network}, {units}").format(network=_(SHIPPED[name]), units=_units(n_neurons))


def file_title(cell: str, n_neurons: int) -> str:
    """The title of a network from the visitor's file."""
    return _("your file ({cell}, {units})").format(
        cell=value_text("cell", cell), units=_units(n_neurons)
    )


def run_title(title: str) -> str:
    """The title of the network of one of the visitor's runs."""
    return _("your run: {title}").format(title=title)


def with_accuracy(title: str, accuracy: float | None, data: str) -> str:
    """A title with the accuracy on the test digits, where it was measured."""
    if accuracy is None:
        return title
    if data == "mnist":
        text = _("{title} ({accuracy} % on MNIST)")
    else:
        text = _("{title} ({accuracy} % on synthetic digits)")
    return text.format(title=title, accuracy=f"{accuracy:.2f}")


def digit_caption(index: int, label: int, data: str) -> str:
    """Which test digit is shown, and its label, as Markdown."""
    if data == "mnist":
        text = _("Test digit {index} of MNIST. Its label: **{label}**.")
    else:
        text = _("Synthetic test digit {index}. Its label: **{label}**.")
    return text.format(index=f"{index:,}", label=label)


def _units(n: int) -> str:
    return n_("{n} unit", "{n} units", n).format(n=n)
