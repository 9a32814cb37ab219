"""Moments and durations in the visitor's words and time zone."""

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from rnn_demo.app.text import _

_MINUTE_S, _HOUR_S = 60, 3_600
# Up to these limits a duration is rounded to these steps; all in seconds.
_STEPS_S = ((15, 5), (90, 10), (10 * _MINUTE_S, _MINUTE_S), (100 * _MINUTE_S, 5 * _MINUTE_S))
# What browsers call their zone that keep the real one to themselves, such as Tor's.
_HIDDEN_ZONES = {"UTC", "Etc/UTC", "GMT", "Etc/GMT", "Atlantic/Reykjavik"}


def written(moment: datetime) -> str:
    """A moment as "02 Jan 20:04", on the visitor's clock.

    Where the clock of the visitor is not known, "UTC" follows; in the hour that comes twice when
    summer ends, the zone.

    Args:
        moment: aware of its time zone.
    """
    local = moment.astimezone(visitor_zone())
    comes_twice = local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()
    zone = zone_name() or (local.tzname() if comes_twice else "")
    return f"{local:%d %b %H:%M} {zone}".rstrip()


def visitor_zone() -> tzinfo:
    """The visitor's time zone; UTC if it is not known."""
    name = st.context.timezone
    if not name or name in _HIDDEN_ZONES:
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a browser may send anything
        return UTC


def zone_name() -> str:
    """The name of the zone that has to stand beside a time: none if it is the visitor's own."""
    return "UTC" if visitor_zone() is UTC else ""


def about(seconds: float) -> str:
    """A duration, such as "20 s", "25 min" or "2 h": no more exact than an estimate is."""
    step = next((step for limit, step in _STEPS_S if seconds <= limit), _HOUR_S)
    rounded = max(step, step * round(seconds / step))
    if step >= _HOUR_S:
        return _("{n} h").format(n=rounded // _HOUR_S)
    if step >= _MINUTE_S:
        return _("{n} min").format(n=rounded // _MINUTE_S)
    return _("{n} s").format(n=rounded)
