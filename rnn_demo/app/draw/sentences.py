"""The sentences and labels of the page Draw that are made from numbers, or used in two places."""

from typing import TYPE_CHECKING

from rnn_demo.app.text import _, n_
from rnn_demo.messages import N_
from rnn_demo.nn.answer import CONFIDENT_PROBABILITY, Answer, percent

if TYPE_CHECKING:  # they import NumPy and PyTorch
    from rnn_demo.data.digits import Origin
    from rnn_demo.training.scaling import Measurement

SOURCES = {"drawing": N_("Draw"), "digit": N_("Test digits"), "mistake": N_("Mistakes")}
PANELS = {
    "rows": N_("Row by row"),
    "attribution": N_("Why?"),
    "preprocessing": N_("From drawing to image"),
    "comparison": N_("Compare networks"),
}
QUESTIONS = {
    "rows": N_("Erase rows"),
    "pixels": N_("Pixels that matter"),
    "strokes": N_("Leave out a stroke"),
    "orders": N_("Another order"),
    "memory": N_("Swap the memory"),
}
ORDERS = {"backwards": N_("Backwards: {answer}"), "shuffled": N_("Shuffled: {answer}")}
IMAGES = {
    "shrunk": N_("Whole canvas, shrunk"),
    "boxed": N_("Box of 20 x 20, box centred"),
    "centred": N_("Box of 20 x 20, mass centred"),
}
_WITH_AN = (8,)  # digits that take "an" instead of "a"
ORDINALS = (N_("1st"), N_("2nd"), N_("3rd"), N_("4th"), N_("5th"), N_("6th"))
# What "pixels" are, by the keys of `rnn_demo.training.scaling.SCALINGS`.
SCALINGS = {
    "unit": N_("from 0 to 1"),
    "mnist": N_("from -0.42 to 2.82 (mean 0.1307, standard deviation 0.3081)"),
    "half": N_("from -1 to 1 (mean 0.5, standard deviation 0.5)"),
    "bytes": N_("from 0 to 255"),
    "inverted": N_("from 1 to 0 (inverted: ink is 0)"),
}
DIGITS: dict["Origin", str] = {
    "mnist": N_("MNIST digits"),
    "synthetic": N_("synthetic digits"),
    "other": N_("other digits"),
}
SHIPPED = {"vanilla": N_("plain RNN"), "gated": N_("LSTM"), "tutorial": N_("tutorial's RNN")}


def headline(answer: Answer, label: int | None = None) -> str:
    """The answer and its confidence, as in "7, 98 %", or that there is no digit.

    Args:
        answer: of a network.
        label: what the image really shows, if that is known: a wrong answer says so.
    """
    if answer.looks_like_a_digit:
        text = _("{digit}, {percent} %").format(digit=answer.prediction, percent=answer.percent)
    else:
        text = _("This does not look like a digit")
    if label is None or (answer.looks_like_a_digit and answer.prediction == label):
        return text
    wrong = (
        _("{answer}. It is an {label}.") if label in _WITH_AN else _("{answer}. It is a {label}.")
    )
    return wrong.format(answer=text, label=label)


def story(answer: Answer) -> str:
    """One sentence on how the network came to its answer. Rows are counted from 1."""
    if answer.blank:
        return _("There is no ink to read.")
    values = {
        "settled": answer.settled_at + 1,
        "digit": answer.prediction,
        "percent": percent(CONFIDENT_PROBABILITY),
    }
    if not answer.looks_like_a_digit:
        return _("Its best guess is {digit}, at only {percent} %.").format(
            digit=answer.prediction, percent=answer.percent
        )
    if answer.confident_from is None:
        text = _(
            "{digit} was its best guess from row {settled}, but it never became {percent} % sure."
        )
        return text.format(**values)
    text = _(
        "{digit} was its best guess from row {settled}, and at least {percent} % sure from row "
        "{confident}."
    )
    return text.format(confident=answer.confident_from + 1, **values)


