"""What must hold of a draft before it is decided on: its files as registered, tried on the rules in force.

Which step exists in which state is `casework.packs`; the steps themselves are `drafting` and `publishing`.
"""

from __future__ import annotations

from datetime import datetime

from casework.desk.draft_files import digest_of_texts
from casework.desk.unit import UnitOfWork
from casework.errors import CaseworkError
from casework.pack_refusals import DraftAltered, NothingCompared, TriedOnOtherRules
from casework.packs import DraftState, PackDraft, named_in
from casework.store.drafts import compared_posts, tried_on
from casework.store.packs import active_ref, last_ref
from casework.store.tables import PackDraftRow

Draft = PackDraftRow | PackDraft
"""As its row or as it is read: both have id, digest, files and the name of the pack."""


def require_intact(row: Draft) -> None:
    """Do nothing if the files of a draft are those that its digest, id and version were made of.

    Raises:
        DraftAltered: they are others, so nobody checked, tried or read what would be decided on.
    """
    made_of = digest_of_texts(row.files)
    if (made_of, *named_in(row.files)) != (row.digest, row.pack_id, row.pack_version):
        raise DraftAltered(row.id)


def require_tried_on_rules_in_force(uow: UnitOfWork, row: Draft) -> None:
    """Do nothing if these files were back-tested on the pack in force now: what it changed is then seen.

    Raises:
        TriedOnOtherRules: another pack took effect since.
    """
    _require_tried_on(uow, row, active_ref(uow.session, uow.county, uow.now))


def require_no_change_lost(uow: UnitOfWork, row: Draft, at: datetime) -> None:
    """Do nothing if these files were back-tested on the pack they would replace, now and at `at`.

    A pack that is published but takes effect later counts as well: whichever came second would undo the
    other. It can be called off.

    Args:
        uow: of the publication.
        row: of the draft.
        at: aware UTC, when it is to take effect.

    Raises:
        TriedOnOtherRules: another pack is, or will be, in force.
    """
    session, county = uow.session, uow.county
    for ref in (
        active_ref(session, county, uow.now),
        active_ref(session, county, at),
        last_ref(session, county),
    ):
        _require_tried_on(uow, row, ref)


def require_tried_or_reason(uow: UnitOfWork, row: Draft, reason: str) -> None:
    """Do nothing if these files were tried on the pack in force, on a post or with a reason why on none.

    Raises:
        TriedOnOtherRules: see `require_tried_on_rules_in_force`.
        NothingCompared: no post was compared, and nobody says why the draft goes on all the same.
    """
    require_tried_on_rules_in_force(uow, row)
    if not reason.strip() and not compared_posts(uow.session, row.id, row.digest):
        raise NothingCompared


def hindrance(uow: UnitOfWork, draft: PackDraft) -> CaseworkError | None:
    """Return why nobody can take the next decision on a draft as it is; None where one can, or none is due.

    Reading is enough. Who may decide is not looked at, nor a time of effect that lies ahead.
    """
    try:
        match draft.state:
            case DraftState.BACKTESTED | DraftState.SUBMITTED:
                require_intact(draft)
                require_tried_on_rules_in_force(uow, draft)
            case DraftState.APPROVED:
                require_intact(draft)
                require_no_change_lost(uow, draft, uow.now)
    except (DraftAltered, TriedOnOtherRules) as error:
        return error
    return None


def _require_tried_on(uow: UnitOfWork, row: Draft, ref: str | None) -> None:
    if ref is not None and ref not in tried_on(uow.session, row.id, row.digest):
        raise TriedOnOtherRules(ref)
