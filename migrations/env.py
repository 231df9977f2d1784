"""How Alembic reaches the database: through the app's own settings, or a connection it is given."""

from alembic import context
from sqlalchemy import Connection

from app.config import read_settings
from app.db import Database
from app.models import Base


def migrate(connection: Connection) -> None:
    """Run what is asked of Alembic on one connection, all of it or nothing."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    database = Database(read_settings().database_url)
    with database.migrating() as own:
        migrate(own)
    database.close()
