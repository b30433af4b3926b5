"""What the pages need: who works with whom, and who asked for a link to come in."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    # Filled by the next pass, which plans all clients anew (what it planned with is kept in another form now).
    op.create_table(
        "assignment",
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("worker", sa.String(), nullable=True),
        sa.Column("team", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_assignment_client_id_client")),
        sa.PrimaryKeyConstraint("client_id", "day", name=op.f("pk_assignment")),
        sqlite_with_rowid=False,
    )
    for column in ("worker", "team"):
        op.create_index(
            f"ix_assignment_{column}",
            "assignment",
            [column],
            unique=False,
            sqlite_where=sa.text(f"{column} IS NOT NULL"),
            postgresql_where=sa.text(f"{column} IS NOT NULL"),
        )
    op.create_index(
        "ix_prompt_worker",
        "prompt",
        ["worker"],
        unique=False,
        sqlite_where=sa.text("worker IS NOT NULL"),
        postgresql_where=sa.text("worker IS NOT NULL"),
    )
    op.create_index(
        "ix_prompt_role",
        "prompt",
        ["role"],
        unique=False,
        sqlite_where=sa.text("role <> 'worker'"),
        postgresql_where=sa.text("role <> 'worker'"),
    )
    op.create_table(
        "login",
        sa.Column("link", sa.LargeBinary(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("place", sa.LargeBinary(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("person", sa.String(), nullable=True),
        sa.Column("used_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("link", name=op.f("pk_login")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_login_address", "login", ["address", "at"], unique=False)
    op.create_index("ix_login_place", "login", ["place", "at"], unique=False)
    op.create_index("ix_login_at", "login", ["at"], unique=False)
