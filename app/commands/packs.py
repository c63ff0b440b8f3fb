"""`flask packs …`: versions of the rules, what differs between them, and files that counties exchange.

Steps for which a named person answers are in `packs_steps`.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from app.cli import ReadableGroup
from app.config import SettingsError
from app.console import at_console
from app.extensions import house
from app.packs.bundle import LARGEST_BUNDLE
from app.packs.exchange import export_pack, open_bundle
from app.packs.manifest import own_public_key, shown_key
from app.rulebooks import RulebookCache
from casework.access import Permission, require
from casework.desk.unit import UnitOfWork
from casework.pack_refusals import BundleRefused, NoSuchDraft, NoSuchPack
from casework.packs import STATE_LABELS
from casework.roles import Role
from casework.store.backtests import BacktestState, backtests_of
from casework.store.drafts import draft_history, draft_lines, find_draft
from casework.store.packs import activations, active_ref, find_ref, pack_lines
from rules.backtest_report import report_of
from rules.diff import differences
from rules.guarded import load_guarded
from rules.model import Pack

packs = ReadableGroup("packs", help="Versions and drafts of the rules.")

_COUNTY_TIME = ZoneInfo("Asia/Shanghai")
DRAFT = "draft:"
MOST_SHOWN = 20


@packs.command("list")
def show_all() -> None:
    """List the stored packs with the times from which they were in force, then the drafts."""
    home = house()
    with home.transactions.read(at_console(home.county, Role.DIRECTOR)) as uow:
        require(uow.actor, Permission.RULES_VIEW)
        now = active_ref(uow.session, uow.county, uow.now)
        lines, times = pack_lines(uow.session, uow.county), activations(uow.session, uow.county)
        drafts = draft_lines(uow.session, uow.county)
    for line in lines:
        mark = "*" if line.ref == now else " "
        since = " ".join(_local(one.effective_at) for one in times if one.ref == line.ref)
        click.echo(f"{mark} {_short(line.ref):<40} {since or '—'}")
    for draft in drafts:
        state = STATE_LABELS[draft.state]
        click.echo(
            f"  {DRAFT}{draft.id}  {_short(draft.ref)}  {state.zh} {state.en}  {draft.author}  {draft.title}"
        )


@packs.command("show")
@click.argument("draft_id", type=click.UUID)
def show(draft_id: uuid.UUID) -> None:
    """Show a draft: its steps, and what its newest back-test found."""
    home = house()
    with home.transactions.read(at_console(home.county, Role.DIRECTOR)) as uow:
        draft = find_draft(uow.session, uow.county, draft_id)
        history = draft_history(uow.session, draft_id)
        tried = backtests_of(uow.session, uow.county, draft_id)
        pack = load_guarded({name: text.encode() for name, text in draft.files.items()}).pack
    state = STATE_LABELS[draft.state]
    click.echo(f"{draft.title}  {_short(draft.ref)}  {state.zh} {state.en}  version {draft.version}")
    for event in history:
        about = " ".join(word for word in (event.file or "", event.note) if word)
        click.echo(f"  {_local(event.at)}  {event.step:<12} {event.editor}  {about}")
    for one in tried[:1]:
        seconds = one.milliseconds / 1000
        click.echo(f"回测 back-test: {one.state} {one.done}/{one.total}  {seconds:.1f} s  {one.problem}")
        if one.state is BacktestState.DONE and not one.done:
            click.echo("  没有比对到任何网帖 no post was compared")
        if one.is_outdated:
            click.echo("  结果作于保密件不计入之前 counted confidential posts: run it again")
            continue
        report = report_of(one.tally, pack)
        click.echo(f"  有变化 changed: {report.changed}  无法研判 failed: {report.failed}")
        for change in report.changes[:MOST_SHOWN]:
            click.echo(
                f"  {change.aspect:<12} {change.before or '—'} → {change.after or '—'}: {change.count}"
            )
        for unit in report.units[:MOST_SHOWN]:
            click.echo(f"  {unit.unit:<24} {unit.before} → {unit.after} ({unit.more:+d})")
        click.echo(f"  从未触发 never fired: {' '.join(report.never_fired) or '—'}")


@packs.command("diff")
@click.argument("old")
@click.argument("new")
def diff(old: str, new: str) -> None:
    """Print in words what differs between two packs: references, `id@version`, or `draft:ID`.

    Exit code 0: nothing differs; 1: something does.
    """
    home = house()
    with home.transactions.read(at_console(home.county, Role.DIRECTOR)) as uow:
        require(uow.actor, Permission.RULES_VIEW)
        before, after = _pack(uow, old), _pack(uow, new)
    found = differences(before, after)
    for change in found:
        click.echo(f"{change.zh}\n    {change.en}")
    click.echo(f"差异 {len(found)} 处 / differences: {len(found)}", err=True)
    if found:
        raise SystemExit(1)


@packs.command("export")
@click.argument("named")
@click.option(
    "--to", type=click.Path(path_type=Path), help="file to write; a name made of id and version if left out"
)
def export(named: str, to: Path | None) -> None:
    """Write a stored pack (reference or `id@version`) as one signed file that other counties can check."""
    home = house()
    with home.transactions.write(at_console(home.county, Role.DIRECTOR)) as uow:
        out = export_pack(uow, named, home.settings)
    path = to or Path(out.name)
    try:
        with path.open("xb") as file:
            file.write(out.content)
    except FileExistsError:
        raise click.ClickException(f"{path} 已存在 exists already: choose another with --to") from None
    signed = "已签名 signed" if out.is_signed else "未签名 NOT signed (JIANJIAN_PACK_SIGNING_KEY)"
    click.echo(f"{path}  {out.ref}  {signed}")


@packs.command("key")
def key() -> None:
    """Print this installation's public key for the JIANJIAN_PACK_TRUSTED_KEYS of others."""
    signing = house().settings.pack_signing_key
    if signing is None:
        raise SettingsError(("JIANJIAN_PACK_SIGNING_KEY is not set: see docs/rules/publishing.md",))
    click.echo(shown_key(own_public_key(signing)))


@packs.command("verify")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def verify(file: Path) -> None:
    """Say what a pack file holds and who signed it, without taking it in; exit code 1 if it is refused."""
    bundle = open_bundle(content_of(file), house().settings)
    click.echo(bundle.origin)


def content_of(file: Path) -> bytes:
    """Return a file's bytes, no more than may be looked at."""
    with file.open("rb") as stream:
        return stream.read(LARGEST_BUNDLE + 1)


def _pack(uow: UnitOfWork, named: str) -> Pack:
    """Return a stored pack or a draft as it would be published."""
    if named.startswith(DRAFT):
        draft = find_draft(uow.session, uow.county, _id(named.removeprefix(DRAFT)))
        loaded = load_guarded({name: text.encode() for name, text in draft.files.items()})
        if loaded.draft is None:
            raise BundleRefused(
                f"草稿有错误：{loaded.problems[0]}", f"the draft has errors: {loaded.problems[0]}"
            )
        return loaded.draft
    ref = find_ref(uow.session, uow.county, named)
    if ref is None:
        raise NoSuchPack(named)
    return RulebookCache(uow.county).of(uow.session, ref).pack


def _id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise NoSuchDraft(text) from None


def _short(ref: str) -> str:
    name, _, digest = ref.partition("+")
    return f"{name}+{digest.removeprefix('sha256:')[:12]}"


def _local(at: datetime) -> str:
    return f"{at.astimezone(_COUNTY_TIME):%Y-%m-%d %H:%M}"
