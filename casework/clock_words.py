"""How a deadline was counted, in one line: the same words on the page of a case and on its dispatch slip.

It counts nothing: `clocks.due` did, and the line sums up its table.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from casework.clocks import NIGHT, Clock, ClockEventKind, Due
from casework.counting import LAST_DAY, START_DAY, SumLine, limit_words
from casework.workdays import CHINA, local_day
from rules.model import Label, Limit

_REDO = Label("退回重办后另给时限", "with the limit of a redo")
_BEGINS = frozenset({ClockEventKind.STARTED, ClockEventKind.REGRADED})
_UNTOLD = frozenset({NIGHT, START_DAY, LAST_DAY})
_DAY = timedelta(days=1)


def how_counted(clock: Clock, found: Due) -> Label:
    """Return the limit, and what was added to it or left out, in words.

    Args:
        clock: the ledger.
        found: of the same ledger, see `clocks.due`.
    """
    parts = [_limit(clock, found), *_night(clock), *_left_out(found.sum), *_changes(clock)]
    return Label("；".join(part.zh for part in parts), "; ".join(part.en for part in parts))


def _limit(clock: Clock, found: Due) -> Label:
    promised = clock.allowance
    if not isinstance(promised, Limit):
        if local_day(found.at) > promised:
            return Label(
                f"承诺日期 {promised:%m-%d} 不是工作日，顺延至下一工作日截止",
                f"Promised for {promised:%m-%d}, which is no working day: until the end of the next one",
            )
        return Label("承诺日期当日截止", "Until the end of the promised day")
    words = limit_words(promised)
    return Label(f"交办后{_tight(words.zh)}", f"{words.en} after dispatch")


def _night(clock: Clock) -> Iterator[Label]:
    waits = [event.until for event in clock.events if event.kind in _BEGINS and event.until is not None]
    if waits:
        local = waits[-1].astimezone(CHINA)
        yield Label(f"{NIGHT.zh}，{local:%m-%d %H:%M}起算", f"night: counting begins at {local:%m-%d %H:%M}")


def _left_out(lines: tuple[SumLine, ...]) -> Iterator[Label]:
    """Yield each reason for which time did not count, with how long in all."""
    spans: dict[Label, timedelta] = {}
    for line in lines:
        if not line.is_counted and line.why not in _UNTOLD:
            why = Label(_first(line.why.zh, "：", "，"), _first(line.why.en, ":"))
            spans[why] = spans.get(why, timedelta()) + (line.end - line.start)
    for why, span in spans.items():
        zh, en = _span(span)
        yield Label(f"{why.zh}{_tight(zh)}不计", f"{why.en} ({en}) left out")


def _tight(zh: str) -> str:
    """Return a figure without the blank of the screen: the line is for paper, too, and must be short."""
    return zh.replace(" ", "")


def _first(why: str, *marks: str) -> str:
    """Return a reason without what was written for this one case (中止：…) or said elsewhere (周末，顺延)."""
    for mark in marks:
        why = why.partition(mark)[0]
    return why


def _span(span: timedelta) -> tuple[str, str]:
    if span and not span % _DAY:
        days = span // _DAY
        return f"{days} 天", f"{days} day{'' if days == 1 else 's'}"
    hours = f"{span / timedelta(hours=1):.1f}".removesuffix(".0")
    return f"{hours} 小时", f"{hours} hour{'' if hours == '1' else 's'}"


def _changes(clock: Clock) -> Iterator[Label]:
    """Yield what was decided after the start and moved the due instant."""
    for event in clock.events:
        if event.limit is None:
            continue
        if event.kind is ClockEventKind.EXTENDED:
            more = limit_words(event.limit)
            yield Label(f"批准延期{_tight(more.zh)}", f"extended by {more.en}")
        elif event.kind is ClockEventKind.REGRADED:
            now = limit_words(event.limit)
            yield Label(f"等级调整后改为{_tight(now.zh)}", f"{now.en} after a change of grade")
        elif event.kind is ClockEventKind.REOPENED:
            yield _REDO
