"""Judging a decided post again, with what was known when it was decided, and what then differs.

The rules are judged by the reference alone. Where the engine raised a grade at the time, that shows as a
difference between the decision and its own pack.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal

from casework.post import PostToJudge
from casework.routing import as_routing
from casework.surroundings import spread_of
from casework.understanding.inputs import NOTHING_KNOWN, Context, PostText
from casework.understanding.propose import propose
from rules.model import Label, Scalar
from rules.post import WordStarts
from rules.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Gist:
    """What a decision comes to.

    Attributes:
        pack_ref: whose rules.
        disposition: case, dismissal or desk.
        grade: key, None for none.
        rules: ids of the rules that fired, sorted.
        lead: unit code, None where a ruling is needed.
        assist: unit codes, sorted.
    """

    pack_ref: str
    disposition: str
    grade: str | None
    rules: tuple[str, ...]
    lead: str | None
    assist: tuple[str, ...]


def judged_again(
    post: PostToJudge,
    book: Rulebook,
    *,
    decided_at: datetime,
    context: Mapping[str, Scalar],
    words: WordStarts,
) -> Gist:
    """Return what a pack makes of a post.

    Args:
        post: with all figures; those seen after the decision are left out.
        book: of the pack.
        decided_at: aware UTC.
        context: as it was kept with the decision: fields of `Context` by name, numbers and dates as text.
        words: word starts of a folded text.
    """
    figures = tuple(seen for seen in post.figures if seen.observed_at <= decided_at)
    spread = spread_of(figures)
    text = PostText(
        title=post.title,
        text=post.text,
        media_level=post.media_level,
        reads=spread.reads,
        likes=spread.likes,
        comments=spread.comments,
        shares=spread.shares,
        growth_24h=spread.growth_24h,
        on_hot_list=spread.on_hot_list,
    )
    proposal = propose(text, book, context=context_of(context), words=words)
    routing = as_routing(proposal.route)
    grade = proposal.verdict.grade
    return Gist(
        pack_ref=book.pack.ref,
        disposition=proposal.verdict.disposition.value,
        grade=grade.value if grade is not None else None,
        rules=tuple(sorted({finding.rule for finding in proposal.findings})),
        lead=routing.lead,
        assist=tuple(sorted(routing.assist)),
    )


def differences(before: Gist, after: Gist) -> tuple[Label, ...]:
    """Return in words what differs between two decisions; empty where only the pack does."""
    found = [
        Label(f"{zh} {old or '无'} → {new or '无'}", f"{en} {old or 'none'} -> {new or 'none'}")
        for zh, en, old, new in (
            ("处置", "disposition", before.disposition, after.disposition),
            ("等级", "grade", before.grade, after.grade),
            ("主办", "lead", before.lead, after.lead),
            ("协办", "assisting", "、".join(before.assist), "、".join(after.assist)),
        )
        if old != new
    ]
    gone, come = set(before.rules) - set(after.rules), set(after.rules) - set(before.rules)
    found += [Label(f"不再触发 {rule}", f"no longer fires {rule}") for rule in sorted(gone)]
    found += [Label(f"新触发 {rule}", f"now fires {rule}") for rule in sorted(come)]
    return tuple(found)


def context_of(kept: Mapping[str, Scalar]) -> Context:
    """Return the context that was kept with a decision; names that no longer exist are left out."""
    values: dict[str, object] = {}
    for name, value in kept.items():
        if name in _DECIMALS:
            values[name] = Decimal(str(value))
        elif name == "on":
            values[name] = date.fromisoformat(value) if isinstance(value, str) else None
        elif name in _CONTEXT:
            values[name] = value
    context: Context = Context(**values)  # type: ignore[arg-type]  # names are those of the fields
    return context


_CONTEXT = frozenset(one.name for one in fields(Context))
_DECIMALS = frozenset(name for name in _CONTEXT if isinstance(getattr(NOTHING_KNOWN, name), Decimal))
