"""Let a matter stand for another one, since a person merged their cases."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("matters", sa.Column("same_as", sa.Uuid(), nullable=True))


def downgrade() -> None:
    op.drop_column("matters", "same_as")
