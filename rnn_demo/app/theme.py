"""The colours of all figures, in the visitor's theme."""

from dataclasses import dataclass

import streamlit as st


@dataclass(frozen=True)
class Palette:
    """The colours of one theme, as hexadecimal RGB.

    Signed values run from `negative` through `background` to `positive`, so that zero is
    invisible in both themes. Colour-blind readers can tell blue from orange.

    Attributes:
        background: of the page.
        text: of text, and of everything without emphasis.
        grey: of thin lines and axes.
        negative: of the most negative values.
        positive: of the most positive values.
        lead: of the most important line, and of the most probable digit.
        second: of what it is compared with, and of the second most probable digit.
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


def palette() -> Palette:
    """The colours of the visitor's theme."""
    return DARK if st.context.theme.type == "dark" else LIGHT
