"""Alembic runs this for each upgrade; `cti.store.schema` gives it the connection, with the transaction begun."""

from alembic import context

from cti.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
context.run_migrations()
