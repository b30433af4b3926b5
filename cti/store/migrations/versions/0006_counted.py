"""Indexes for the pages that count prompts: by when they fell due, and of those that wait, until when."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

WAITS = sa.text("standing = 'wanted' AND sent_at IS NULL AND answer IS NULL AND covered_by IS NULL")


def upgrade() -> None:
    op.create_index("ix_prompt_counted", "prompt", ["due"], unique=False)
    op.drop_index("ix_prompt_due", "prompt")
    op.create_index(
        "ix_prompt_due",
        "prompt",
        ["due", "until"],
        unique=False,
        sqlite_where=WAITS,
        postgresql_where=WAITS,
    )
