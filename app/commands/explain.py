"""`flask rules explain`: what a text would come to under a pack, and why. Nothing is stored.

With `--pack` it needs no setting, no server and no database; without, it takes the rules in force.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import click
from flask.cli import with_appcontext

from app.cli import ReadableCommand
from app.config import data_directory, process_environment
from app.console import at_console
from app.extensions import house
from casework import tokens
from casework.roles import Role
from casework.understanding.explain import ExplainedText, explain_text
from casework.understanding.explain_json import text_bytes
from casework.understanding.inputs import Context, PostText
from casework.workdays import local_day
from rules.explained import ExplainedCondition, ExplainedRule, ExplainedTest
from rules.model import Label
from rules.pack import load_pack
from rules.rulebook import Rulebook
from rules.value_words import GRADE_WORDS

STANDARD_INPUT = "-"
_DISPOSITIONS = {
    "case": Label("立案", "opens a case"),
    "dismissal": Label("不立案", "no case"),
    "desk": Label("转人工研判", "goes to a person"),
}


@click.command("explain", cls=ReadableCommand)
@click.option("--text", required=True, help="the text; - reads it from standard input")
@click.option("--title", default="", help="its title")
@click.option(
    "--pack",
    "packdir",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="folder of a rule pack; the rules in force if left out",
)
@click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="day for dates of effect and service periods; else today, or none with --pack",
)
@click.option("--json", "as_json", is_flag=True, help="print one line of JSON, with sorted names")
@with_appcontext
def explain(text: str, title: str, packdir: Path | None, on: datetime | None, *, as_json: bool) -> None:
    """Print every condition of the rules that fire on a text, and of the nearest that do not."""
    if text == STANDARD_INPUT:
        text = sys.stdin.buffer.read().decode("utf-8", "replace")
    book, today = (_book_of(packdir), None) if packdir is not None else _in_force()
    found = explain_text(
        PostText(title=title, text=text),
        book,
        context=Context(on=on.date() if on is not None else today),
        words=tokens.on_demand(data_directory(process_environment()) / "jieba"),
    )
    if as_json:
        click.echo(text_bytes(found).decode())
        return
    for line in _lines(found, title, text):
        click.echo(line)


def _book_of(packdir: Path) -> Rulebook:
    loaded = load_pack(packdir)
    if loaded.pack is None:
        raise click.ClickException(
            f"规则包有错误（{len(loaded.problems)} 处），请用 flask rules check {packdir} 逐条检查"
            f" / the pack has {len(loaded.problems)} errors: see `flask rules check {packdir}`"
        )
    return Rulebook(loaded.pack)


def _in_force() -> tuple[Rulebook, date]:
    """Return the rules in force and the day at the county."""
    home = house()
    with home.transactions.read(at_console(home.county, Role.DUTY_OFFICER)) as uow:
        return uow.rulebook, local_day(uow.now)


def _lines(found: ExplainedText, title: str, text: str) -> Iterator[str]:
    told = found.explained
    grade = _both(GRADE_WORDS[told.grade.value]) if told.grade else "—"
    yield f"{_both(_DISPOSITIONS[told.disposition])}  {grade}  {told.rules.pack}"
    for why in (told.why.name if told.why else None, found.doubt, *told.advice, *told.routing.reasons):
        if why is not None:
            yield f"  {_both(why)}"
    for topic in found.topics:
        yield f"  主题 topic {topic.share}  {topic.topic.id}  {_both(topic.topic.name)}"
    parts = {"title": title, "text": text}
    for signal in told.signals:
        words = "、".join(
            dict.fromkeys(parts[span.part][span.start : span.end].strip() for span in signal.spans)
        )
        yield f"  特征 signal {_both(signal.title)} = {signal.value}「{words}」"
    yield f"触发的规则 / rules that fire: {len(told.rules.fired)}"
    for rule in told.rules.fired:
        yield from _of_rule(rule)
    yield f"最接近而未触发的 / nearest of the {told.rules.not_fired} that do not:"
    for rule in told.rules.nearest:
        yield from _of_rule(rule)


def _of_rule(rule: ExplainedRule) -> Iterator[str]:
    short = "" if rule.fired else f"  差 {rule.unmet} 项 / {rule.unmet} short"
    yield f"  {rule.rule}  {_both(rule.title)} → {_both(rule.conclusion_words)}{short}"
    yield f"    依据 clause: {rule.clause}"
    if not rule.in_effect:
        yield f"    不在生效期内 / not in effect: {rule.effective_from or ''}..{rule.effective_to or ''}"
    yield from _of_condition(rule.condition, "    ")


def _of_condition(condition: ExplainedCondition, indent: str) -> Iterator[str]:
    mark = "✓" if condition.met else "✗"
    if isinstance(condition, ExplainedTest):
        yield f"{indent}{mark} {_both(condition.words)}（{_both(condition.seen_words)}）"
        return
    yield f"{indent}{mark} {_both(condition.words)}"
    for member in condition.members:
        yield from _of_condition(member, indent + "  ")


def _both(label: Label) -> str:
    return f"{label.zh} / {label.en}"
