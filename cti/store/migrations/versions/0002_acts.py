"""What people do on the pages: who answered, prompts that change hands, absences, and the audit trail."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("prompt", sa.Column("answered_by", sa.String(), nullable=True))
    op.add_column("prompt", sa.Column("handed_to", sa.String(), nullable=True))
    op.add_column("prompt", sa.Column("handed_by", sa.String(), nullable=True))
    op.add_column("prompt", sa.Column("handed_at", TIME, nullable=True))
    op.add_column("prompt", sa.Column("handed_times", sa.Integer(), nullable=True))
    op.create_index(
        "ix_prompt_handed_to",
        "prompt",
        ["handed_to"],
        unique=False,
        sqlite_where=sa.text("handed_to IS NOT NULL"),
        postgresql_where=sa.text("handed_to IS NOT NULL"),
    )
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("deputy", sa.String(), nullable=True),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.Column("entered_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("client", sa.Integer(), nullable=True),
        sa.Column("prompt", sa.Integer(), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_at", "audit", ["at"], unique=False)
    op.create_index(
        "ix_audit_client",
        "audit",
        ["client"],
        unique=False,
        sqlite_where=sa.text("client IS NOT NULL"),
        postgresql_where=sa.text("client IS NOT NULL"),
    )
