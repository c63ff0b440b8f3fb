"""Instants as people read them: county time, and how far away from now. No deadline is computed here."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Flask, g
from flask_babel import gettext as _

from app.extensions import county_now

COUNTY_ZONE = ZoneInfo("Asia/Shanghai")
_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


def show_times(app: Flask) -> None:
    """Give the templates of `app` the filters for times."""
    app.add_template_filter(county_time, "county_time")
    app.add_template_filter(county_date, "county_date")
    app.add_template_filter(iso, "iso")
    app.add_template_filter(how_far, "how_far")
    app.add_template_global(page_now, "page_now")


def page_now() -> datetime:
    """Return the instant of this page in the county's business, the same for the whole request."""
    if "jianjian_now" not in g:
        g.jianjian_now = county_now()
    now: datetime = g.jianjian_now
    return now


def county_time(instant: datetime | None) -> str:
    """Return `2026-11-23 14:05` in county time; empty for None."""
    return instant.astimezone(COUNTY_ZONE).strftime("%Y-%m-%d %H:%M") if instant else ""


def county_date(day: date | datetime | None) -> str:
    """Return `2026-11-23` in county time; empty for None."""
    if isinstance(day, datetime):
        day = day.astimezone(COUNTY_ZONE).date()
    return day.isoformat() if day else ""


def iso(instant: datetime) -> str:
    """Return the instant in UTC as machines read it."""
    return instant.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def how_far(instant: datetime) -> str:
    """Return the distance from the page's instant in words: 3 小时前, 2 天后."""
    return distance(instant - page_now())


def distance(gap: timedelta) -> str:
    """Return a signed distance in words, rounded down to its largest unit."""
    size = abs(gap)
    if size < _MINUTE:
        return _("刚刚")
    if size < _HOUR:
        count, past, future = size // _MINUTE, _("%(n)s 分钟前"), _("%(n)s 分钟后")
    elif size < _DAY:
        count, past, future = size // _HOUR, _("%(n)s 小时前"), _("%(n)s 小时后")
    else:
        count, past, future = size // _DAY, _("%(n)s 天前"), _("%(n)s 天后")
    return (past if gap < timedelta(0) else future) % {"n": count}
