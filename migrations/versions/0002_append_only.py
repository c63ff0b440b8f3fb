"""Keep timeline, audit, ledger and decisions append-only, and posts for ever.

The application's role could not change a line of them even by mistake: the database refuses.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NO_CHANGE = (
    "audit_log",
    "clock_events",
    "corrections",
    "decisions",
    "documents",
    "events",
    "pack_activations",
    "packs",
    "post_metrics",
    "reaudits",
    "score_entries",
)
NO_DELETE = ("posts", "cases", "case_posts", "clocks", "dismissals", "replies", "reports", "supervision_steps")


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    if dialect == "postgresql":
        op.execute(
            sa.text(
                "CREATE FUNCTION jianjian_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                "RAISE EXCEPTION 'append-only: % on % is refused', TG_OP, TG_TABLE_NAME; END $$"
            )
        )
    for table in NO_CHANGE:
        _refuse(dialect, table, "UPDATE")
        _refuse(dialect, table, "DELETE")
    for table in NO_DELETE:
        _refuse(dialect, table, "DELETE")


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for table in NO_CHANGE:
        _allow(dialect, table, "UPDATE")
        _allow(dialect, table, "DELETE")
    for table in NO_DELETE:
        _allow(dialect, table, "DELETE")
    if dialect == "postgresql":
        op.execute(sa.text("DROP FUNCTION jianjian_refuse()"))


def _refuse(dialect: str, table: str, verb: str) -> None:
    name = f"refuse_{verb.lower()}_{table}"
    if dialect == "postgresql":
        op.execute(
            sa.text(
                f"CREATE TRIGGER {name} BEFORE {verb} ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION jianjian_refuse()"
            )
        )
        if verb == "DELETE":
            op.execute(
                sa.text(
                    f"CREATE TRIGGER refuse_truncate_{table} BEFORE TRUNCATE ON {table} "
                    "FOR EACH STATEMENT EXECUTE FUNCTION jianjian_refuse()"
                )
            )
    else:
        op.execute(
            sa.text(
                f"CREATE TRIGGER {name} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'append-only: {verb} on {table} is refused'); END"
            )
        )


def _allow(dialect: str, table: str, verb: str) -> None:
    on = f" ON {table}" if dialect == "postgresql" else ""
    op.execute(sa.text(f"DROP TRIGGER refuse_{verb.lower()}_{table}{on}"))
    if dialect == "postgresql" and verb == "DELETE":
        op.execute(sa.text(f"DROP TRIGGER refuse_truncate_{table}{on}"))
