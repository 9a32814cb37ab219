"""tests/js/number.test.js reads the same numbers in JavaScript."""

import json
import math
import sys
import unicodedata
from pathlib import Path

import pytest

from rnn_demo.formats.numbers import is_number, plain, read_number
from rnn_demo.messages import InputError

CASES = json.loads((Path(__file__).parents[2] / "numbers.json").read_text("utf-8"))


@pytest.mark.parametrize(("text", "value"), CASES["numbers"])
def test_a_number_is_read_however_it_is_written(text, value):
    assert read_number(text) == value


@pytest.mark.hostile("text, NaN, infinity, thousands or nothing where a number belongs")
@pytest.mark.parametrize(("text", "problem"), CASES["problems"])
def test_what_is_not_a_number_says_why(text, problem):
    with pytest.raises(InputError) as caught:
        read_number(text)
    assert caught.value.message.code == f"number.{problem}"
    assert not is_number(text)


def test_the_digits_of_every_script_are_digits():
    digits = [c for c in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(c) == "Nd"]
    assert plain("".join(digits)) == "".join(str(unicodedata.decimal(digit)) for digit in digits)


def test_a_number_too_large_for_a_float_is_infinite_and_in_no_range():
    assert read_number("-1e999") == -math.inf
