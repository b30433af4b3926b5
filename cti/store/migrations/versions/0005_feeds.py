"""Private calendars of people, and what stands in them."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "feed",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("found_by", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_feed")),
        sa.UniqueConstraint("found_by", name=op.f("uq_feed_found_by")),
    )
    op.create_table(
        "feed_item",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("prompt_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("standing", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("changed_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("person", "prompt_id", name=op.f("pk_feed_item")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_feed_item_prompt_id", "feed_item", ["prompt_id"], unique=False)
