"""Moments and durations in the visitor's words."""

import time

import pytest
from streamlit.testing.v1 import AppTest

from rnn_demo.app.times import about


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "5 s"),
        (7, "5 s"),
        (23.8, "20 s"),
        (85, "80 s"),
        (91, "2 min"),
        (9.6 * 60, "10 min"),
        (27 * 60, "25 min"),
        (99 * 60, "100 min"),
        (130 * 60, "2 h"),
    ],
)
def test_a_duration_is_no_more_exact_than_an_estimate_is(seconds, text):
    assert about(seconds) == text


def show_times() -> None:
    """A page with a moment before and after summer ends in Berlin, and two in the hour that it
    repeats.
    """
    from datetime import UTC, datetime, timedelta

    import streamlit as st

    from rnn_demo.app.times import written

    summer_ends = datetime(2026, 10, 25, 1, tzinfo=UTC)
    for hours in (-24, -0.5, 0.5, 24):
        st.text(written(summer_ends + timedelta(hours=hours)))


@pytest.mark.parametrize(
    ("zone", "times"),
    [
        (
            "Europe/Berlin",
            ["24 Oct 03:00", "25 Oct 02:30 CEST", "25 Oct 02:30 CET", "26 Oct 02:00"],
        ),
        ("Asia/Kolkata", ["24 Oct 06:30", "25 Oct 06:00", "25 Oct 07:00", "26 Oct 06:30"]),
    ],
)
def test_a_moment_is_on_the_visitors_clock(zone, times):
    assert shown(zone) == times


@pytest.mark.parametrize("zone", [None, "", "UTC", "Atlantic/Reykjavik", "Mars/Olympus", "../x"])
def test_where_the_clock_is_not_known_the_zone_stands_beside_the_time(zone, monkeypatch):
    """Whatever the clock of the server is."""
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    times = ["24 Oct 01:00 UTC", "25 Oct 00:30 UTC", "25 Oct 01:30 UTC", "26 Oct 01:00 UTC"]
    try:
        assert shown(zone) == times
    finally:
        monkeypatch.undo()
        time.tzset()


def shown(zone: str | None) -> list[str]:
    """The times on the page for a visitor with a time zone."""
    app = AppTest.from_function(show_times)
    app.context["timezone"] = zone
    return [text.value for text in app.run().text]
