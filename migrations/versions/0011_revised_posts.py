"""Keep every other wording in which a source hands a post over again; the first one stands."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TABLE = "post_revisions"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("words_key", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("county_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["county_id"], ["counties.id"], name=op.f("fk_post_revisions_county_id")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_post_revisions_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_revisions")),
        sa.UniqueConstraint(
            "county_id", "post_id", "words_key", name=op.f("uq_post_revisions_county_id_post_id_words_key")
        ),
    )
    for verb in ("UPDATE", "DELETE"):
        _refuse(op.get_bind().dialect.name, verb)


def downgrade() -> None:
    op.drop_table(TABLE)  # with its triggers


def _refuse(dialect: str, verb: str) -> None:
    name = f"refuse_{verb.lower()}_{TABLE}"
    if dialect == "postgresql":
        does = "FOR EACH ROW EXECUTE FUNCTION jianjian_refuse()"
    else:
        does = f"BEGIN SELECT RAISE(ABORT, 'append-only: {verb} on {TABLE} is refused'); END"
    op.execute(sa.text(f"CREATE TRIGGER {name} BEFORE {verb} ON {TABLE} {does}"))
