"""What is to be read before a draft is decided on: its changes in words, what trials found, who wrote it.

It decides nothing: what may be done is `packs_offers`, and the desk looks again at every step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.pages.packs_books import pack_of
from app.pages.packs_compare import in_words
from app.pages.packs_draft import Found, Head, files_in_force, found_in
from app.pages.packs_report import ShownReport, shown_report
from casework.desk.unit import UnitOfWork
from casework.packs import EDITING, DraftState, DraftStep
from casework.store.backtests import Backtest, BacktestState, backtests_of
from casework.store.drafts import DraftEvent
from casework.store.packs import active_ref
from casework.store.shadows import ShadowRun, shadow_runs
from rules.diff import Change
from rules.model import Label, Pack

READ_IN = frozenset(DraftState) - {DraftState.PUBLISHED, DraftState.WITHDRAWN}
"""States in which a decision is still to come."""


@dataclass(frozen=True, slots=True)
class Trials:
    """What was tried, as the store keeps it.

    Attributes:
        base: the pack in force, which a draft is compared with; None where the county has none.
        files: of the pack in force.
        backtest: the newest that ended and was of these very files, on the pack in force if there is one.
        shadow: the newest shadow run of these very files.
    """

    base: Pack | None
    base_ref: str | None
    files: Mapping[str, bytes]
    backtest: Backtest | None
    shadow: ShadowRun | None


@dataclass(frozen=True, slots=True)
class Writer:
    """Somebody who wrote part of the draft, and which files; none where he only began it."""

    name: str
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """A draft as the person reads it who decides on it.

    Attributes:
        words: what differs from the pack in force, by subject; None where one of the two cannot be read.
        report: of the back-test; None where there was none.
        shadow_report: of the shadow run, once it compared something.
        asked: with what words it was submitted last; empty where there are none.
    """

    trials: Trials
    words: tuple[tuple[Label, tuple[Change, ...]], ...] | None
    writers: tuple[Writer, ...]
    found: Found
    report: ShownReport | None
    shadow_report: ShownReport | None
    asked: str

    @property
    def changes(self) -> int:
        """Return in how many places the draft differs from the pack in force."""
        return sum(len(found) for _subject, found in self.words or ())

    @property
    def is_on_rules_in_force(self) -> bool:
        """Return whether the back-test was compared with the pack in force now."""
        tried = self.trials.backtest
        return tried is not None and tried.base_ref == self.trials.base_ref


def trials_of(uow: UnitOfWork, head: Head) -> Trials:
    """Return what was tried of a draft; reading is enough."""
    session, county, draft = uow.session, uow.county, head.draft
    base_ref = active_ref(session, county, uow.now)
    ended = [
        one
        for one in backtests_of(session, county, draft.id)
        if one.state is BacktestState.DONE and one.digest == draft.digest
    ]
    ended.sort(key=lambda one: one.base_ref == base_ref and one.done > 0, reverse=True)  # else the newest
    shadows = (one for one in shadow_runs(session, county, draft_id=draft.id) if one.digest == draft.digest)
    base = uow.rulebook.pack if base_ref else None
    return Trials(base, base_ref, files_in_force(uow), next(iter(ended), None), next(shadows, None))


def review_of(head: Head, trials: Trials) -> Review | None:
    """Return what is to be read before a draft is decided on, None where nothing is to be decided any more.

    Reading a draft's files takes a while the first time: call it outside every transaction.
    """
    if head.draft.state not in READ_IN:
        return None
    pack = pack_of({name: text.encode() for name, text in head.draft.files.items()})
    backtest, shadow, base = trials.backtest, trials.shadow, trials.base
    return Review(
        trials,
        in_words(base, pack),
        writers_of(head.view.history),
        found_in(head.view.problems, "", trials.files),
        shown_report(backtest.tally, pack, base) if backtest and base and not backtest.is_outdated else None,
        shown_report(shadow.tally, pack, base) if shadow and base and shadow.tally.posts else None,
        next((one.note for one in reversed(head.view.history) if one.step is DraftStep.SUBMIT), ""),
    )


def writers_of(history: tuple[DraftEvent, ...]) -> tuple[Writer, ...]:
    """Return who wrote any of a draft, its author first."""
    wrote: dict[str, list[str]] = {}
    for event in history:
        if event.step in EDITING:
            files = wrote.setdefault(event.editor, [])
            if event.file and event.file not in files:
                files.append(event.file)
    return tuple(Writer(name, tuple(files)) for name, files in wrote.items())
