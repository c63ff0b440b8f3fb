"""The sentences of a timeline, made from the kind and the data of a line, in the reader's language.

A kind without a sentence is a mistake that a test finds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from flask_babel import gettext as _

from app.pages.route_words import change_words
from app.pages.screen_words import STAGE_LABELS
from app.web.language import either, in_language
from app.web.page import GRADE_LABELS
from casework.events import EventKind
from casework.outcome import OUTCOME_LABELS, Outcome
from casework.recusal import Seat
from casework.store.timeline import EventLine
from rules.model import Grade, Label, Stage
from rules.value_words import DEMAND_WORDS


@dataclass(frozen=True, slots=True)
class Words:
    """Reads the data of one line."""

    line: EventLine
    units: Mapping[str, Label]

    def text(self, key: str) -> str:
        """Return a value as text, empty where there is none."""
        value = self.line.data.get(key)
        return "" if value is None else str(value)

    def unit(self, key: str = "unit") -> str:
        """Return the name of the unit under `key`."""
        return self.named(self.text(key))

    def named(self, code: str) -> str:
        """Return the name of a unit by its code."""
        return in_language(self.units[code]) if code in self.units else code

    def unit_list(self, key: str) -> str:
        """Return the names of the units under `key`, joined."""
        value = self.line.data.get(key)
        codes = value if isinstance(value, list) else []
        return either("、", ", ").join(map(self.named, codes))

    def routes(self) -> str:
        """Return both values of a changed routing, and the reason."""
        told = change_words(self.text("old"), self.text("new"), self.named) if self.text("new") else ""
        return _with(told, self.text("reason")) if told else self.text("reason")

    def topics(self) -> str:
        """Return topic and class of demand before and after, as far as they changed, and the reason."""
        told = []
        if self.text("topic_old") != self.text("topic_new"):
            old, new = (
                either(self.text(f"title_{when}_zh"), self.text(f"title_{when}_en"))
                or self.text(f"topic_{when}")
                or "—"
                for when in ("old", "new")
            )
            told.append(f"{old} → {new}")
        if self.text("demand_new"):
            old, new = (in_language(DEMAND_WORDS[self.text(f"demand_{when}")]) for when in ("old", "new"))
            told.append(f"{old} → {new}")
        return _with(either("；", "; ").join(told), self.text("reason"))

    def grade(self, key: str) -> str:
        """Return the name of the grade under `key`."""
        value = self.text(key)
        return in_language(GRADE_LABELS[Grade(value)]) if value in set(Grade) else value

    def reason(self) -> str:
        """Return why, in the reader's language where it is kept in both."""
        return either(self.text("reason_zh"), self.text("reason_en")) or self.text("reason")

    def step(self) -> str:
        """Return the title of the step of the ladder, and the clock against which it was taken."""
        title = either(self.text("title_zh"), self.text("title_en")) or self.text("step")
        stage = self.text("stage")
        clock = in_language(STAGE_LABELS[Stage(stage)]) if stage in set(Stage) else ""
        return f"{title} · {clock}" if clock else title

    def source(self) -> str:
        """Return the name of the source of a post."""
        code = self.text("source")
        return in_language(SOURCE_LABELS.get(code, Label(code, code)))

    def resolution(self) -> str:
        """Return how an item of the person's desk was settled, and the remark."""
        key = self.text("resolution")
        return _with(in_language(RESOLUTION_LABELS.get(key, Label(key, key))), self.text("note"))

    def other(self) -> str:
        """Return how another case is named, without its name where this reader may not see it."""
        return self.text("name") or _("另一件")

    def outcome(self) -> str:
        """Return the name of the outcome."""
        value = self.text("outcome")
        return in_language(OUTCOME_LABELS[Outcome(value)]) if value in set(Outcome) else value


def _with(sentence: str, detail: str) -> str:
    return either(f"{sentence}：{detail}", f"{sentence}: {detail}") if detail else sentence


