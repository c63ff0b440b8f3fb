"""Keep which figures of a post nobody looked at: unknown is not 0. Earlier rows say that all were seen."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("post_metrics", sa.Column("unseen", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("post_metrics", "unseen")
