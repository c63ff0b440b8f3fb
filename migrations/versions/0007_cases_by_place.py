"""Find cases by their place: a new one may be about the same matter as an open one."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_cases_place", "cases", ["county_id", "place"])


def downgrade() -> None:
    op.drop_index("ix_cases_place", table_name="cases")
