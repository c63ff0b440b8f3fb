"""The words that the pages of rule packs have for keys: files, states, levels, what differs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from flask import Flask

from app.pages.screen_words import DISPOSITION_LABELS
from app.web.language import in_language
from app.web.page import GRADE_LABELS
from app.web.times import COUNTY_ZONE
from casework.packs import STATE_LABELS, STEP_LABELS, DraftState, DraftStep
from rules.backtest import Aspect
from rules.checks import advice
from rules.model import Grade, Label, Pack
from rules.problem import Level

FILE_LABELS: Mapping[str, Label] = MappingProxyType(
    {
        "severity.yaml": Label("定级规则", "Severity"),
        "signals.yaml": Label("特征", "Signals"),
        "lexicons.yaml": Label("词库", "Lexicons"),
        "topics.yaml": Label("主题", "Topics"),
        "routing.yaml": Label("分办", "Routing"),
        "places.yaml": Label("地点", "Places"),
        "units.yaml": Label("单位", "Units"),
        "deadlines.yaml": Label("时限", "Deadlines"),
        "calendar.yaml": Label("工作日历", "Calendar"),
        "supervision.yaml": Label("督办", "Supervision"),
        "scoring.yaml": Label("计分", "Scoring"),
        "pack.yaml": Label("规则包信息", "About the pack"),
    }
)
"""In the order of the tabs: what is changed most comes first."""

LEVEL_LABELS: Mapping[Level, Label] = MappingProxyType(
    {
        Level.ERROR: Label("错误", "Error"),
        Level.WARNING: Label("警告", "Warning"),
        Level.NOTE: Label("提示", "Note"),
    }
)
LEVEL_MEANINGS: Mapping[Level, Label] = MappingProxyType(
    {
        Level.ERROR: Label(
            "必须改正，否则不能提交和发布", "must be corrected before the pack can be submitted"
        ),
        Level.WARNING: Label("能运行，但很可能不是您的本意", "it runs, but most likely not as you mean it"),
        Level.NOTE: Label(
            "能运行且意思明确，仍需有人核实或整理", "it runs as written; somebody has still to look at it"
        ),
    }
)
LEVEL_TONES: Mapping[Level, str] = MappingProxyType(
    {Level.ERROR: "bad", Level.WARNING: "warn", Level.NOTE: ""}
)
ASPECT_LABELS: Mapping[Aspect, Label] = MappingProxyType(
    {
        Aspect.GRADE: Label("等级", "Grade"),
        Aspect.DISPOSITION: Label("去向", "Disposition"),
        Aspect.TOPIC: Label("主题", "Topic"),
        Aspect.LEAD: Label("主办单位", "Lead unit"),
        Aspect.ASSIST: Label("协办单位", "Assisting units"),
    }
)
BACKTEST_LABELS: Mapping[str, Label] = MappingProxyType(
    {
        "queued": Label("排队等待", "Waiting"),
        "running": Label("正在回测", "Running"),
        "done": Label("已完成", "Done"),
        "failed": Label("未能完成", "Failed"),
        "cancelled": Label("已取消", "Cancelled"),
    }
)
SHADOW_LABELS: Mapping[str, Label] = MappingProxyType(
    {
        "running": Label("正在试运行", "Running"),
        "ended": Label("已到期", "Ended"),
        "stopped": Label("已停止", "Stopped"),
    }
)
STATE_TONES: Mapping[DraftState, str] = MappingProxyType(
    {
        DraftState.CHECKED: "good",
        DraftState.BACKTESTED: "good",
        DraftState.SUBMITTED: "warn",
        DraftState.APPROVED: "good",
        DraftState.PUBLISHED: "good",
        DraftState.REJECTED: "bad",
    }
)
_NONE = Label("无", "none")


def word_packs(app: Flask) -> None:
    """Give the templates of `app` the words for drafts, checks and trials."""
    app.add_template_filter(lambda key: STATE_LABELS[DraftState(key)], "draft_state")
    app.add_template_filter(lambda key: STATE_TONES.get(DraftState(key), ""), "draft_tone")
    app.add_template_filter(lambda key: STEP_LABELS[DraftStep(key)], "draft_step")
    app.add_template_filter(lambda key: FILE_LABELS.get(key, Label(key, key)), "pack_file")
    app.add_template_filter(lambda key: LEVEL_LABELS[Level(key)], "level_label")
    app.add_template_filter(lambda key: LEVEL_MEANINGS[Level(key)], "level_meaning")
    app.add_template_filter(lambda key: LEVEL_TONES[Level(key)], "level_tone")
    app.add_template_filter(lambda key: ASPECT_LABELS[Aspect(key)], "aspect_label")
    app.add_template_filter(lambda key: BACKTEST_LABELS[key], "backtest_state")
    app.add_template_filter(lambda key: SHADOW_LABELS[key], "shadow_state")
    app.add_template_filter(advice, "problem_advice")
    app.add_template_filter(short_ref, "short_ref")
    app.add_template_filter(two_tongues, "two_tongues")
    app.add_template_filter(short_digest, "short_digest")
    app.add_template_filter(as_typed, "as_typed")


def short_ref(ref: str) -> str:
    """Return a pack's reference as a person says it: id@version."""
    return ref.partition("+")[0]


