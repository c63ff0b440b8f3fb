"""Asking a person: items of the person's desk, each asked once, with the reason in words.

What the person then does is `desk.settle`.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from casework.access import UnitId, excluded_units
from casework.desk.unit import UnitOfWork
from casework.events import EventKind
from casework.judgement import Judgement
from casework.recusal import marks
from casework.store.batch import NewRows
from casework.store.desk_items import ItemKind
from casework.store.inserting import insert_if_new
from casework.store.matters import OpenCase
from casework.store.packs import superiors
from casework.store.tables import DeskItemRow
from casework.store.turns import turn_about
from casework.urgency import Turn, turn_of
from rules.model import Grade, Label

GRADE_NAMES = {
    Grade.GENERAL: Label("一般", "general"),
    Grade.MAJOR: Label("较大", "major"),
    Grade.SERIOUS: Label("重大", "serious"),
}
ENGINES_DIFFER = Label(
    "两套研判结果不一致，已按较高等级处理，请核对。",
    "The two evaluators differ; the higher grade stands. Please check.",
)
ENGINE_FAILED = Label(
    "规则引擎未能给出结果，已按参考研判处理。请检查后台处理进程。",
    "The rule engine gave no verdict; the reference's stands. Look at the worker.",
)


@dataclass
class Writing:
    """One transaction's new rows, and the register of units where it is needed."""

    uow: UnitOfWork
    rows: NewRows = field(default_factory=NewRows)
    _superiors: Mapping[UnitId, UnitId | None] | None = None

    def shut_out(self, accused: tuple[str, ...]) -> frozenset[UnitId]:
        """Return the accused units and all below them, and `recusal.marks` where one is below another."""
        if not accused:
            return frozenset()
        if self._superiors is None:
            known = superiors(self.uow.session, self.uow.county)
            self._superiors = {
                UnitId(code): UnitId(above) if above else None for code, above in known.items()
            }
        blamed = tuple(map(UnitId, accused))
        barred = excluded_units(blamed, self._superiors)
        return barred | frozenset(map(UnitId, marks(blamed, barred, self._superiors)))


def ask_person(
    writing: Writing,
    kind: ItemKind,
    effect_key: str,
    reason: Label,
    *,
    post_id: uuid.UUID | None = None,
    case_id: uuid.UUID | None = None,
    data: Mapping[str, object] | None = None,
    turn: Turn | None = None,
) -> None:
    """Put an item on the person's desk. `effect_key` is unique: the same thing is asked once.

    Args:
        writing: the rows of a transaction.
        kind: what is asked.
        effect_key: unique.
        reason: why a person is asked.
        post_id: of the post that it is about.
        case_id: of the case that it is about.
        data: for the page of the item.
        turn: None reads it from what is stored of the case, else of the post.
    """
    if turn is None:
        turn = turn_about(writing.uow.session, post_id=post_id, case_id=case_id)
    writing.rows.add(
        DeskItemRow,
        id=writing.uow.new_id(),
        county_id=writing.uow.county,
        kind=kind.value,
        effect_key=effect_key,
        post_id=post_id,
        case_id=case_id,
        reason_zh=reason.zh,
        reason_en=reason.en,
        data=dict(data or {}),
        turn=turn.value,
        opened_at=writing.uow.now,
    )


def upgrade_key(case_id: uuid.UUID, grade: Grade) -> str:
    """Return the key under which a person is asked to raise a case; `assign` closes what it has decided."""
    return f"upgrade/{case_id}/{grade.value}"


def arbitration_key(case_id: uuid.UUID) -> str:
    """Return the key under which a ruling on the unit is asked for; the ruling closes it."""
    return f"arbitration/{case_id}"


def propose_upgrade(uow: UnitOfWork, case: OpenCase, post_id: uuid.UUID, grade: Grade) -> bool:
    """Ask a person to raise a case; return False where that was asked before. Nothing is raised here."""
    reason = Label(
        f"该件现为{GRADE_NAMES[case.grade].zh}，新情况符合{GRADE_NAMES[grade].zh}标准，请决定是否升级。",
        f"The case is {case.grade.value}; what has come in since calls for {grade.value}. Decide on it.",
    )
    asked = insert_if_new(
        uow.session,
        DeskItemRow,
        {
            "id": uow.new_id(),
            "county_id": uow.county,
            "kind": ItemKind.UPGRADE.value,
            "effect_key": upgrade_key(case.id, grade),
            "post_id": post_id,
            "case_id": case.id,
            "reason_zh": reason.zh,
            "reason_en": reason.en,
            "data": {"from": case.grade.value, "to": grade.value},
            "turn": min(turn_of(grade), turn_about(uow.session, post_id=post_id, case_id=None)).value,
            "opened_at": uow.now,
        },
    )
    if asked:
        uow.note(
            EventKind.UPGRADE_PROPOSED,
            case_id=case.id,
            post_id=post_id,
            data={"from": case.grade.value, "to": grade.value},
        )
    return asked


def tell_of_failed_engine(uow: UnitOfWork, post_id: uuid.UUID, judgement: Judgement) -> bool:
    """Tell a person that the engine fails; once an hour and pack, for every post has its own decision."""
    return insert_if_new(
        uow.session,
        DeskItemRow,
        {
            "id": uow.new_id(),
            "county_id": uow.county,
            "kind": ItemKind.ENGINE_FAILED.value,
            "effect_key": f"engine_failed/{judgement.pack_ref}/{uow.now:%Y-%m-%dT%H}",
            "post_id": post_id,
            "reason_zh": ENGINE_FAILED.zh,
            "reason_en": ENGINE_FAILED.en,
            "data": {"failure": judgement.opinion.failure},
            "turn": turn_of(judgement.grade, judgement.features).value,
            "opened_at": uow.now,
        },
    )
