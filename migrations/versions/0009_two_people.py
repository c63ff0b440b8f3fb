"""Hold in the database that rules take two people: no pack, approval or back-test comes about by one UPDATE.

Whoever writes SQL past the application still has to leave every step of a draft by a named person, and the
approver among them is none of its editors. What was stored before is left as it is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

FROZEN = "('submitted', 'approved', 'published', 'withdrawn')"
EDITING = "('create', 'edit')"
MOVES = (
    "draft>checked draft>withdrawn checked>draft checked>backtested checked>submitted checked>withdrawn "
    "backtested>draft backtested>submitted backtested>withdrawn submitted>approved submitted>rejected "
    "submitted>withdrawn approved>published approved>rejected approved>withdrawn "
    "rejected>draft rejected>checked rejected>withdrawn"
).split()
RUNS = "queued>running queued>cancelled running>queued running>done running>failed running>cancelled".split()
ENDED = "('done', 'failed', 'cancelled')"
ASKED = ("draft_id", "county_id", "digest", "base_ref", "period_from", "period_to", "asked_at")
CONTENT = ("files", "digest", "pack_id", "pack_version")

THE_REF = "pack_id || '@' || CAST({version} AS TEXT) || '+' || NEW.digest"
IS_STORED = "EXISTS (SELECT 1 FROM packs p WHERE p.county_id = NEW.county_id AND p.ref = {ref})"
IS_FIRST = "(NEW.approver_id IS NULL AND NOT EXISTS (SELECT 1 FROM packs p WHERE p.county_id = NEW.county_id))"
IS_APPROVED = (
    "EXISTS (SELECT 1 FROM pack_drafts d JOIN pack_draft_edits a ON a.draft_id = d.id "
    "WHERE d.county_id = NEW.county_id AND d.state = 'approved' AND d.pack_id = NEW.pack_id "
    "AND d.pack_version = NEW.version AND d.digest = NEW.digest AND d.files = NEW.files "
    "AND d.author_id = NEW.author_id AND d.approver_id = NEW.approver_id "
    "AND a.step = 'approve' AND a.editor_id = NEW.approver_id AND a.digest = NEW.digest)"
)
HAS_ITS_STEP = (
    "EXISTS (SELECT 1 FROM pack_draft_edits e WHERE e.draft_id = NEW.id AND e.to_state = NEW.state "
    "AND e.digest = NEW.digest)"
)
WAS_EDITED = (
    "EXISTS (SELECT 1 FROM pack_draft_edits e WHERE e.draft_id = NEW.id AND e.step = 'edit' "
    "AND e.digest = NEW.digest)"
)
WAS_TRIED = (
    "EXISTS (SELECT 1 FROM backtests b WHERE b.draft_id = NEW.id AND b.digest = NEW.digest "
    "AND b.state = 'done')"
)
WAS_APPROVED = (
    "EXISTS (SELECT 1 FROM pack_draft_edits a WHERE a.draft_id = NEW.id AND a.step = 'approve' "
    "AND a.editor_id = NEW.approver_id AND a.digest = NEW.digest AND NOT EXISTS (SELECT 1 "
    "FROM pack_draft_edits l WHERE l.draft_id = NEW.id AND l.step IN ('edit', 'submit', 'reject') "
    "AND l.at > a.at))"
)
MAY_APPROVE = (
    "EXISTS (SELECT 1 FROM pack_drafts d WHERE d.id = NEW.draft_id AND d.county_id = NEW.county_id "
    "AND d.state = 'submitted' AND d.digest = NEW.digest AND d.author_id <> NEW.editor_id "
    "AND NOT EXISTS (SELECT 1 FROM pack_draft_edits e WHERE e.draft_id = d.id "
    f"AND e.step IN {EDITING} AND e.editor_id = NEW.editor_id))"
)
IS_BEGINNING = (
    "EXISTS (SELECT 1 FROM pack_drafts d WHERE d.id = NEW.draft_id AND d.author_id = NEW.editor_id "
    "AND d.state = 'draft' AND NOT EXISTS (SELECT 1 FROM pack_draft_edits e WHERE e.draft_id = d.id))"
)
MAY_EDIT = (
    "EXISTS (SELECT 1 FROM pack_drafts d WHERE d.id = NEW.draft_id AND NEW.editor_id IS NOT NULL "
    f"AND d.state NOT IN {FROZEN} AND (d.approver_id IS NULL OR d.approver_id <> NEW.editor_id))"
)


@dataclass(frozen=True)
class Refusal:
    """What is refused of a table: `when` is SQL on NEW and OLD in which `<!>` stands for "differs from"."""

    table: str
    verb: str
    when: str
    says: str


def _differs(names: Iterable[str]) -> str:
    return "(" + " OR ".join(f"OLD.{name} <!> NEW.{name}" for name in names) + ")"


def _listed(words: Iterable[str]) -> str:
    return "(" + ", ".join(f"'{word}'" for word in words) + ")"


_NEW_REF = f"NEW.{THE_REF.format(version='NEW.version')}"
_DRAFT_REF = f"NEW.{THE_REF.format(version='NEW.pack_version')}"

REFUSALS = (
    Refusal(
        "packs",
        "INSERT",
        f"NOT ({IS_STORED.format(ref='NEW.ref')} OR {IS_FIRST} OR {IS_APPROVED})",
        "a pack is stored by two people: its draft was not approved",
    ),
    Refusal("packs", "INSERT", f"NEW.ref <> {_NEW_REF}", "a pack has the reference of its parts"),
    Refusal(
        "pack_activations",
        "INSERT",
        f"NOT {IS_STORED.format(ref='NEW.ref')}",
        "no pack of this reference is stored",
    ),
    Refusal(
        "pack_drafts",
        "INSERT",
        "NEW.state <> 'draft' OR NEW.approver_id IS NOT NULL OR NEW.checked_digest IS NOT NULL",
        "a draft begins as a draft",
    ),
    Refusal("pack_drafts", "UPDATE", _differs(("id", "county_id")), "a draft is never another one"),
    Refusal(
        "pack_drafts",
        "UPDATE",
        f"OLD.state <> NEW.state AND (OLD.state || '>' || NEW.state NOT IN {_listed(MOVES)} "
        f"OR NOT {HAS_ITS_STEP})",
        "a draft goes from state to state by its steps",
    ),
    Refusal(
        "pack_drafts", "UPDATE", f"{_differs(CONTENT)} AND NOT {WAS_EDITED}", "whoever edits a draft is named"
    ),
    Refusal(
        "pack_drafts",
        "UPDATE",
        f"OLD.state <> NEW.state AND NEW.state IN ('submitted', 'approved', 'published') "
        f"AND (NEW.checked_digest <!> NEW.digest OR NOT {WAS_TRIED})",
        "a draft is checked and back-tested before it is submitted",
    ),
    Refusal(
        "pack_drafts",
        "UPDATE",
        "OLD.approver_id <!> NEW.approver_id AND NEW.approver_id IS NOT NULL "
        "AND NOT (OLD.state = 'submitted' AND NEW.state = 'approved')",
        "somebody approves a submitted draft",
    ),
    Refusal(
        "pack_drafts",
        "UPDATE",
        f"OLD.state <> NEW.state AND NEW.state IN ('approved', 'published') AND NOT {WAS_APPROVED}",
        "an approver takes the step of approving",
    ),
    Refusal(
        "pack_drafts",
        "UPDATE",
        f"OLD.state <> NEW.state AND NEW.state = 'published' AND NOT {IS_STORED.format(ref=_DRAFT_REF)}",
        "a published draft is stored as a pack",
    ),
    Refusal(
        "pack_draft_edits",
        "INSERT",
        f"NEW.step = 'create' AND NOT {IS_BEGINNING}",
        "a draft is begun once, by its author",
    ),
    Refusal(
        "pack_draft_edits",
        "INSERT",
        f"NEW.step = 'edit' AND NOT {MAY_EDIT}",
        "nobody edits what was submitted, or what he approved",
    ),
    Refusal(
        "pack_draft_edits",
        "INSERT",
        f"NEW.step = 'approve' AND NOT {MAY_APPROVE}",
        "a submitted draft is approved by somebody who wrote none of it",
    ),
    Refusal(
        "backtests",
        "INSERT",
        "NEW.state <> 'queued' OR NEW.done <> 0 OR NEW.attempts <> 0 OR NEW.result IS NOT NULL "
        "OR NEW.started_at IS NOT NULL OR NEW.finished_at IS NOT NULL "
        "OR EXISTS (SELECT 1 FROM backtests b WHERE b.id = NEW.id)",
        "a back-test begins by waiting",
    ),
    Refusal("backtests", "UPDATE", f"OLD.state IN {ENDED}", "a back-test that ended stays as it is"),
    Refusal(
        "backtests",
        "UPDATE",
        _differs(ASKED),
        "a back-test is of what it was asked for",
    ),
    Refusal(
        "backtests",
        "UPDATE",
        f"OLD.state <> NEW.state AND OLD.state || '>' || NEW.state NOT IN {_listed(RUNS)}",
        "a back-test is run before it ends",
    ),
    Refusal(
        "backtests",
        "UPDATE",
        "OLD.state <> NEW.state AND NEW.state = 'running' AND (NEW.owner IS NULL "
        "OR NEW.started_at IS NULL OR NEW.attempts <= OLD.attempts)",
        "a back-test is run by a process",
    ),
    Refusal(
        "backtests",
        "UPDATE",
        "OLD.state <> NEW.state AND NEW.state = 'done' AND (OLD.owner IS NULL OR NEW.finished_at IS NULL "
        "OR NEW.result IS NULL OR CAST(NEW.result AS TEXT) = 'null')",
        "a back-test that is done has a result",
    ),
)
LOCK_DRAFT = "PERFORM 1 FROM pack_drafts WHERE id = NEW.draft_id FOR UPDATE;"
"""A step waits for one that another transaction is taking, which it could not see."""
LOCK_COUNTY = (
    "IF NEW.approver_id IS NULL THEN PERFORM 1 FROM counties WHERE id = NEW.county_id FOR UPDATE; END IF;"
)
"""Of two first packs at a time one is the second."""
FIRST_OF_ALL = {("pack_draft_edits", "INSERT"): LOCK_DRAFT, ("packs", "INSERT"): LOCK_COUNTY}


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for (table, verb), refusals in _by_trigger():
            _for_postgresql(table, verb, refusals)
        return
    for (table, verb), refusals in _by_trigger():
        for number, one in enumerate(refusals, start=1):
            op.execute(
                sa.text(
                    f"CREATE TRIGGER {_name(table, verb)}_{number} BEFORE {verb} ON {table} "
                    f"WHEN {_for(one.when, 'IS NOT')} "
                    f"BEGIN SELECT RAISE(ABORT, 'refused: {one.says}'); END"
                )
            )


def downgrade() -> None:
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    for (table, verb), refusals in _by_trigger():
        if is_postgresql:
            op.execute(sa.text(f"DROP TRIGGER {_name(table, verb)} ON {table}"))
            op.execute(sa.text(f"DROP FUNCTION jianjian_{_name(table, verb)}()"))
            continue
        for number in range(1, len(refusals) + 1):
            op.execute(sa.text(f"DROP TRIGGER {_name(table, verb)}_{number}"))


def _by_trigger() -> list[tuple[tuple[str, str], list[Refusal]]]:
    return [(key, list(group)) for key, group in groupby(REFUSALS, key=lambda one: (one.table, one.verb))]


def _name(table: str, verb: str) -> str:
    return f"by_steps_{verb.lower()}_{table}"


def _for(when: str, differs: str) -> str:
    return when.replace("<!>", differs)


def _for_postgresql(table: str, verb: str, refusals: list[Refusal]) -> None:
    name = _name(table, verb)
    body = " ".join(
        f"IF {_for(one.when, 'IS DISTINCT FROM')} THEN RAISE EXCEPTION 'refused: {one.says}'; END IF;"
        for one in refusals
    )
    op.execute(
        sa.text(
            f"CREATE FUNCTION jianjian_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"{FIRST_OF_ALL.get((table, verb), '')} {body} RETURN NEW; END $$"
        )
    )
    op.execute(
        sa.text(
            f"CREATE TRIGGER {name} BEFORE {verb} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION jianjian_{name}()"
        )
    )
