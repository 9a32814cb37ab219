"""The colours of all figures, for light and for dark."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Palette:
    """Colours of one theme, as hexadecimal RGB.

    Signed values run from `negative` through `background` to `positive`, so that zero looks
    like nothing in either theme. Blue and orange stay apart for colour-blind eyes.

    Attributes:
        background: the page's own.
        text: for words and for what is neither leading nor second.
        grey: thin lines, axes.
        negative: the far end below zero.
        positive: the far end above zero.
        lead: the one line that matters, the leading digit.
        second: what it is compared with, the runner-up.
    """

    background: str
    text: str
    grey: str
    negative: str
    positive: str
    lead: str
    second: str

    @property
    def diverging(self) -> list[list[float | str]]:
        """A Plotly colour scale for values from -1 to 1."""
        return [[0, self.negative], [0.5, self.background], [1, self.positive]]

    @property
    def brightness(self) -> list[list[float | str]]:
        """A Plotly colour scale for ink from 0 to 1."""
        return [[0, self.background], [1, self.text]]


LIGHT = Palette(
    background="#fdfdfc",
    text="#14181c",
    grey="#9aa1a9",
    negative="#2563eb",
    positive="#ea580c",
    lead="#b93d0b",
    second="#1d4ed8",
)
DARK = Palette(
    background="#11151a",
    text="#e7eaee",
    grey="#6b7580",
    negative="#5b9bff",
    positive="#fb923c",
    lead="#fb923c",
    second="#7ab4ff",
)
