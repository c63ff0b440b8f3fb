"""Let no INSERT OR REPLACE take the place of a published pack, an activation, a draft or one of its steps.

SQLite deletes the row in the way without firing the triggers that refuse deletes. PostgreSQL knows no such
verb: its ON CONFLICT DO UPDATE fires the triggers that refuse updates.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

SAME_PACK = (
    "id = NEW.id OR (county_id = NEW.county_id AND ref = NEW.ref) "
    "OR (county_id = NEW.county_id AND pack_id = NEW.pack_id AND version = NEW.version)"
)
HELD = ("pack_activations", "pack_drafts", "pack_draft_edits")


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    # Storing a pack that is there already is no fault: the writer asks by ON CONFLICT DO NOTHING, which is
    # looked at only after this trigger. So the row is passed over, and the stored one stays.
    _before_insert("packs", SAME_PACK, "RAISE(IGNORE)")
    for table in HELD:
        _before_insert(table, "id = NEW.id", f"RAISE(ABORT, 'append-only: REPLACE on {table} is refused')")


def downgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    for table in ("packs", *HELD):
        op.execute(sa.text(f"DROP TRIGGER refuse_replace_{table}"))


def _before_insert(table: str, same: str, answer: str) -> None:
    op.execute(
        sa.text(
            f"CREATE TRIGGER refuse_replace_{table} BEFORE INSERT ON {table} "  # noqa: S608 - names from above
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) BEGIN SELECT {answer}; END"
        )
    )