def without_stroke(index: int, answer: Answer) -> str:
    """The answer to a drawing without one of its strokes; `index` is 0-based."""
    if not answer.looks_like_a_digit:
        text = _("Without your {ordinal} stroke it does not look like a digit.")
        return text.format(ordinal=_(ORDINALS[index]))
    return _("Without your {ordinal} stroke it reads {digit} ({percent} %).").format(
        ordinal=_(ORDINALS[index]),
        digit=answer.prediction,
        percent=answer.percent,
    )


def swapped_memory(donor: int, n_rows: int, answer: Answer) -> str:
    """The answer to the first rows of another digit, followed by the rest of this image."""
    text = n_(
        "The first row from a {donor}, the rest from this digit: {answer}",
        "The first {n} rows from a {donor}, the rest from this digit: {answer}",
        n_rows,
    )
    return text.format(n=n_rows, donor=donor, answer=headline(answer))


def shipped_title(name: str, n_neurons: int) -> str:
    """The title of a network that comes with the app, as in "plain RNN, 150 units"."""
    return _("{network}, {units}").format(network=_(SHIPPED[name]), units=_units(n_neurons))


def titled(name: str, n_neurons: int, accuracy: float | None, data: "Origin") -> str:
    """The title of a network that comes with the app, with its accuracy."""
    return with_accuracy(shipped_title(name, n_neurons), accuracy, data)


def file_title(cell: str, n_neurons: int) -> str:
    """The title of a network from the visitor's file."""
    from rnn_demo.app.recipe_text import value_text  # imports NumPy

    return _("your file ({cell}, {units})").format(
        cell=value_text("cell", cell), units=_units(n_neurons)
    )


def measured(measurement: "Measurement", data: "Origin") -> str:
    """How well the visitor's own network reads, and which scaling of the pixels it needs."""
    if not measurement.reads:
        text = _(
            "Your network reads only {accuracy} % of {n} {digits} correctly. Is it trained? Were "
            "its images prepared in an unusual way?"
        )
    elif len(measurement.best) > 1:
        text = _(
            "Your network reads {accuracy} % of {n} {digits} correctly, in more than one of the "
            "usual ways to prepare them. Choose the way it was trained."
        )
    else:
        text = _(
            "Your network reads {accuracy} % of {n} {digits} correctly, with pixels {scaling}. "
            "This page scales them for it."
        )
    return text.format(
        accuracy=f"{measurement.accuracy:.1f}",
        n=measurement.n,
        digits=_(DIGITS[data]),
        scaling=_(SCALINGS[measurement.best[0].scaling]),
    )


def run_title(title: str) -> str:
    """The title of the network of one of the visitor's runs."""
    return _("your run: {title}").format(title=title)


def with_accuracy(title: str, accuracy: float | None, data: "Origin") -> str:
    """A title with the accuracy on the test digits, where it was measured."""
    if accuracy is None:
        return title
    if data == "mnist":
        text = _("{title} ({accuracy} % on MNIST)")
    elif data == "synthetic":
        text = _("{title} ({accuracy} % on synthetic digits)")
    else:
        text = _("{title} ({accuracy} % on other digits)")
    return text.format(title=title, accuracy=f"{accuracy:.2f}")


def digit_caption(index: int, label: int, data: "Origin") -> str:
    """Which test digit is shown, and its label, as Markdown."""
    if data == "mnist":
        text = _("Test digit {index} of MNIST. Its label: **{label}**.")
    elif data == "synthetic":
        text = _("Synthetic test digit {index}. Its label: **{label}**.")
    else:
        text = _("Test digit {index}. Its label: **{label}**.")
    return text.format(index=f"{index:,}", label=label)


def digit_name(index: int, label: int, answer: int | None = None) -> str:
    """The name of a test digit, as in "Test digit 17, a 4"; with what a mistake was read as."""
    one = _("an {label}") if label in _WITH_AN else _("a {label}")
    values = {"index": f"{index:,}", "digit": one.format(label=label)}
    if answer is None:
        return _("Test digit {index}, {digit}").format(**values)
    return _("Test digit {index}, {digit}, read as {answer}").format(answer=answer, **values)


def _units(n: int) -> str:
    return n_("{n} unit", "{n} units", n).format(n=n)
