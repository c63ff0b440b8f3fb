"""Whether a unit is only spoken to: greeted, asked to act, or told. All else may be an accusation of it.

It looks at a few characters round the name and leans to one side: a unit that is taken for accused merely
does not get the post, a unit that is wrongly taken for addressed would get what is said against it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from rules.model import Span

_BACK, _AHEAD = 24, 16  # characters round a name that are looked at
_JOINTS = frozenset({"", "、", "和", "与", "及", "/", " "})  # 纪委监委, 纪委和监委: one name

_ASKED = "请求|恳请|恳求|敬请|请|希望|盼望|渴望|盼|望|建议|要求|呼吁|求|由"
_TOLD = "移交|移送|转交|交给|报告|致|向"
_NEAR = "(?:[\u4e00-\u9fff]{2,3}[省市县区])?(?:[省市县区本我们]|上级|有关|相关|当地|各级){0,4}$"  # 请上级纪委

_SALUTED = re.compile(f"(?:尊敬的|敬爱的){_NEAR}")
_SPOKEN_TO = re.compile(f"(?:{_ASKED}|{_TOLD}){_NEAR}")
_REPORTED_AT = re.compile(f"(?:向|到|在|给|找|跟|去){_NEAR}")
_BLAMED = re.compile(f"(?:举报|检举|控告|揭发|投诉|查处|严查|彻查){_NEAR}")
_ASKS = re.compile(_ASKED)
_CLAUSE = re.compile("[。，,；;！!？?：:\n]")

_RANK = "副?书记|副?主任|常委|委员|组长|科长"
_PERSON = f"(?:的)?(?:[一-鿿]?某[一-鿿]?|[一-鿿]?(?:{_RANK})|干部|工作人员|人员|领导|同志)"
_GIVEN = re.compile(f"(?:{_PERSON})?(?:行贿|送|塞|打点|进贡|给钱|塞钱)")
_SOMEBODY_OF = re.compile(_PERSON)
_GREETING = re.compile(f"(?:{_PERSON})?(?:们)?[ 　]*(?:您好|你好|：|:)")
_ACTS = re.compile(
    f"(?:{_PERSON})?(?:机关|部门|们)?"
    "(?:能够|能|可以|尽快|尽早|及时|早日|立即|马上|严肃|依法|认真|一定|务必|应该|应当|应|要|来|对此|予以|进行|派人|介入){0,4}"
    "(?:调查|查处|查办|彻查|严查|查清|查明|核查|核实|审查|介入|立案|受理|处理|问责|惩处|严惩|追究|督办|过问|关注)"
    "(?!组|人员|员|干部|室|科|不|走|敷衍|时|期间|过程|结果)"
)
_HEARS = re.compile(
    "(?:机关|部门)?(?:实名|书面|多次|当面|写信|去信){0,2}(?:举报|反映|检举|控告|揭发|投诉|写信|报案|申诉|信访)(?!中心|室|人员|员)"
)


def is_only_addressed(spans: Iterable[Span], parts: dict[str, str]) -> bool:
    """Return whether a unit is merely spoken to wherever a post names it.

    | the post | only addressed |
    |---|---|
    | 希望纪委监委调查, 请有关部门和纪委查处 | yes: asked to act |
    | 移交纪委, 已向纪委举报, 到县纪委反映过 | yes: told |
    | 尊敬的纪委领导, 县纪委：您好 | yes: greeted |
    | 纪委某干部收钱, 要求纪委干部退钱, 举报纪委, 向纪委送钱 | no |

    Args:
        spans: where the post names the unit.
        parts: title and text as written.
    """
    return all(_is_addressed(span, parts[span.part]) for span in _names(spans, parts))


def _names(spans: Iterable[Span], parts: dict[str, str]) -> list[Span]:
    """Return the spans with those of one name joined."""
    names: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.part, one.start)):
        last = names[-1] if names else None
        if last and last.part == span.part and parts[span.part][last.end : span.start] in _JOINTS:
            names[-1] = Span(start=last.start, end=max(last.end, span.end), part=last.part)
        else:
            names.append(span)
    return names


def _is_addressed(name: Span, written: str) -> bool:
    before = written[max(0, name.start - _BACK) : name.start]
    clause = _CLAUSE.split(before)[-1]
    after = written[name.end : name.end + _AHEAD]
    if _BLAMED.search(clause) or _GIVEN.match(after):
        return False
    if _SALUTED.search(clause) or _GREETING.match(after):
        return True
    if _ACTS.match(after) and _ASKS.search(clause):
        return True
    if _HEARS.match(after) and _REPORTED_AT.search(clause):
        return True
    return bool(_SPOKEN_TO.search(clause)) and not _SOMEBODY_OF.match(after)
