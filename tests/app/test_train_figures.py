"""The figures of a result, their text alternatives, and the colours of runs."""

import re

from rnn_demo.app.theme import DARK, LIGHT
from rnn_demo.app.train import figures


def test_the_colours_of_runs_differ_and_have_enough_contrast():
    for palette in (LIGHT, DARK):
        colours = figures.run_colours(palette, figures.MAX_RUNS)
        assert len(set(colours)) == figures.MAX_RUNS
        assert colours[0] == palette.lead
        for colour in colours:
            assert contrast(colour, palette.background) >= 3  # WCAG 2.2, 1.4.11


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, by the definition in WCAG 2.2."""

    def luminance(colour: str) -> float:
        shares = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def numbers(text: str) -> list[float]:
    return [float(number) for number in re.findall(r"\d+(?:\.\d+)?", text)]


def test_the_text_alternatives_of_a_result_agree_with_its_counts():
    counts = [[0] * 10 for _ in range(10)]
    for digit in range(10):
        counts[digit][digit] = 8
    perfect = figures.confusion_in_words(counts)
    assert numbers(perfect) == []
    counts[4][9], counts[7][2], counts[3][5] = 2, 1, 6
    # The most frequent first; a single mistake has words of its own.
    assert numbers(figures.confusion_in_words(counts)) == [3, 5, 6, 4, 9, 2, 7, 2]
    shares = [100 * row[i] / sum(row) for i, row in enumerate(counts)]
    expected = [number for i, share in enumerate(shares) for number in (i, round(share, 1))]
    assert numbers(figures.accuracy_in_words(counts)) == expected
