"""The tables as they begin.

A migration stays as it is once it is released: it says what was, so it imports nothing of cti.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "client",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("planned", sa.Integer(), nullable=False),
        sa.Column("situation", sa.String(), nullable=True),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("problem", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client")),
        sa.UniqueConstraint("ref", name=op.f("uq_client_ref")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_client_dirty",
        "client",
        ["id"],
        unique=False,
        sqlite_where=sa.text("changed > planned"),
        postgresql_where=sa.text("changed > planned"),
    )
    op.create_index(
        "ix_client_open",
        "client",
        ["id"],
        unique=False,
        sqlite_where=sa.text("open = 1"),
        postgresql_where=sa.text("open"),
    )
    op.create_index(
        "ix_client_problem",
        "client",
        ["id"],
        unique=False,
        sqlite_where=sa.text("problem IS NOT NULL"),
        postgresql_where=sa.text("problem IS NOT NULL"),
    )
    op.create_table(
        "erased",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "hash", name=op.f("pk_erased")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "held",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("of", sa.String(), nullable=False),
        sa.Column("numbers", sa.String(), nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.PrimaryKeyConstraint("kind", "of", name=op.f("pk_held")),
    )
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("next_attempt_at", TIME, nullable=False),
        sa.Column("claimed_until", TIME, nullable=True),
        sa.Column("sent_at", TIME, nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("message_id", name=op.f("uq_message_message_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_message_claimed",
        "message",
        ["claimed_until"],
        unique=False,
        sqlite_where=sa.text("state = 'claimed'"),
        postgresql_where=sa.text("state = 'claimed'"),
    )
    op.create_index("ix_message_day", "message", ["day"], unique=False)
    op.create_index(
        "ix_message_failed",
        "message",
        ["id"],
        unique=False,
        sqlite_where=sa.text("state = 'failed'"),
        postgresql_where=sa.text("state = 'failed'"),
    )
    op.create_index(
        "ix_message_queued",
        "message",
        ["next_attempt_at"],
        unique=False,
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.create_table(
        "meta",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_meta")),
    )
    op.create_table(
        "quarantine",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("params", sa.String(), nullable=False),
        sa.Column("first_seen", TIME, nullable=False),
        sa.Column("last_seen", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantine")),
        sa.UniqueConstraint("source", "place", "field", name=op.f("uq_quarantine_source_place_field")),
    )
    op.create_table(
        "rulebook",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("adopted_by", sa.String(), nullable=False),
        sa.Column("adopted_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rulebook")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_rulebook_digest"), "rulebook", ["digest"], unique=False)
    op.create_table(
        "source",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("first_read_at", TIME, nullable=True),
        sa.Column("last_read_at", TIME, nullable=True),
        sa.Column("last_new_at", TIME, nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("counts", sa.String(), nullable=False),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.Column("last_error_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_source")),
    )
    op.create_table(
        "message_body",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("html", sa.String(), nullable=False),
        sa.Column("in_reply_to", sa.String(), nullable=True),
        sa.Column("references", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["message.id"], name=op.f("fk_message_body_id_message")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_body")),
    )
    op.create_table(
        "prompt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("names", sa.String(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("known", TIME, nullable=False),
        sa.Column("due", TIME, nullable=True),
        sa.Column("wanted_at", TIME, nullable=True),
        sa.Column("until", TIME, nullable=True),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("worker", sa.String(), nullable=True),
        sa.Column("standing", sa.String(), nullable=False),
        sa.Column("facts", sa.String(), nullable=False),
        sa.Column("rulebook", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_at", TIME, nullable=True),
        sa.Column("snoozed_until", TIME, nullable=True),
        sa.Column("sent_at", TIME, nullable=True),
        sa.Column("covered_by", sa.Integer(), nullable=True),
        sa.Column("unroutable", sa.Boolean(), nullable=False),
        sa.Column("told_standing", sa.String(), nullable=True),
        sa.Column("told_due", sa.Date(), nullable=True),
        sa.Column("told_revision", sa.Integer(), nullable=False),
        sa.Column("follow_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_prompt_client_id_client")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prompt")),
        sa.UniqueConstraint("key", name=op.f("uq_prompt_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_prompt_client_id"), "prompt", ["client_id"], unique=False)
    op.create_index(
        "ix_prompt_due",
        "prompt",
        ["due"],
        unique=False,
        sqlite_where=sa.text(
            "standing = 'wanted' AND sent_at IS NULL AND answer IS NULL AND covered_by IS NULL"
        ),
        postgresql_where=sa.text(
            "standing = 'wanted' AND sent_at IS NULL AND answer IS NULL AND covered_by IS NULL"
        ),
    )
    op.create_index(
        "ix_prompt_follow_at",
        "prompt",
        ["follow_at"],
        unique=False,
        sqlite_where=sa.text("sent_at IS NOT NULL AND answer IS NULL"),
        postgresql_where=sa.text("sent_at IS NOT NULL AND answer IS NULL"),
    )
    op.create_index(
        "ix_prompt_turned",
        "prompt",
        ["id"],
        unique=False,
        sqlite_where=sa.text("sent_at IS NOT NULL AND answer IS NULL AND told_revision <> revision"),
        postgresql_where=sa.text("sent_at IS NOT NULL AND answer IS NULL AND told_revision <> revision"),
    )
    op.create_index(
        "ix_prompt_unroutable",
        "prompt",
        ["id"],
        unique=False,
        sqlite_where=sa.text("unroutable = 1"),
        postgresql_where=sa.text("unroutable"),
    )
    op.create_table(
        "record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("recorded", TIME, nullable=True),
        sa.Column("stated", sa.LargeBinary(), nullable=True),
        sa.Column("known", TIME, nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_record_client_id_client")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record")),
        sa.UniqueConstraint("source", "ref", "part", name=op.f("uq_record_source_ref_part")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_record_client_id"), "record", ["client_id"], unique=False)
    op.create_table(
        "message_item",
        sa.Column("prompt_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("message", sa.Integer(), nullable=False),
        sa.Column("standing", sa.String(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["message"], ["message.id"], name=op.f("fk_message_item_message_message")),
        sa.ForeignKeyConstraint(["prompt_id"], ["prompt.id"], name=op.f("fk_message_item_prompt_id_prompt")),
        sa.PrimaryKeyConstraint("prompt_id", "kind", "number", name=op.f("pk_message_item")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_message_item_message"), "message_item", ["message"], unique=False)
    op.create_table(
        "prompt_name",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("prompt_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["prompt_id"], ["prompt.id"], name=op.f("fk_prompt_name_prompt_id_prompt")),
        sa.PrimaryKeyConstraint("name", "rule", "step", "prompt_id", name=op.f("pk_prompt_name")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_prompt_name_prompt_id"), "prompt_name", ["prompt_id"], unique=False)
    op.create_table(
        "version",
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("recorded", TIME, nullable=True),
        sa.Column("known", TIME, nullable=False),
        sa.Column("learned", TIME, nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_version_client_id_client")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_version_record_id_record")),
        sa.PrimaryKeyConstraint("record_id", "seq", name=op.f("pk_version")),
        sqlite_with_rowid=False,
    )
