"""How the feeds are, in one line of the health page: which fail, since when and why."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from app.web.times import county_time
from casework.store.sources import SourceLine
from rules.model import Label

MOST_NAMED = 3
"""Feeds that the line names."""


def verdict_on_feeds(sources: Iterable[SourceLine]) -> tuple[bool, Label]:
    """Return whether every feed that is switched on works, and what is to be said about them."""
    feeds = [line for line in sources if line.is_pulled]
    failing = [line for line in feeds if line.failures]
    if failing:
        told = [_why(line) for line in failing[:MOST_NAMED]]
        return False, Label(
            f"启用订阅 {len(feeds)} 个，其中 {len(failing)} 个拉取失败：{'；'.join(one.zh for one in told)}。"
            "全部来源见“网帖来源”页。",
            f"Feeds switched on: {len(feeds)}, failing: {len(failing)}. {'; '.join(one.en for one in told)}. "
            "The page of sources has them all.",
        )
    if not feeds:
        return True, Label("没有启用的订阅", "No feed is switched on")
    oldest = _when(min((line.last_good_at for line in feeds if line.last_good_at), default=None))
    return True, Label(
        f"启用订阅 {len(feeds)} 个，没有失败的；间隔最久的一个上次成功：{oldest.zh}",
        f"Feeds switched on: {len(feeds)}, none fails; the one least recently pulled succeeded: {oldest.en}",
    )


def _why(line: SourceLine) -> Label:
    since, good = _when(line.failing_since), _when(line.last_good_at)
    said = line.last_run.message if line.last_run else ""
    return Label(
        f"{line.name}自 {since.zh} 起连续失败 {line.failures} 次（上次成功：{good.zh}），"
        f"原因：{said or '未说明'}",
        f"{line.name} has failed {line.failures} times in a row since {since.en} "
        f"(last success: {good.en}): {said or 'no reason given'}",
    )


def _when(at: datetime | None) -> Label:
    return Label(county_time(at), county_time(at)) if at else Label("从未", "never")
