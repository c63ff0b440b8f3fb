"""Writing drafts of rule packs and bringing them to approval: every step by a named person, each kept.

Checking reads and compiles the files, so it happens between two transactions: `examine`. Publishing is
`publishing`, trying on history is `backtesting`.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from casework.access import require
from casework.desk.decidable import require_intact, require_tried_on_rules_in_force, require_tried_or_reason
from casework.desk.draft_files import digest_of_texts, text_of
from casework.desk.unit import UnitOfWork
from casework.errors import ReasonMissing
from casework.pack_refusals import ClockWentBack, FileRefused, NoSuchPack, PersonNeeded, StaleDraft
from casework.packs import (
    PERMISSION_OF,
    DraftState,
    DraftStep,
    named_in,
    next_state,
    require_other_person,
    with_version,
)
from casework.store.drafts import (
    draft_row,
    editors_of,
    find_draft,
    highest_version,
    problems_json,
    state_of,
)
from casework.store.inserting import insert_independent
from casework.store.packs import free_version, pack_files, ref_of_version
from casework.store.tables import PackDraftEditRow, PackDraftRow
from rules.check import check_loaded, has_errors
from rules.check_posts import FEWEST_POSTS, check_posts
from rules.guarded import load_guarded
from rules.model import Location, Pack
from rules.pack import Loaded, digest_of
from rules.post import WordStarts
from rules.problem import Level, Notes, Problem, in_order
from rules.rulebook import Rulebook

LONGEST_TITLE = 200  # characters
LONGEST_NOTE = 4_000  # characters


@dataclass(frozen=True, slots=True)
class Examination:
    """What a check of files found. `digest` says of which."""

    digest: str
    problems: tuple[Problem, ...]


def draft_from(uow: UnitOfWork, ref: str, *, title: str, note: str = "") -> uuid.UUID:
    """Begin a draft with the files of a stored pack, its version raised to the next free one; return its id.

    Args:
        uow: a writing one, of a person.
        ref: of the pack in force or of any other that is stored.
        title: what the change is about.
        note: why.

    Raises:
        NoSuchPack: nothing is stored under `ref`.
    """
    stored = pack_files(uow.session, uow.county, ref)
    if stored is None:
        raise NoSuchPack(ref)
    files = {name: content.decode() for name, content in stored.items()}
    pack_id, _ = named_in(files)
    highest = max(
        free_version(uow.session, uow.county, pack_id) - 1, highest_version(uow.session, uow.county, pack_id)
    )
    files["pack.yaml"] = with_version(files["pack.yaml"], highest + 1)
    return _create(uow, files, base_ref=ref, title=title, note=note, origin="")


def draft_of_files(
    uow: UnitOfWork,
    files: Mapping[str, bytes],
    *,
    title: str,
    note: str = "",
    origin: str = "",
    base_ref: str | None = None,
) -> uuid.UUID:
    """Begin a draft with files from outside, byte for byte; return its id.

    Args:
        uow: a writing one, of a person.
        files: name -> content; names of the pack format only.
        title: what it is about.
        note: why.
        origin: where the files came from, as shown to the approver.
        base_ref: of the stored pack that it is compared with.

    Raises:
        FileRefused: a name or a content that cannot be part of a pack.
    """
    texts = {name: text_of(name, content) for name, content in files.items()}
    if not texts:
        raise FileRefused("pack.yaml", "没有任何规则文件", "there is no file of a pack")
    return _create(uow, texts, base_ref=base_ref, title=title, note=note, origin=origin)


def edit_file(uow: UnitOfWork, draft_id: uuid.UUID, *, version: int, name: str, text: str) -> int:
    """Replace one file of a draft, which has then to be checked and tried again; return the new version.

    Args:
        uow: a writing one, of a person.
        draft_id: of the draft.
        version: of the draft as it was shown.
        name: of the pack format.
        text: its whole new content; line ends are made those of the other files.

    Raises:
        FileRefused, StaleDraft, DraftStepRefused.
    """
    row = begin_step(uow, draft_id, version=version, step=DraftStep.EDIT)
    content = text_of(name, text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "surrogatepass"))
    if row.files.get(name) == content:
        return row.version
    row.files = {**row.files, name: content}
    row.digest = digest_of_texts(row.files)
    row.pack_id, row.pack_version = named_in(row.files)
    take_step(uow, row, DraftStep.EDIT, file=name)
    uow.audit("pack_draft_edited", "pack_draft", str(row.id), data={"file": name, "digest": row.digest})
    return row.version


def files_to_check(uow: UnitOfWork, draft_id: uuid.UUID) -> dict[str, bytes]:
    """Return the files of a draft for `examine`; reading is enough."""
    draft = find_draft(uow.session, uow.county, draft_id)
    return {name: text.encode() for name, text in draft.files.items()}


def examine(
    files: Mapping[str, bytes],
    words: WordStarts | None = None,
    loaded: Loaded | None = None,
    like: Rulebook | None = None,
) -> Examination:
    """Return every problem of these files. It takes some seconds: call it outside every transaction.

    Args:
        files: name -> content.
        words: `casework.tokens.word_starts`, for examples with whole-word terms.
        loaded: what reading these files gave, where it is known; else a child with limits reads them.
        like: see `check_loaded`.
    """
    return Examination(digest_of(files), check_loaded(loaded or load_guarded(files), words, like=like))


def counted_in(found: Examination, draft: Pack | None, texts: Sequence[str]) -> Examination:
    """Return an examination with the terms that are too common in stored posts; few posts tell nothing.

    Args:
        found: by `examine`.
        draft: what could be read of the files.
        texts: of `casework.store.sample_texts`.
    """
    if draft is None or len(texts) < FEWEST_POSTS:
        return found
    notes = Notes()
    check_posts(draft, texts, notes)
    return Examination(found.digest, in_order((*found.problems, *notes.problems)))


def note_check(uow: UnitOfWork, draft_id: uuid.UUID, *, version: int, found: Examination) -> int:
    """Keep what a check found; without errors the draft counts as checked. Return the new version.

    Raises:
        StaleDraft: the files changed since they were checked.
    """
    row = draft_row(uow.session, uow.county, draft_id, version=version)
    if found.digest != row.digest:
        raise StaleDraft(draft_id, seen=version, now=row.version)
    problems = in_order([*found.problems, *_version_taken(uow, row)])
    step = DraftStep.FAIL_CHECK if has_errors(problems) else DraftStep.CHECK
    begin_step(uow, draft_id, version=version, step=step)
    row.problems = problems_json(problems)
    row.checked_digest, row.checked_at = row.digest, uow.now
    errors = sum(problem.level is Level.ERROR for problem in problems)
    others = len(problems) - errors
    take_step(uow, row, step, note=f"错误 {errors}，其他提示 {others} / errors {errors}, others {others}")
    uow.audit("pack_draft_checked", "pack_draft", str(row.id), data={"digest": row.digest, "errors": errors})
    return row.version


def submit(uow: UnitOfWork, draft_id: uuid.UUID, *, version: int, note: str = "") -> int:
    """Hand a back-tested draft to another person; its files do not change from here on.

    Raises:
        TriedOnOtherRules: its back-test was on rules that are no longer in force.
        NothingCompared: the back-test found no post in the county, and `note` does not say why it goes on.
    """
    row = begin_step(uow, draft_id, version=version, step=DraftStep.SUBMIT)
    require_tried_or_reason(uow, row, note)
    take_step(uow, row, DraftStep.SUBMIT, note=note)
    uow.audit("pack_draft_submitted", "pack_draft", str(row.id), data={"digest": row.digest})
    return row.version


def approve(uow: UnitOfWork, draft_id: uuid.UUID, *, version: int, note: str = "") -> int:
    """Approve a submitted draft as somebody who wrote none of it; the database holds that as well.

    Raises:
        ApproverIsEditor: the actor wrote part of it.
        DraftAltered: its files are not those of its digest.
        TriedOnOtherRules: its back-test was on rules that are no longer in force.
    """
    row = begin_step(uow, draft_id, version=version, step=DraftStep.APPROVE)
    approver = require_person(uow)
    require_other_person(approver, editors_of(uow.session, draft_id) | {row.author_id})
    require_intact(row)
    require_tried_on_rules_in_force(uow, row)
    row.approver_id, row.approver = approver, uow.actor.name
    row.approval_note, row.approved_at = _shortened(note), uow.now
    take_step(uow, row, DraftStep.APPROVE, note=note)
    uow.audit("pack_draft_approved", "pack_draft", str(row.id), data={"digest": row.digest})
    return row.version


def reject(uow: UnitOfWork, draft_id: uuid.UUID, *, version: int, reason: str) -> int:
    """Send a submitted or approved draft back to its author; an approval is taken back with it."""
    row = begin_step(uow, draft_id, version=version, step=DraftStep.REJECT)
    take_step(uow, row, DraftStep.REJECT, note=_reason(reason, DraftStep.REJECT))
    row.approver_id = row.approver = row.approved_at = None
    row.approval_note = ""
    uow.audit("pack_draft_rejected", "pack_draft", str(row.id), data={"digest": row.digest})
    return row.version


def withdraw(uow: UnitOfWork, draft_id: uuid.UUID, *, version: int, reason: str) -> int:
    """Give a draft up for good; it stays readable."""
    row = begin_step(uow, draft_id, version=version, step=DraftStep.WITHDRAW)
    take_step(uow, row, DraftStep.WITHDRAW, note=_reason(reason, DraftStep.WITHDRAW))
    uow.audit("pack_draft_withdrawn", "pack_draft", str(row.id), data={"digest": row.digest})
    return row.version


def begin_step(uow: UnitOfWork, draft_id: uuid.UUID, *, version: int, step: DraftStep) -> PackDraftRow:
    """Return the row of a draft on which this person may take this step now.

    Raises:
        NotPermitted, PersonNeeded: who acts.
        NoSuchDraft, StaleDraft, DraftStepRefused: on what.
        ClockWentBack: the database, which orders steps by their time, would refuse it without a word.
    """
    require(uow.actor, PERMISSION_OF[step])
    require_person(uow)
    row = draft_row(uow.session, uow.county, draft_id, version=version)
    next_state(state_of(uow.session, row), step)
    if uow.now < row.updated_at:
        raise ClockWentBack(row.updated_at)
    return row


def take_step(
    uow: UnitOfWork, row: PackDraftRow, step: DraftStep, *, note: str = "", file: str | None = None
) -> None:
    """Move a draft on and keep the step; a back-test that ended meanwhile becomes a step of its own."""
    stands = DraftState(row.state)
    if step is not DraftStep.EDIT:
        with uow.session.no_autoflush:  # the database takes the change only after its step
            stands = state_of(uow.session, row)
        if stands is not DraftState(row.state):
            _keep_step(uow, row, DraftStep.BACKTEST, stands)
            row.state = stands.value
    to = next_state(stands, step)
    _keep_step(uow, row, step, to, note=note, file=file)
    row.state = to.value
    row.updated_at = uow.now
    row.version += 1
    uow.session.flush()


def _keep_step(
    uow: UnitOfWork,
    row: PackDraftRow,
    step: DraftStep,
    to: DraftState,
    *,
    note: str = "",
    file: str | None = None,
) -> None:
    insert_independent(
        uow.session,
        PackDraftEditRow,
        {
            "id": uow.new_id(),
            "county_id": uow.county,
            "draft_id": row.id,
            "step": step.value,
            "from_state": None if step is DraftStep.CREATE else row.state,
            "to_state": to.value,
            "editor_id": uow.actor.user_id,
            "editor": uow.actor.name,
            "file": file,
            "digest": row.digest,
            "note": _shortened(note),
            "at": uow.now,
        },
    )


def _create(
    uow: UnitOfWork, files: dict[str, str], *, base_ref: str | None, title: str, note: str, origin: str
) -> uuid.UUID:
    require(uow.actor, PERMISSION_OF[DraftStep.CREATE])
    pack_id, version = named_in(files)
    row = PackDraftRow(
        id=uow.new_id(),
        county_id=uow.county,
        pack_id=pack_id,
        pack_version=version,
        title=title.strip()[:LONGEST_TITLE] or pack_id,
        note=_shortened(note),
        origin=origin,
        files=files,
        base_ref=base_ref,
        digest=digest_of_texts(files),
        state=DraftState.DRAFT.value,
        author_id=require_person(uow),
        author=uow.actor.name,
        problems=[],
        created_at=uow.now,
        updated_at=uow.now,
        version=1,
    )
    uow.session.add(row)
    uow.session.flush()  # the step points to it
    _keep_step(uow, row, DraftStep.CREATE, DraftState.DRAFT, note=note)
    uow.audit(
        "pack_draft_created",
        "pack_draft",
        str(row.id),
        data={"base": base_ref, "digest": row.digest, "origin": origin},
    )
    return row.id


def require_person(uow: UnitOfWork) -> uuid.UUID:
    """Return the id of the person who acts.

    Raises:
        PersonNeeded: a machine or a nameless console acts.
    """
    if uow.actor.user_id is None:
        raise PersonNeeded
    return uow.actor.user_id


def _reason(text: str, step: DraftStep) -> str:
    if not text.strip():
        raise ReasonMissing(step.value)
    return text


def _shortened(text: str) -> str:
    return text.strip()[:LONGEST_NOTE]


def _version_taken(uow: UnitOfWork, row: PackDraftRow) -> tuple[Problem, ...]:
    known = ref_of_version(uow.session, uow.county, row.pack_id, row.pack_version)
    if known is None or known == f"{row.pack_id}@{row.pack_version}+{row.digest}":
        return ()
    free = free_version(uow.session, uow.county, row.pack_id)
    return (
        Problem(
            Level.ERROR,
            "",
            Location("pack.yaml", 1, 1),
            f"第 {row.pack_version} 版已发布过，内容不同；请把 version 改为 {free}",
            f"version {row.pack_version} was published with other content; write version: {free}",
        ),
    )
