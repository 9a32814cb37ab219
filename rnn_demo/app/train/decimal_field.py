"""What stands in the field of a hyperparameter with decimals.

It is a text field that `read_number` reads. A browser's number field drops a comma: a learning rate
of "0,01" became 1 without a word.
"""

from decimal import Decimal

from rnn_demo.formats.numbers import read_number
from rnn_demo.messages import InputError
from rnn_demo.training.hyperparameter import Hyperparameter


def text(value: float) -> str:
    """The value as the field shows it: in full, without an exponent."""
    return f"{Decimal(str(value)).normalize():f}"


def read(parameter: Hyperparameter, typed: str) -> float:
    """The value that was typed.

    Raises:
        InputError: it is not a number, or not an allowed one.
    """
    try:
        value = read_number(typed)
    except InputError:
        parameter.check(typed)  # raises an error that names the field
        raise
    parameter.check(value)
    return value
