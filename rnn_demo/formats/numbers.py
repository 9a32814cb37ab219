"""Numbers as people type, copy and paste them; `assets/shared/number.js` reads them alike.

A point or a comma stands before the decimals. A comma never groups thousands: "1,000" is 1, since
the numbers of this app end long before a thousand. Anything more ("1,234.5", "1 000", "5k") is
refused.
"""

import re

from rnn_demo.messages import InputError

MAX_QUOTE_CHARACTERS = 20  # of a text that is not a number

# Hyphens and dashes, the signs of full-width and Arabic type; see `plain`.
_ASCII = str.maketrans(
    "\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d\uff0b\uff0e\uff0c\uff1b\u066b\u060c\u061b",
    "-------+.,;.,;",
)
# Soft hyphen, zero-width spaces, marks of the writing direction, byte order mark.
_INVISIBLE = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_OTHER_DIGIT = re.compile(r"[^\D0-9]")  # a decimal digit of any script except the ASCII ones
_NUMBER = re.compile(r"[-+]?([0-9]+([.,][0-9]*)?|[.,][0-9]+)(e[-+]?[0-9]+)?", re.IGNORECASE)
_INFINITY = re.compile(r"[-+]?(inf|infinity|∞)", re.IGNORECASE)


def plain(text: str) -> str:
    """The text with ASCII signs and digits, and without invisible characters.

    Spreadsheets and typesetting write a minus sign (U+2212), other keyboards full-width or Arabic
    digits.
    """
    visible = _INVISIBLE.sub("", text.translate(_ASCII))
    return _OTHER_DIGIT.sub(lambda digit: str(int(digit[0])), visible)


def read_number(text: str) -> float:
    """The number that a visitor wrote. One that is too large for a float is infinite.

    Args:
        text: the number; blanks around it do not count.

    Raises:
        InputError: the text is empty or not a finite number.
    """
    number = plain(text).strip()
    if not number:
        raise InputError("number.empty")
    if not _NUMBER.fullmatch(number):
        code = "number.infinite" if _INFINITY.fullmatch(number) else "number.not_a_number"
        raise InputError(code, text=number[:MAX_QUOTE_CHARACTERS])
    return float(number.replace(",", "."))


def is_number(text: str) -> bool:
    """Whether `read_number` can read the text."""
    try:
        read_number(text)
    except InputError:
        return False
    return True
