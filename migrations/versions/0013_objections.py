"""Keep objections of units to an assignment, and the rulings of the office, which are precedents."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

OBJECTIONS, RULINGS = "objections", "rulings"


def upgrade() -> None:
    op.create_table(
        OBJECTIONS,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("clause", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_unit", sa.Text(), nullable=True),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("county_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_objections_case_id")),
        sa.ForeignKeyConstraint(["county_id"], ["counties.id"], name=op.f("fk_objections_county_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objections")),
        sa.UniqueConstraint(
            "county_id", "case_id", "unit_code", name=op.f("uq_objections_county_id_case_id_unit_code")
        ),
    )
    op.create_index("ix_objections_case_id", OBJECTIONS, ["case_id"])
    op.create_table(
        RULINGS,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("objection_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("former_unit", sa.Text(), nullable=True),
        sa.Column("lead_unit", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("review", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("zone", sa.Text(), nullable=True),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("county_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_rulings_case_id")),
        sa.ForeignKeyConstraint(["objection_id"], [f"{OBJECTIONS}.id"], name=op.f("fk_rulings_objection_id")),
        sa.ForeignKeyConstraint(["county_id"], ["counties.id"], name=op.f("fk_rulings_county_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rulings")),
    )
    op.create_index("ix_rulings_case_id", RULINGS, ["case_id"])
    op.create_index("ix_rulings_topic", RULINGS, ["county_id", "topic", "id"])
    for table in (OBJECTIONS, RULINGS):
        for verb in ("UPDATE", "DELETE"):
            _refuse(op.get_bind().dialect.name, table, verb)


def downgrade() -> None:
    for table in (RULINGS, OBJECTIONS):
        op.drop_table(table)  # with its triggers


def _refuse(dialect: str, table: str, verb: str) -> None:
    name = f"refuse_{verb.lower()}_{table}"
    if dialect == "postgresql":
        does = "FOR EACH ROW EXECUTE FUNCTION jianjian_refuse()"
    else:
        does = f"BEGIN SELECT RAISE(ABORT, 'append-only: {verb} on {table} is refused'); END"
    op.execute(sa.text(f"CREATE TRIGGER {name} BEFORE {verb} ON {table} {does}"))
