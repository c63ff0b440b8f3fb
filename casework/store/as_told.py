"""What one reader is told of a case: masked, since when, and without units that it must not name.

Which rows belong to the case and whether the reader may see it at all is not asked here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import TypeVar

from casework.access import Reach, Visibility
from casework.events import EventKind
from casework.masking import HIDDEN
from casework.objections import Objection, Ruling
from casework.route_line import route_in
from casework.store import case_parts as parts
from casework.store.as_read import as_read, entry_as_read
from casework.store.case_records import CaseHead
from casework.store.clock_rows import KeptClock
from casework.store.documents import OF_ONE_UNIT
from casework.store.slips import DISPATCH_SLIP, Slip
from casework.store.timeline import OF_SECRECY, EventLine, EventValue

_Part = TypeVar("_Part", parts.Assignment, parts.Report, parts.Reply)
_Dated = TypeVar(
    "_Dated", parts.Report, parts.Reply, parts.Correction, parts.Reaudit, EventLine, Objection, Ruling
)

_REROUTED = frozenset({EventKind.ROUTE_CORRECTED, EventKind.REASSIGNED})


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who may see a case, and what of it.

    Attributes:
        since: nothing from before is told; None tells everything.
        untold: codes of units that this reader must not learn of.
    """

    sight: Visibility
    since: datetime | None
    untold: frozenset[str]

    def case(self, case: CaseHead) -> CaseHead:
        """Return the head of the case."""
        if self.since is not None:
            return replace(case, proposed_lead=None)
        return replace(case, proposed_lead=HIDDEN) if case.proposed_lead in self.untold else case

    def steps(self, steps: Iterable[parts.StepTaken]) -> tuple[parts.StepTaken, ...]:
        """Return steps of supervision: a unit reads its own."""
        return tuple(step for step in steps if self._is_for(step.unit) and self._is_later(step.taken_at))

    def numbers_before(self, slips: Iterable[Slip], steps: Iterable[parts.StepTaken]) -> frozenset[str]:
        """Return the numbers of papers ordered before this reader may read, whenever they were made.

        Args:
            slips: of the case, whoever they are for.
            steps: of the case, whoever they are about.
        """
        given = {slip.number for slip in slips if not self._is_later(slip.at)}
        ordered = {one.number for one in steps if not self._is_later(one.taken_at)}
        return frozenset(given | {number for number in ordered if number})

    def scores(self, lines: Iterable[parts.ScoreLine]) -> tuple[parts.ScoreLine, ...]:
        """Return score entries: a unit reads its own."""
        own = self.sight.unit_ids
        return tuple(
            entry_as_read(self.sight, line)
            for line in lines
            if line.unit in own or (self._is_for(line.unit) and self._is_charged_later(line.entered_at))
        )

    def assignments(self, made: Iterable[parts.Assignment]) -> tuple[parts.Assignment, ...]:
        """Return the parts that units have or had."""
        return self.named(one for one in made if self._is_later(one.assigned_at))

    def named(self, made: Iterable[_Part]) -> tuple[_Part, ...]:
        """Return parts, reports or replies; whose they are is hidden where the unit must not be named."""
        return tuple(replace(one, unit=HIDDEN, by=HIDDEN) if one.unit in self.untold else one for one in made)

    def clocks(self, clocks: Iterable[KeptClock]) -> tuple[KeptClock, ...]:
        """Return clocks: the sum behind a due instant says why it went on."""
        return tuple(
            replace(
                kept,
                clock=replace(
                    kept.clock,
                    events=tuple(
                        replace(event, reason=as_read(self.sight, event.reason))
                        for event in kept.clock.events
                    ),
                ),
            )
            for kept in clocks
            if self._is_later(kept.clock.started_at)
        )

    def reports(self, reports: Iterable[parts.Report]) -> tuple[parts.Report, ...]:
        """Return reports; a unit reads its own as it wrote them."""
        return tuple(
            one if one.unit in self.sight.unit_ids else replace(one, text=as_read(self.sight, one.text))
            for one in self._later(self.named(reports))
        )

    def replies(self, replies: Iterable[parts.Reply]) -> tuple[parts.Reply, ...]:
        """Return replies: their text is for the public, the verdict on it is not."""
        return tuple(
            replace(one, verdict_reason=as_read(self.sight, one.verdict_reason))
            if one.verdict_reason
            else one
            for one in self._later(self.named(replies))
        )

    def commitments(self, made: Iterable[parts.Commitment]) -> tuple[parts.Commitment, ...]:
        """Return what was promised."""
        return tuple(
            replace(one, unit=HIDDEN) if one.unit in self.untold else one
            for one in made
            if self._is_later(one.made_at)
        )

    def corrections(self, corrections: Iterable[parts.Correction]) -> tuple[parts.Correction, ...]:
        """Return corrections: no unit learns who is shut out of the case."""
        return tuple(
            replace(
                one,
                reason=as_read(self.sight, one.reason),
                old=self._route(one.old) if one.field == "route" else one.old,
                new=self._route(one.new) if one.field == "route" else one.new,
            )
            for one in self._later(corrections)
        )

    def objections(self, raised: Iterable[Objection]) -> tuple[Objection, ...]:
        """Return objections of units; who must not be named is hidden."""
        return tuple(
            replace(
                one,
                unit=self._unit(one.unit),
                proposed_unit=one.proposed_unit and self._unit(one.proposed_unit),
                clause=as_read(self.sight, one.clause),
                reason=as_read(self.sight, one.reason),
            )
            for one in self._later(raised)
        )

    def rulings(self, made: Iterable[Ruling]) -> tuple[Ruling, ...]:
        """Return rulings on who leads; who must not be named is hidden."""
        return tuple(
            replace(
                one,
                former=one.former and self._unit(one.former),
                lead=self._unit(one.lead),
                reason=as_read(self.sight, one.reason),
                review=as_read(self.sight, one.review),
            )
            for one in self._later(made)
        )

    def reaudits(self, reaudits: Iterable[parts.Reaudit]) -> tuple[parts.Reaudit, ...]:
        """Return what was audited again."""
        return tuple(replace(one, notes=as_read(self.sight, one.notes)) for one in self._later(reaudits))

    def timeline(self, lines: Iterable[EventLine], secret: frozenset[str]) -> tuple[EventLine, ...]:
        """Return the lines of the timeline, but those of papers with `secret` numbers."""
        told = (line for line in lines if self.since is None or line.kind not in OF_SECRECY)
        return tuple(
            self._line(line)
            for line in self._later(told)
            if not (line.kind is EventKind.DOCUMENT_ISSUED and line.data.get("number") in secret)
            and not (line.kind is EventKind.SCORED and not self._is_charged_later(line.at))
        )

    def papers(
        self,
        papers: Iterable[parts.Document],
        slips: Iterable[Slip],
        own_steps: Iterable[parts.StepTaken],
        secret: frozenset[str],
    ) -> tuple[parts.Document, ...]:
        """Return the papers: a unit reads those of its own steps, and slips that are made out to it.

        Args:
            papers: of the case.
            slips: of the case, whoever they are for.
            own_steps: as `steps` returned them.
            secret: as `numbers_before` returned them.
        """
        own = {step.number for step in own_steps}
        closed = {slip.number for slip in slips if not slip.is_for(self.sight)}
        return tuple(
            paper
            for paper in papers
            if self._is_later(paper.made_at)
            and (paper.kind not in OF_ONE_UNIT or self.sight.cases is Reach.ALL or paper.number in own)
            and paper.number not in secret
            and not (paper.kind == DISPATCH_SLIP and paper.number in closed)
        )

    def _line(self, line: EventLine) -> EventLine:
        if not self.untold:
            return line
        told = {key: self._value(value) for key, value in line.data.items()}
        if line.kind in _REROUTED:
            told |= {key: self._route(str(line.data[key])) for key in ("old", "new") if key in line.data}
        actor = HIDDEN if line.data.get("unit") in self.untold else line.actor
        return replace(line, actor=actor, data=MappingProxyType(told))

    def _value(self, value: EventValue) -> EventValue:
        if isinstance(value, list):
            return [HIDDEN if one in self.untold else one for one in value]
        return HIDDEN if value in self.untold else value

    def _unit(self, code: str) -> str:
        return HIDDEN if code in self.untold else code

    def _route(self, line: str) -> str:
        route = route_in(line)
        return str(route.without(self.untold, HIDDEN)) if route else HIDDEN

    def _later(self, dated: Iterable[_Dated]) -> Iterator[_Dated]:
        return (one for one in dated if self._is_later(one.at))

    def _is_later(self, at: datetime) -> bool:
        return self.since is None or at >= self.since

    def _is_charged_later(self, at: datetime) -> bool:
        """Return whether a charge is of a later time; ending the secrecy makes one of its very instant."""
        return self.since is None or at > self.since

    def _is_for(self, unit: str) -> bool:
        return self.sight.cases is Reach.ALL or unit in self.sight.unit_ids
