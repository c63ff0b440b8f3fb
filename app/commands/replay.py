"""`flask replay --case N`: decides the posts of a case again and prints what differs. It changes nothing."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from app.cli import ReadableCommand
from app.console import at_console
from app.extensions import house
from app.rulebooks import RulebookCache
from casework import tokens
from casework.access import visibility
from casework.refusals import NoSuchCase
from casework.roles import Role
from casework.store.decisions import Decision
from casework.store.packs import active_ref
from casework.store.replays import DecidedPost, decided_posts
from casework.understanding.again import Gist, differences, judged_again
from rules.rulebook import Rulebook


@click.command("replay", cls=ReadableCommand)
@click.option("--case", "case", required=True, help="printed number of the case, the figure in it, or its id")
@with_appcontext
def replay(case: str) -> None:
    """Decide every post of a case again, with the pack of its decision and with the pack in force.

    Exit code 0: all decisions are the same; 1: one differs in disposition, grade, findings or route.
    """
    home = house()
    packs = RulebookCache(home.county)
    with home.transactions.read(at_console(home.county, Role.DUTY_OFFICER)) as uow:
        posts = decided_posts(uow.session, visibility(uow.actor), case)
        if posts is None:
            raise NoSuchCase(case)
        now = active_ref(uow.session, uow.county, uow.now)
        refs = {one.decision.pack_ref for one in posts if one.decision} | ({now} if now else set())
        books = {ref: packs.of(uow.session, ref) for ref in sorted(refs)}
    tokens.load(home.settings.data_dir / "jieba")
    changed = sum([_replayed(one, books, now or "") for one in posts])
    click.echo(f"网帖 {len(posts)}，有差异 {changed} / posts {len(posts)}, different {changed}")
    if changed:
        raise SystemExit(1)


def _replayed(one: DecidedPost, books: dict[str, Rulebook], now: str) -> bool:
    """Print what becomes of one post; return whether anything differs."""
    click.echo(f"网帖 {one.post.id}")
    if one.decision is None:
        click.echo("  由人工处理，没有研判记录 / never judged by rules")
        return False
    kept = gist_of(one.decision)
    click.echo(f"  原判定      {_shown(kept)}")
    differs = False
    for label, ref in (("原规则包", kept.pack_ref), ("现行规则包", now)):
        if not ref:
            continue
        again = judged_again(
            one.post,
            books[ref],
            decided_at=one.decision.decided_at,
            context=one.decision.context,
            words=tokens.word_starts,
        )
        found = differences(kept, again)
        differs = differs or bool(found)
        click.echo(f"  {label}  {_shown(again)}")
        for what in found or ():
            click.echo(f"    {what.zh} / {what.en}")
    return differs


def gist_of(decision: Decision) -> Gist:
    """Return what a stored decision comes to."""
    return Gist(
        pack_ref=decision.pack_ref,
        disposition=decision.disposition,
        grade=decision.grade.value if decision.grade else None,
        rules=tuple(sorted({finding.rule for finding in decision.findings})),
        lead=decision.routing.lead,
        assist=tuple(sorted(decision.routing.assist)),
    )


def _shown(gist: Gist) -> str:
    rules = " ".join(gist.rules) or "—"
    return f"{gist.pack_ref}  {gist.disposition}  {gist.grade or '—'}  主办 {gist.lead or '—'}  规则 {rules}"
