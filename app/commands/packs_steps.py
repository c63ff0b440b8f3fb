"""`flask packs …`, the steps for which a named person answers: he types his password, here as in the web.

So one person at the console is one person: nobody approves what he wrote by naming somebody else.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from app.accounts.sign_in import check_code, check_password
from app.commands.packs import DRAFT, content_of, packs
from app.extensions import house
from app.packs.exchange import import_bundle, open_bundle
from app.rulebooks import RulebookCache
from casework import tokens
from casework.access import Actor
from casework.desk.backtesting import ask_backtest, cancel_backtest
from casework.desk.drafting import (
    approve,
    counted_in,
    draft_from,
    edit_file,
    examine,
    files_to_check,
    note_check,
    reject,
    submit,
    withdraw,
)
from casework.desk.publishing import publish_draft, take_back
from casework.desk.shadowing import start_shadow
from casework.desk.unit import UnitOfWork
from casework.pack_refusals import NoSuchPack
from casework.store.drafts import find_draft
from casework.store.packs import find_ref
from casework.store.sample_texts import sample_texts
from rules.guarded import load_guarded
from rules.problem import Level

CLIENT = "console"
_COUNTY_TIME = ZoneInfo("Asia/Shanghai")

who = click.option(
    "--as", "login", required=True, help="account that answers for it; its password is asked for"
)
why = click.option("--reason", required=True, help="kept with the step")
when = click.option(
    "--at",
    type=click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]),
    help="county time, such as 2026-12-01T08:00; now if left out",
)
draft = click.argument("draft_id", type=click.UUID)


def signed_in(login: str) -> Actor:
    """Return the person behind a login, who types the password and, where there is one, the code."""
    home = house()
    password = click.prompt(f"{login} 的密码 password", hide_input=True, err=True)
    account = check_password(home, login, password, client=CLIENT)
    if account is not None and account.has_factor:
        code = click.prompt("动态口令 code", err=True)
        account = check_code(home, account.id, code, client=CLIENT)
    if account is None:
        raise click.ClickException(
            "登录名、密码或动态口令不对，或账号已锁定 / login, password or code do not fit"
        )
    if account.needs_new_password(home.wall_time()):
        raise click.ClickException("密码须先在网页上更换 / change the password in the web first")
    return account.actor()


@packs.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@who
@click.option("--title", default="", help="what the draft is about")
def take_in(file: Path, login: str, title: str) -> None:
    """Take a pack file in as a draft, which then goes every step like one that was written here."""
    home = house()
    bundle = open_bundle(content_of(file), home.settings)
    click.echo(bundle.origin)
    with home.transactions.write(signed_in(login)) as uow:
        draft_id = import_bundle(uow, bundle, title=title)
    click.echo(f"{DRAFT}{draft_id}")


@packs.command("draft")
@click.argument("named")
@who
@click.option("--title", required=True, help="what the change is about")
def begin(named: str, login: str, title: str) -> None:
    """Begin a draft with the files of a stored pack (reference or `id@version`)."""
    with house().transactions.write(signed_in(login)) as uow:
        ref = find_ref(uow.session, uow.county, named)
        if ref is None:
            raise NoSuchPack(named)
        draft_id = draft_from(uow, ref, title=title)
    click.echo(f"{DRAFT}{draft_id}")


@packs.command("put")
@draft
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@who
def put(draft_id: uuid.UUID, file: Path, login: str) -> None:
    """Replace the file of that name in a draft."""
    text = content_of(file).decode("utf-8", errors="surrogateescape")
    _take(
        draft_id,
        login,
        lambda uow, version: edit_file(uow, draft_id, version=version, name=file.name, text=text),
    )


@packs.command("check")
@draft
@who
def check(draft_id: uuid.UUID, login: str) -> None:
    """Check a draft and print every problem; exit code 1 if it has an error."""
    home, actor = house(), signed_in(login)
    tokens.load(home.settings.data_dir / "jieba")
    with home.transactions.read(actor) as uow:
        version = find_draft(uow.session, uow.county, draft_id).version
        files = files_to_check(uow, draft_id)
        texts = sample_texts(uow.session, uow.county)
    loaded = load_guarded(files)  # outside every transaction: it takes a second
    found = counted_in(examine(files, tokens.word_starts, loaded), loaded.pack, texts)
    with home.transactions.write(actor) as uow:
        note_check(uow, draft_id, version=version, found=found)
    for problem in found.problems:
        click.echo(f"{problem.level}: {problem}")
    if any(problem.level is Level.ERROR for problem in found.problems):
        raise SystemExit(1)


@packs.command("backtest")
@draft
@who
@click.option("--from", "since", type=click.DateTime(["%Y-%m-%d"]), help="first day; 30 days ago if left out")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="last day; today if left out")
@click.option("--cancel", is_flag=True, help="end the one that waits or runs")
def backtest(
    draft_id: uuid.UUID, login: str, since: datetime | None, until: datetime | None, *, cancel: bool
) -> None:
    """Have a checked draft tried on the posts of a period; `packs show` tells how far it is."""
    if cancel:
        with house().transactions.write(signed_in(login)) as uow:
            click.echo(f"已取消 cancelled: {cancel_backtest(uow, draft_id)}")
        return
    home = house()
    today = home.now().astimezone(_COUNTY_TIME).date()
    first = since.date() if since else today - timedelta(days=30)
    end = _midnight((until.date() if until else today) + timedelta(days=1))
    _take(
        draft_id,
        login,
        lambda uow, version: ask_backtest(
            uow, draft_id, version=version, period_from=_midnight(first), period_to=end
        ),
    )


@packs.command("shadow")
@draft
@who
@click.option("--days", default=7, show_default=True)
def shadow(draft_id: uuid.UUID, login: str, days: int) -> None:
    """Let a checked draft run beside the pack in force for some days; it acts on nothing."""
    _take(draft_id, login, lambda uow, version: start_shadow(uow, draft_id, version=version, days=days))


@packs.command("submit")
@draft
@who
@click.option("--note", default="")
def hand_in(draft_id: uuid.UUID, login: str, note: str) -> None:
    """Hand a back-tested draft to another person for approval."""
    _take(draft_id, login, lambda uow, version: submit(uow, draft_id, version=version, note=note))


@packs.command("approve")
@draft
@who
@click.option("--note", default="")
def accept(draft_id: uuid.UUID, login: str, note: str) -> None:
    """Approve a submitted draft; whoever wrote any of it cannot."""
    _take(draft_id, login, lambda uow, version: approve(uow, draft_id, version=version, note=note))


@packs.command("reject")
@draft
@who
@why
def send_back(draft_id: uuid.UUID, login: str, reason: str) -> None:
    """Send a submitted or approved draft back to its author."""
    _take(draft_id, login, lambda uow, version: reject(uow, draft_id, version=version, reason=reason))


@packs.command("withdraw")
@draft
@who
@why
def give_up(draft_id: uuid.UUID, login: str, reason: str) -> None:
    """Give a draft up for good."""
    _take(draft_id, login, lambda uow, version: withdraw(uow, draft_id, version=version, reason=reason))


@packs.command("publish")
@draft
@who
@when
def publish(draft_id: uuid.UUID, login: str, at: datetime | None) -> None:
    """Put an approved draft in force, now or at a time."""
    effective_at = _utc(at)
    _take(
        draft_id,
        login,
        lambda uow, version: publish_draft(uow, draft_id, version=version, effective_at=effective_at),
    )


@packs.command("take-back")
@click.argument("named")
@who
@why
@when
def put_back(named: str, login: str, reason: str, at: datetime | None) -> None:
    """Put an earlier pack (reference or `id@version`) back in force, from now on or from a time ahead.

    With the pack in force and the time of a publication that lies ahead, that publication is called off.
    """
    home, actor = house(), signed_in(login)
    with home.transactions.read(actor) as uow:
        ref = find_ref(uow.session, uow.county, named)
        if ref is None:
            raise NoSuchPack(named)
        RulebookCache(uow.county).of(uow.session, ref)  # one that no longer loads is refused here
    with home.transactions.write(actor) as uow:
        done = take_back(uow, named=ref, reason=reason, effective_at=_utc(at))
    if done.effective_at > uow.now:
        since = f"{done.effective_at.astimezone(_COUNTY_TIME):%Y-%m-%d %H:%M}"
        click.echo(f"将于 {since} 生效 in force from {since}: {done.ref}")
    else:
        click.echo(f"已生效 in force: {done.ref}")


def _take(draft_id: uuid.UUID, login: str, step: Callable[[UnitOfWork, int], object]) -> None:
    """Take a step on a draft as it stands now, and say how it stands then."""
    home, actor = house(), signed_in(login)
    with home.transactions.write(actor) as uow:
        step(uow, find_draft(uow.session, uow.county, draft_id).version)
    with home.transactions.read(actor) as uow:
        now = find_draft(uow.session, uow.county, draft_id)
    click.echo(f"{DRAFT}{draft_id}  {now.state}")


def _utc(at: datetime | None) -> datetime | None:
    return at.replace(tzinfo=_COUNTY_TIME).astimezone(UTC) if at else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), _COUNTY_TIME).astimezone(UTC)
