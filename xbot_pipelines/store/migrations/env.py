"""How Alembic reaches the database: over the connection that `migrate` hands it, in one transaction."""

from alembic import context

from xbot_pipelines.store.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
