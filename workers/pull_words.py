"""What is written about a pull: what was left, what came without its date, what was refused and which it was.

Of an item only its place and the beginning of its title are named, masked as on pages; its text never.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from casework.masking import masked
from rules.model import Label
from workers.feeds import MOST_ITEMS

MOST_NAMED = 10  # items, of one reason
TITLE_SHOWN = 12
"""Characters of a title. Enough to find the item again; a whole title may say who complains of whom."""


@dataclass(frozen=True, slots=True)
class Refused:
    """An item that was not taken.

    Attributes:
        position: in the feed, from 1.
        title: as the feed has it; may be empty.
    """

    position: int
    title: str
    why: Label


def pull_message(*, left: int, beyond: int, undated: int, refused: Sequence[Refused]) -> str:
    """Return what stands beside a run; empty where everything was taken as it came.

    Args:
        left: items that the next pull goes on with.
        beyond: items that no pull looks at, because the feed is too long.
        undated: items taken without a date, because theirs cannot be right.
        refused: those that were not taken.
    """
    parts: list[str] = []
    if left:
        parts.append(f"还有 {left} 条留待下次拉取 / {left} items are left to the next pull")
    if beyond:
        parts.append(
            f"订阅太长，每次只看前 {MOST_ITEMS} 条，其后 {beyond} 条没有看，请发布方缩短 / "
            f"the feed is too long: the first {MOST_ITEMS} items are looked at, {beyond} after them not; "
            "ask for a shorter one"
        )
    if undated:
        parts.append(
            f"{undated} 条的日期不可用，已按没有日期收下 / "
            f"{undated} items were taken without their date, which cannot be read or cannot be right"
        )
    reasons = dict.fromkeys(one.why for one in refused)
    parts += [_refusals([one for one in refused if one.why == why], why) for why in reasons]
    return "；".join(parts)


def _refusals(refused: Sequence[Refused], why: Label) -> str:
    ordered = sorted(refused, key=lambda one: one.position)
    more = len(ordered) - MOST_NAMED
    named = "、".join(_name(one) for one in ordered[:MOST_NAMED])
    places = ", ".join(str(one.position) for one in ordered[:MOST_NAMED])
    also_zh, also_en = (f"等 {len(ordered)} 条", f" and {more} more") if more > 0 else ("", "")
    return f"拒收 {named}{also_zh}：{why.zh} / refused, item {places}{also_en}: {why.en}"


def _name(one: Refused) -> str:
    title = " ".join(masked(one.title).split())
    shown = title if len(title) <= TITLE_SHOWN else f"{title[:TITLE_SHOWN]}…"
    return f"第 {one.position} 条“{shown}”" if shown else f"第 {one.position} 条（无标题）"
