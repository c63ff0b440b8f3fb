"""How the installation is: every check with its state, what was measured and what to do.

The verdicts are pure; only `measure` asks the database and the queue. It repairs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.extensions import database_answers
from app.feed_health import verdict_on_feeds
from app.parts import House
from app.web.times import county_time
from casework.access import CountyId, machine
from casework.store import wellbeing
from casework.store.sources import SourceLine, source_lines
from rules.model import Label

BEAT_LATE = timedelta(seconds=90)
"""A process beats once a minute; half a minute of grace."""
OUTBOX_LATE = timedelta(minutes=2)
"""The sweep finds each minute what a lost ring left, so nothing waits longer in good health."""
STALL_CHECK_LATE = timedelta(minutes=5)
"""The sweep checks each minute, once its steps are taken; a drain takes five minutes at most."""
HORIZON_NEAR = timedelta(days=60)
"""The longest limit of the default pack, 15 working days with one extension, stays within 60 days."""


class Condition(StrEnum):
    """How a check came out. WARNING does not make `/healthz` fail."""

    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Check:
    """One check.

    Attributes:
        name: stable, for `/healthz`.
        advice: what was measured, and what to do if it is not good.
    """

    name: str
    title: Label
    condition: Condition
    advice: Label


@dataclass(frozen=True, slots=True)
class Measured:
    """What was found.

    Attributes:
        database: it answered; nothing else is known if it did not.
        beats: process name to its last beat.
        oldest_unsent: of the outbox, None when it is empty.
        stalled: cases that the last stall check found, None where there was none yet.
        announced_until: last day of the last calendar year that was announced, None without a pack.
        sources: with the last run of each.
    """

    now: datetime
    database: bool
    queue: bool
    beats: Mapping[str, datetime]
    oldest_unsent: datetime | None
    stalled: int | None
    announced_until: date | None
    sources: tuple[SourceLine, ...] = ()


def measure(home: House) -> Measured:
    """Ask database and queue; a database that does not answer is a finding, not an error."""
    queue = home.parts.queue.answers()
    if not database_answers(home):
        return Measured(
            home.wall_time(),
            database=False,
            queue=queue,
            beats={},
            oldest_unsent=None,
            stalled=None,
            announced_until=None,
        )
    with home.transactions.read(machine(CountyId(home.county))) as uow:
        return Measured(
            now=uow.now,
            database=True,
            queue=queue,
            beats=wellbeing.last_beats(uow.session),
            oldest_unsent=wellbeing.oldest_unsent(uow.session, uow.county),
            stalled=wellbeing.last_stalled(uow.session),
            announced_until=home.parts.announced_until(uow),
            sources=source_lines(uow.session, uow.county),
        )


def verdicts(found: Measured) -> tuple[Check, ...]:
    """Return every check in the order of the page."""
    return (
        _database(found),
        _queue(found),
        _beat(found, "worker", Label("后台处理进程", "Worker")),
        _beat(found, "scheduler", Label("定时进程", "Scheduler")),
        _outbox(found),
        _stalls(found),
        _calendar(found),
        _sources(found),
    )


def is_serving(checks: tuple[Check, ...]) -> bool:
    """Return whether no check is bad."""
    return all(check.condition is not Condition.BAD for check in checks)


def _database(found: Measured) -> Check:
    title = Label("数据库", "Database")
    if found.database:
        return Check("database", title, Condition.GOOD, Label("正常应答", "Answers"))
    return Check(
        "database",
        title,
        Condition.BAD,
        Label("没有应答：请检查数据库服务与 DATABASE_URL。", "No answer: check the server and DATABASE_URL."),
    )


def _queue(found: Measured) -> Check:
    title = Label("队列服务", "Queue server")
    if found.queue:
        return Check("queue", title, Condition.GOOD, Label("正常应答", "Answers"))
    return Check(
        "queue",
        title,
        Condition.WARNING,
        Label(
            "没有应答：新网帖会晚些处理，不会丢失。请检查队列服务与 REDIS_URL。",
            "No answer: posts are handled late, none is lost. Check the server and REDIS_URL.",
        ),
    )


def _beat(found: Measured, process: str, title: Label) -> Check:
    last = max((at for name, at in found.beats.items() if name.startswith(process)), default=None)
    if last is None:
        return Check(
            process,
            title,
            Condition.WARNING,
            Label("从未运行过：请启动它。", "Has never run: start it."),
        )
    seconds = int((found.now - last).total_seconds())
    if found.now - last <= BEAT_LATE:
        return Check(process, title, Condition.GOOD, Label(f"{seconds} 秒前有心跳", f"Beat {seconds} s ago"))
    return Check(
        process,
        title,
        Condition.WARNING,
        Label(
            f"已 {seconds} 秒没有心跳：请查看它的日志并重启。",
            f"No beat for {seconds} s: look at its log and start it again.",
        ),
    )


def _outbox(found: Measured) -> Check:
    title = Label("待发事项", "Outbox")
    if found.oldest_unsent is None:
        return Check("outbox", title, Condition.GOOD, Label("没有积压", "Nothing is waiting"))
    seconds = int((found.now - found.oldest_unsent).total_seconds())
    if found.now - found.oldest_unsent <= OUTBOX_LATE:
        return Check(
            "outbox",
            title,
            Condition.GOOD,
            Label(f"最早一项等待 {seconds} 秒", f"The oldest waits {seconds} s"),
        )
    return Check(
        "outbox",
        title,
        Condition.WARNING,
        Label(
            f"最早一项已等待 {seconds} 秒：请检查后台处理进程。",
            f"The oldest waits {seconds} s: look at the worker.",
        ),
    )


def _stalls(found: Measured) -> Check:
    title = Label("停滞检查", "Stall check")
    at = found.beats.get(wellbeing.STALL_CHECK)
    if at is None or found.stalled is None:
        return Check(
            "stalls",
            title,
            Condition.WARNING,
            Label("从未检查过：请检查定时进程与后台处理进程。", "Never made: look at scheduler and worker."),
        )
    when = county_time(at)
    if found.now - at > STALL_CHECK_LATE:
        return Check(
            "stalls",
            title,
            Condition.WARNING,
            Label(
                f"上次检查 {when}，已超过 5 分钟：请检查定时进程与后台处理进程。",
                f"Last made {when}, more than 5 minutes ago: look at scheduler and worker.",
            ),
        )
    if found.stalled:
        return Check(
            "stalls",
            title,
            Condition.WARNING,
            Label(
                f"上次检查 {when}，停滞舆情件 {found.stalled} 件：已列入人工研判台，请督促处理。",
                f"Last made {when}; cases stalled: {found.stalled}. They are on the person's desk.",
            ),
        )
    return Check(
        "stalls",
        title,
        Condition.GOOD,
        Label(f"上次检查 {when}，没有停滞的舆情件", f"Last made {when}; no case is stalled"),
    )


def _calendar(found: Measured) -> Check:
    title = Label("工作日历", "Calendar")
    until = found.announced_until
    if until is None:
        return Check(
            "calendar",
            title,
            Condition.WARNING,
            Label("没有生效的规则包。", "No rule pack is in force."),
        )
    if until - found.now.date() > HORIZON_NEAR:
        return Check(
            "calendar", title, Condition.GOOD, Label(f"已公布至 {until}", f"Announced until {until}")
        )
    return Check(
        "calendar",
        title,
        Condition.WARNING,
        Label(
            f"仅公布至 {until}，之后的时限为暂定：放假通知发布后请更新规则包。",
            f"Announced until {until}; later limits are provisional. Update the pack with the new notice.",
        ),
    )


def _sources(found: Measured) -> Check:
    is_well, advice = verdict_on_feeds(found.sources)
    condition = Condition.GOOD if is_well else Condition.WARNING
    return Check("sources", Label("网帖来源", "Sources"), condition, advice)