def _opened(words: Words) -> str:
    if not words.text("grade") and words.text("given"):
        return _("立案，人工定为%(grade)s（系统没有建议等级）", grade=words.grade("given"))
    return _("立案，建议等级 %(grade)s", grade=words.grade("grade") or "—")


def _assist(words: Words) -> str:
    units = words.unit_list("assist")
    return _("；协办 %(units)s", units=units) if units else ""


def _asked(words: Words) -> str:
    units = words.unit_list("asked")
    return _("；提请另列 %(units)s，须另一人确认", units=units) if units else ""


def _objected(words: Words) -> str:
    if not words.text("proposed"):
        return _("%(unit)s 提出异议", unit=words.unit())
    return _("%(unit)s 提出异议，建议由 %(other)s 承办", unit=words.unit(), other=words.unit("proposed"))


def _reassigned(words: Words) -> str:
    number = words.text("number")  # lines of before slips were made out anew have none
    if not number:
        return _("改派责任单位")
    return _("改派责任单位，文号 %(number)s", number=number)


def _taken_over(seat: str) -> str:
    match seat:
        case "" | Seat.DISCIPLINE:  # lines of before others could hand a case up name no seat
            return _("由纪检监察机关受理")
        case Seat.HIGHER:
            return _("由上级机关受理")
    return _("已报上级机关受理")


SOURCE_LABELS: Mapping[str, Label] = MappingProxyType(
    {
        "form": Label("手工登记", "registered by hand"),
        "api": Label("接口", "API"),
        "import": Label("表格导入", "imported from a file"),
    }
)
RESOLUTION_LABELS: Mapping[str, Label] = MappingProxyType(
    {
        "opened": Label("立案", "a case was opened"),
        "dismissed": Label("不立案", "dismissed"),
        "attached": Label("并入已有舆情件", "attached to a case"),
        "acknowledged": Label("已知悉", "taken note of"),
        "different": Label("与另一件不是同一事项", "not the same matter as the other case"),
    }
)

_REPORTS: Mapping[str, Callable[[], str]] = MappingProxyType(
    {"first": lambda: _("首报"), "progress": lambda: _("续报"), "final": lambda: _("终报")}
)

