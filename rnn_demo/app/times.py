"""Moments and durations in the visitor's words and time zone."""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from rnn_demo.app.text import _

_MINUTE_S, _HOUR_S = 60, 3_600
# Up to these limits a duration is rounded to these steps; all in seconds.
_STEPS_S = ((15, 5), (90, 10), (10 * _MINUTE_S, _MINUTE_S), (100 * _MINUTE_S, 5 * _MINUTE_S))


def here(moment: datetime) -> datetime:
    """A moment on the visitor's clock, without its time zone; on the server's if unknown.

    Args:
        moment: aware of its time zone.
    """
    zone = st.context.timezone
    try:
        local = moment.astimezone(ZoneInfo(zone) if zone else None)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a browser may send anything
        local = moment.astimezone()
    return local.replace(tzinfo=None)


def about(seconds: float) -> str:
    """A duration, such as "20 s", "25 min" or "2 h": no more exact than an estimate is."""
    step = next((step for limit, step in _STEPS_S if seconds <= limit), _HOUR_S)
    rounded = max(step, step * round(seconds / step))
    if step >= _HOUR_S:
        return _("{n} h").format(n=rounded // _HOUR_S)
    if step >= _MINUTE_S:
        return _("{n} min").format(n=rounded // _MINUTE_S)
    return _("{n} s").format(n=rounded)
