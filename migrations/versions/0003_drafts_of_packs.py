"""Drafts of rule packs: written by one, approved by another, tried on history, kept for ever.

The database itself holds that nobody approves what he wrote and that what is approved is what was submitted.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NO_CHANGE = ("pack_draft_edits", "shadow_differences")
NO_DELETE = ("pack_drafts", "backtests", "shadow_runs")
FROZEN = "('submitted', 'approved', 'published', 'withdrawn')"
FINAL = "('published', 'withdrawn')"
CONTENT = ("files", "digest", "pack_id", "pack_version", "base_ref")
TWO_PEOPLE = "ck_packs_two_people"


def upgrade() -> None:
    _create_drafts()
    _create_backtests()
    _create_shadow_runs()
    op.add_column("pack_activations", sa.Column("reason", sa.Text(), nullable=True))
    op.add_column("counties", sa.Column("units_ref", sa.Text(), nullable=True))
    dialect = op.get_bind().dialect.name
    for table in NO_CHANGE:
        _refuse(dialect, table, "UPDATE")
        _refuse(dialect, table, "DELETE")
    for table in NO_DELETE:
        _refuse(dialect, table, "DELETE")
    _hold_two_people(dialect)
    _freeze_submitted(dialect)
    _check_packs(dialect)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    if dialect == "postgresql":
        op.drop_constraint(op.f(TWO_PEOPLE), "packs")
    else:
        with op.batch_alter_table("packs", recreate="always") as batch:
            batch.drop_constraint(op.f(TWO_PEOPLE))
        for verb in ("UPDATE", "DELETE"):
            _refuse(dialect, "packs", verb)
    op.drop_column("counties", "units_ref")
    op.drop_column("pack_activations", "reason")
    for table in ("shadow_differences", "shadow_runs", "backtests", "pack_draft_edits", "pack_drafts"):
        op.drop_table(table)  # with its triggers
    if dialect == "postgresql":
        op.execute(sa.text("DROP FUNCTION jianjian_two_people()"))


def _json() -> sa.types.TypeEngine:
    return sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def _when(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _county(table: str) -> tuple[sa.Column, sa.ForeignKeyConstraint, sa.PrimaryKeyConstraint]:
    return (
        sa.Column("county_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["county_id"], ["counties.id"], name=op.f(f"fk_{table}_county_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _points_to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))


def _create_drafts() -> None:
    op.create_table(
        "pack_drafts",
        sa.Column("id", sa.Uuid(), nullable=False),
        _text("pack_id"),
        sa.Column("pack_version", sa.Integer(), nullable=False),
        _text("title"),
        _text("note"),
        _text("origin"),
        sa.Column("files", _json(), nullable=False),
        _text("base_ref", nullable=True),
        _text("digest"),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        _text("author"),
        _text("checked_digest", nullable=True),
        _when("checked_at", nullable=True),
        sa.Column("problems", _json(), nullable=False),
        sa.Column("approver_id", sa.Uuid(), nullable=True),
        _text("approver", nullable=True),
        _text("approval_note"),
        _when("approved_at", nullable=True),
        _when("effective_at", nullable=True),
        _when("created_at"),
        _when("updated_at"),
        sa.Column("version", sa.Integer(), nullable=False),
        *_county("pack_drafts"),
        sa.CheckConstraint(
            "approver_id IS NULL OR approver_id <> author_id", name=op.f("ck_pack_drafts_two_people")
        ),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'published') OR approver_id IS NOT NULL",
            name=op.f("ck_pack_drafts_approved_by_somebody"),
        ),
    )
    op.create_index("ix_pack_drafts_listed", "pack_drafts", ["county_id", "updated_at"])
    op.create_table(
        "pack_draft_edits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.String(length=12), nullable=False),
        sa.Column("from_state", sa.String(length=12), nullable=True),
        sa.Column("to_state", sa.String(length=12), nullable=False),
        sa.Column("editor_id", sa.Uuid(), nullable=True),
        _text("editor"),
        _text("file", nullable=True),
        _text("digest"),
        _text("note"),
        _when("at"),
        *_county("pack_draft_edits"),
        _points_to("pack_draft_edits", "draft_id", "pack_drafts"),
    )
    op.create_index("ix_pack_draft_edits_draft", "pack_draft_edits", ["draft_id", "id"])


def _create_backtests() -> None:
    op.create_table(
        "backtests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        _text("digest"),
        _text("base_ref"),
        _when("period_from"),
        _when("period_to"),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("result", _json(), nullable=True),
        _when("after_at", nullable=True),
        sa.Column("after_id", sa.Uuid(), nullable=True),
        _text("problem"),
        _text("owner", nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        _when("beat_at", nullable=True),
        _text("asked_by"),
        _when("asked_at"),
        _when("started_at", nullable=True),
        _when("finished_at", nullable=True),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_county("backtests"),
        _points_to("backtests", "draft_id", "pack_drafts"),
    )
    op.create_index("ix_backtests_draft", "backtests", ["draft_id", "id"])
    op.create_index("ix_backtests_waiting", "backtests", ["county_id", "state"])


def _create_shadow_runs() -> None:
    op.create_table(
        "shadow_runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        _text("digest"),
        _when("starts_at"),
        _when("ends_at"),
        sa.Column("watermark", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        _text("problem"),
        sa.Column("result", _json(), nullable=False),
        _text("started_by"),
        _when("finished_at", nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *_county("shadow_runs"),
        _points_to("shadow_runs", "draft_id", "pack_drafts"),
    )
    op.create_index("ix_shadow_runs_draft_id", "shadow_runs", ["draft_id"])
    op.create_index("ix_shadow_runs_running", "shadow_runs", ["county_id", "state"])
    op.create_table(
        "shadow_differences",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        _when("decided_at"),
        _text("pack_ref"),
        sa.Column("before", _json(), nullable=False),
        sa.Column("after", _json(), nullable=False),
        *_county("shadow_differences"),
        _points_to("shadow_differences", "run_id", "shadow_runs"),
        _points_to("shadow_differences", "decision_id", "decisions"),
        _points_to("shadow_differences", "post_id", "posts"),
        sa.UniqueConstraint(
            "county_id", "run_id", "decision_id", name=op.f("uq_shadow_differences_county_id_run_id_decision_id")
        ),
    )


def _hold_two_people(dialect: str) -> None:
    """Refuse an approver who is among the editors, whatever wrote the row."""
    wrote = (
        "SELECT 1 FROM pack_draft_edits WHERE draft_id = NEW.id AND editor_id = NEW.approver_id "
        "AND step IN ('create', 'edit')"
    )
    if dialect == "postgresql":
        op.execute(
            sa.text(
                "CREATE FUNCTION jianjian_two_people() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF EXISTS ({wrote}) THEN RAISE EXCEPTION 'refused: an editor approves his own draft'; END IF; "
                "RETURN NEW; END $$"
            )
        )
        op.execute(
            sa.text(
                "CREATE TRIGGER two_people_pack_drafts BEFORE INSERT OR UPDATE ON pack_drafts "
                "FOR EACH ROW EXECUTE FUNCTION jianjian_two_people()"
            )
        )
        return
    for verb in ("INSERT", "UPDATE"):
        op.execute(
            sa.text(
                f"CREATE TRIGGER two_people_{verb.lower()}_pack_drafts BEFORE {verb} ON pack_drafts "
                f"WHEN EXISTS ({wrote}) "
                "BEGIN SELECT RAISE(ABORT, 'refused: an editor approves his own draft'); END"
            )
        )


def _freeze_submitted(dialect: str) -> None:
    """Keep the files of a submitted draft, the author of any, and the state of one that came to its end."""
    differs = "IS DISTINCT FROM" if dialect == "postgresql" else "IS NOT"
    changed = " OR ".join(f"OLD.{name} {differs} NEW.{name}" for name in CONTENT)
    wrong = (
        f"OLD.author_id {differs} NEW.author_id "
        f"OR (OLD.state IN {FROZEN} AND ({changed})) "
        f"OR (OLD.state IN {FINAL} AND OLD.state {differs} NEW.state)"
    )
    _refuse(dialect, "pack_drafts", "UPDATE", when=wrong)


def _check_packs(dialect: str) -> None:
    """Hold for published packs, too, that author and approver are two people."""
    condition = "author_id <> approver_id"
    if dialect == "postgresql":
        op.create_check_constraint(op.f(TWO_PEOPLE), "packs", condition)
        return
    with op.batch_alter_table("packs", recreate="always") as batch:
        batch.create_check_constraint(op.f(TWO_PEOPLE), condition)
    for verb in ("UPDATE", "DELETE"):  # they went with the old table
        _refuse(dialect, "packs", verb)


def _refuse(dialect: str, table: str, verb: str, when: str | None = None) -> None:
    name = f"refuse_{verb.lower()}_{table}"
    if dialect == "postgresql":
        condition = f"WHEN ({when}) " if when else ""
        op.execute(
            sa.text(
                f"CREATE TRIGGER {name} BEFORE {verb} ON {table} "
                f"FOR EACH ROW {condition}EXECUTE FUNCTION jianjian_refuse()"
            )
        )
        if verb == "DELETE":
            op.execute(
                sa.text(
                    f"CREATE TRIGGER refuse_truncate_{table} BEFORE TRUNCATE ON {table} "
                    "FOR EACH STATEMENT EXECUTE FUNCTION jianjian_refuse()"
                )
            )
        return
    condition = f"WHEN {when} " if when else ""
    op.execute(
        sa.text(
            f"CREATE TRIGGER {name} BEFORE {verb} ON {table} {condition}"
            f"BEGIN SELECT RAISE(ABORT, 'append-only: {verb} on {table} is refused'); END"
        )
    )