def as_typed(instant: datetime) -> str:
    """Return an instant as a field for county time takes it, to the second."""
    return instant.astimezone(COUNTY_ZONE).strftime("%Y-%m-%dT%H:%M:%S")


def short_digest(digest: str) -> str:
    """Return the beginning of a digest, enough to see whether two are the same."""
    return digest.partition(":")[2][:8]


def two_tongues(text: str) -> str:
    """Return the reader's half of a stored sentence "中文 / English"; a name is returned as it is."""
    zh, _, en = text.partition(" / ")
    return in_language(Label(zh, en or zh))


@dataclass(frozen=True, slots=True)
class PackNames:
    """The names that some packs give to rules, topics and units; a key without a name is shown as it is."""

    rules: Mapping[str, Label]
    topics: Mapping[str, Label]
    units: Mapping[str, Label]

    @classmethod
    def of(cls, *packs: Pack | None) -> PackNames:
        """Return the names of `packs`; the first that names a key wins."""
        known = [pack for pack in reversed(packs) if pack is not None]
        return cls(
            {rule.id: rule.title for pack in known for rule in (*pack.scoring, *pack.severity)},
            {topic.id: topic.title for pack in known for topic in pack.topics},
            {unit.id: unit.name for pack in known for unit in pack.units},
        )

    def rule(self, key: str) -> str:
        """Return the title of a rule; of none, what explains a change instead."""
        other = Label(
            "命中的规则没有变，是规则的结论、主题、地点或分办表变了",
            "the same rules fire: what they conclude, a topic, a place or the routing changed",
        )
        return in_language(self.rules.get(key, Label(key, key)) if key else other)

    def unit(self, key: str) -> str:
        """Return the name of a unit."""
        return in_language(self.units.get(key, Label(key, key)) if key else _NONE)

    def said(self, aspect: Aspect, value: str) -> str:
        """Return what a verdict said in one aspect."""
        if not value:
            return in_language(_NONE)
        match aspect:
            case Aspect.GRADE if value in set(Grade):
                return in_language(GRADE_LABELS[Grade(value)])
            case Aspect.DISPOSITION:
                return in_language(DISPOSITION_LABELS.get(value, Label(value, value)))
            case Aspect.TOPIC:
                return in_language(self.topics.get(value, Label(value, value)))
            case Aspect.LEAD | Aspect.ASSIST:
                names = [self.unit(unit) for unit in value.split(" ")]
                return in_language(Label("、".join(names), ", ".join(names)))
        return value