SENTENCES: Mapping[EventKind, Callable[[Words], str]] = MappingProxyType(
    {
        EventKind.POST_RECEIVED: lambda w: _("收到网帖（%(source)s）", source=w.source()),
        EventKind.POST_METRICS: lambda w: _(
            "更新传播数据：阅读 %(reads)s，评论 %(comments)s，转发 %(shares)s",
            reads=w.text("reads") or "—",
            comments=w.text("comments") or "—",
            shares=w.text("shares") or "—",
        ),
        EventKind.POST_REVISED: lambda w: _("来文有修改（%(source)s），新旧文字都已保留", source=w.source()),
        EventKind.POST_GONE: lambda _w: _("原帖在来源处已不可见；本件照常办理，不因此办结"),
        EventKind.POST_DISMISSED: lambda w: _with(_("不立案"), w.reason()),
        EventKind.POST_TO_DESK: lambda w: _with(_("转人工研判"), w.reason()),
        EventKind.POST_ATTACHED: lambda w: _with(_("同一事项的网帖并入"), w.reason()),
        EventKind.CASE_OPENED: _opened,
        EventKind.CASE_CONFIRMED: lambda w: (
            _("确认等级 %(grade)s，主办 %(lead)s", grade=w.grade("grade"), lead=w.unit("lead")) + _assist(w)
        ),
        EventKind.GRADE_CORRECTED: lambda w: _with(
            _("等级由 %(old)s 更正为 %(new)s", old=w.grade("old"), new=w.grade("new")), w.text("reason")
        ),
        EventKind.REGRADED: lambda w: _with(
            _("等级由 %(old)s 调整为 %(new)s", old=w.grade("old"), new=w.grade("new")), w.text("reason")
        ),
        EventKind.TOPIC_CORRECTED: lambda w: _with(_("更正主题"), w.topics()),
        EventKind.ROUTE_CORRECTED: lambda w: _with(_("更正责任单位"), w.routes()),
        EventKind.REASSIGNED: lambda w: _with(_reassigned(w), w.routes()),
        EventKind.OBJECTED: lambda w: _with(_objected(w), w.text("reason")),
        EventKind.UPHELD: lambda w: _with(_("裁定：仍由 %(unit)s 主办", unit=w.unit()), w.text("reason")),
        EventKind.UPGRADE_PROPOSED: lambda w: _(
            "新的网帖或传播数据建议等级由 %(old)s 提高到 %(new)s", old=w.grade("from"), new=w.grade("to")
        ),
        EventKind.ARBITRATION_ASKED: lambda w: _with(_("提请裁定主办单位"), w.reason()),
        EventKind.DISPATCHED: lambda w: (
            _("交办 %(lead)s，文号 %(number)s", lead=w.unit("lead"), number=w.text("number")) + _assist(w)
        ),
        EventKind.DOCUMENT_ISSUED: lambda w: _("生成文书 %(number)s", number=w.text("number")),
        EventKind.SIGNED_FOR: lambda w: _("%(unit)s 签收", unit=w.unit()),
        EventKind.REPORT_FILED: lambda w: _(
            "%(unit)s 报送%(kind)s", unit=w.unit(), kind=_REPORTS.get(w.text("kind"), lambda: "")()
        ),
        EventKind.CONTACT_RECORDED: lambda w: (
            _("登记首次联系（主办单位 %(unit)s）", unit=w.unit())
            if w.line.data.get("by_office")
            else _("%(unit)s 登记首次联系", unit=w.unit())
        ),
        EventKind.PUBLIC_REPLY_RECORDED: lambda w: (
            _("登记公开回应（主办单位 %(unit)s）", unit=w.unit())
            if w.line.data.get("by_office")
            else _("%(unit)s 登记公开回应", unit=w.unit())
        ),
        EventKind.REPLIED: lambda w: (
            _("%(unit)s 签发答复（%(outcome)s）", unit=w.unit(), outcome=w.outcome())
            + (_("，承诺 %(day)s 前完成", day=w.text("promised_on")) if w.text("promised_on") else "")
        ),
        EventKind.REPLY_ACCEPTED: lambda w: _with(
            _("验收通过 %(unit)s 的答复", unit=w.unit()), w.text("note")
        ),
        EventKind.REPLY_SENT_BACK: lambda w: _with(
            _("退回 %(unit)s 重办（第 %(redo)s 次）", unit=w.unit(), redo=w.text("redo")), w.text("reason")
        ),
        EventKind.COMMITMENT_MADE: lambda w: _(
            "%(unit)s 承诺 %(day)s 前完成", unit=w.unit(), day=w.text("promised_on")
        ),
        EventKind.COMMITMENT_MET: lambda w: (
            _("%(unit)s 逾期兑现承诺（承诺 %(day)s）", unit=w.unit(), day=w.text("promised_on"))
            if w.line.data.get("late")
            else _("%(unit)s 兑现承诺", unit=w.unit())
        ),
        EventKind.CLOSED: lambda w: _with(_("办结"), w.text("note")),
        EventKind.REOPENED: lambda w: _with(_("重新办理"), w.text("reason")),
        EventKind.REAUDITED: lambda w: _with(_look(w), w.text("notes")),
        EventKind.STEP_TAKEN: lambda w: _(
            "督办：%(step)s（%(unit)s）",
            step=w.step(),
            unit=w.unit(),
        ),
        EventKind.STEP_NOTED: lambda w: _with(
            _(
                "另一时限也已达到，记入已有的督办措施，不另发：%(step)s（%(unit)s）",
                step=w.step(),
                unit=w.unit(),
            ),
            w.text("number"),
        ),
        EventKind.SCORED: lambda w: _(
            "扣 %(points)s 分（%(unit)s）：%(clause)s",
            points=w.text("points"),
            unit=w.unit(),
            clause=w.text("clause"),
        ),
        EventKind.SCORE_REVERSED: lambda w: _with(_("冲销计分（%(unit)s）", unit=w.unit()), w.text("reason")),
        EventKind.CASE_DISMISSED: lambda w: _with(_with(_("不立案"), w.reason()), w.text("note")),
        EventKind.CASE_TAKEN_OVER: lambda w: _with(_taken_over(w.text("from")), w.text("note")),
        EventKind.CASE_MERGED: lambda w: _with(_("并入 %(case)s", case=w.other()), w.text("reason")),
        EventKind.CASE_ABSORBED: lambda w: _with(
            _("%(case)s 并入本件，网帖 %(posts)s 条", case=w.other(), posts=w.text("count")),
            w.text("reason"),
        ),
        EventKind.CASE_PARTED: lambda w: _with(
            _("撤销 %(case)s 的并入，网帖 %(posts)s 条回到原件", case=w.other(), posts=w.text("count")),
            w.text("reason"),
        ),
        EventKind.CASE_REINSTATED: lambda w: _with(
            _("撤销不立案，恢复立案") if w.text("was") == "dismissed" else _("撤销并案，恢复立案"),
            w.text("reason"),
        ),
        EventKind.MARKED_ACCUSATION: lambda w: _with(
            _("列为检举控告件，须回避：%(units)s", units=w.unit_list("accused") or "—") + _asked(w),
            w.text("reason"),
        ),
        EventKind.LIFT_ASKED: lambda w: _with(_("提请解除保密，须另一人确认"), w.text("reason")),
        EventKind.REQUEST_LAPSED: lambda _w: _("因并入，此前待另一人确认的提请失效；仍需要的，须重新提请"),
        EventKind.ACCUSED_NAMED: lambda w: (
            _(
                "立案时列明的被检举单位：%(units)s；研判所列：%(found)s",
                units=w.unit_list("accused") or "—",
                found=w.unit_list("found") or "—",
            )
            + _asked(w)
        ),
        EventKind.ACCUSED_DOUBTED: lambda w: _with(
            _(
                "提请更正被检举单位，须另一人确认：%(was)s 更正为 %(now)s",
                was=w.unit_list("was") or "—",
                now=w.unit_list("accused") or "—",
            ),
            w.text("reason"),
        ),
        EventKind.ACCUSED_CORRECTED: lambda w: _with(
            _(
                "被检举单位由 %(was)s 更正为 %(now)s",
                was=w.unit_list("was") or "—",
                now=w.unit_list("accused") or "—",
            ),
            w.text("reason"),
        ),
        EventKind.SECRECY_LIFTED: lambda w: _with(_("解除保密，转为普通件"), w.text("reason")),
        EventKind.DESK_ITEM_CLOSED: lambda w: _("人工研判：%(what)s", what=w.resolution()),
    }
)


OF_DISMISSAL = "of_dismissal"
"""Key that a line of a case gets on the screen where a dismissal was looked at; of a post it always is."""


def _look(words: Words) -> str:
    """Return what a second look found: of a reply whether it is true, of a dismissal whether it holds."""
    held = words.text("verdict") == "confirmed"
    if words.line.case_id is None or words.text(OF_DISMISSAL):
        return _("抽查：不立案成立") if held else _("抽查：不立案不成立，应当办理")
    return _("抽查：属实") if held else _("抽查：不属实")


def sentence(line: EventLine, units: Mapping[str, Label]) -> str:
    """Return the line in words.

    Args:
        line: of a timeline.
        units: names by unit code.
    """
    return SENTENCES[line.kind](Words(line, units))
