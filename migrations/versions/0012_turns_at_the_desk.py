"""Give each item of the person's desk its turn: threats to life first, then by grade."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

OPEN = sa.text("closed_at IS NULL")
BY_GRADE = {"serious": 1, "major": 2, "general": 4}
LIFE, UNGRADED = 0, 3

items = sa.table(
    "desk_items",
    sa.column("id", sa.Uuid()),
    sa.column("turn", sa.Integer()),
    sa.column("post_id", sa.Uuid()),
    sa.column("case_id", sa.Uuid()),
    sa.column("closed_at", sa.DateTime(timezone=True)),
)
cases = sa.table("cases", sa.column("id", sa.Uuid()), sa.column("grade", sa.Text()))
decisions = sa.table(
    "decisions",
    sa.column("id", sa.Uuid()),
    sa.column("post_id", sa.Uuid()),
    sa.column("decided_at", sa.DateTime(timezone=True)),
    sa.column("grade", sa.Text()),
    sa.column("features", sa.JSON()),
)


def upgrade() -> None:
    op.add_column("desk_items", sa.Column("turn", sa.Integer(), nullable=False, server_default=sa.text("3")))
    for item_id, post_id, case_id in _open_items():
        turn = _turn(post_id, case_id)
        if turn != UNGRADED:
            op.get_bind().execute(sa.update(items).where(items.c.id == item_id).values(turn=turn))
    op.create_index(
        "ix_desk_items_turn",
        "desk_items",
        ["county_id", "turn", "id"],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def downgrade() -> None:
    op.drop_index("ix_desk_items_turn", table_name="desk_items")
    op.drop_column("desk_items", "turn")


def _open_items():
    asked = sa.select(items.c.id, items.c.post_id, items.c.case_id).where(items.c.closed_at.is_(None))
    return op.get_bind().execute(asked).all()


def _turn(post_id, case_id):
    grade, features = None, {}
    if post_id is not None:
        newest = (
            sa.select(decisions.c.grade, decisions.c.features)
            .where(decisions.c.post_id == post_id)
            .order_by(decisions.c.decided_at.desc(), decisions.c.id.desc())
            .limit(1)
        )
        grade, features = op.get_bind().execute(newest).first() or (None, {})
    if case_id is not None:
        grade = op.get_bind().scalar(sa.select(cases.c.grade).where(cases.c.id == case_id)) or grade
    return LIFE if features.get("danger_to_life") else BY_GRADE.get(grade, UNGRADED)
