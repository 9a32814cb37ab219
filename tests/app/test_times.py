"""Moments and durations in the visitor's words."""

from datetime import UTC, datetime

import pytest

from rnn_demo.app.times import about, here


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


def test_without_a_browser_a_moment_is_on_the_servers_clock():
    moment = datetime(2026, 1, 2, 20, 4, tzinfo=UTC)
    assert here(moment) == moment.astimezone().replace(tzinfo=None)
