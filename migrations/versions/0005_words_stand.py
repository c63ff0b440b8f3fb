"""Keep the words of citizens and units as they were written.

What a post says, what a unit reported and what it replied cannot be changed once it is there; what is
noted beside them (state of triage, verdict of a reviewer) can.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

WORDS = {
    "posts": ("title", "text", "url", "posted_at", "received_at"),
    "replies": ("outcome", "text", "basis", "promised_on", "by", "at"),
    "reports": ("kind", "text", "by", "at"),
}
NO_DELETE = ("assignments", "desk_items", "matters")


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    for table, columns in WORDS.items():
        _keep(dialect, table, columns)
    for table in NO_DELETE:
        _refuse_delete(dialect, table)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for name, table in (
        *((f"keep_words_{table}", table) for table in WORDS),
        *((f"refuse_delete_{table}", table) for table in NO_DELETE),
    ):
        on = f" ON {table}" if dialect == "postgresql" else ""
        op.execute(sa.text(f"DROP TRIGGER {name}{on}"))


def _keep(dialect: str, table: str, columns: tuple[str, ...]) -> None:
    differs = "IS DISTINCT FROM" if dialect == "postgresql" else "IS NOT"
    quoted = [f'"{column}"' for column in columns]
    changed = " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in quoted)
    op.execute(
        sa.text(
            f"CREATE TRIGGER keep_words_{table} BEFORE UPDATE OF {', '.join(quoted)} ON {table} "
            f"FOR EACH ROW WHEN ({changed}) {_refusal(dialect, 'UPDATE', table)}"
        )
    )


def _refuse_delete(dialect: str, table: str) -> None:
    op.execute(
        sa.text(
            f"CREATE TRIGGER refuse_delete_{table} BEFORE DELETE ON {table} "
            f"FOR EACH ROW {_refusal(dialect, 'DELETE', table)}"
        )
    )


def _refusal(dialect: str, verb: str, table: str) -> str:
    if dialect == "postgresql":
        return "EXECUTE FUNCTION jianjian_refuse()"
    return f"BEGIN SELECT RAISE(ABORT, 'append-only: {verb} on {table} is refused'); END"
