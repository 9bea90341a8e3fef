"""Bring a database to the schema that this version needs."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

import migrations


def alembic_config() -> Config:
    """Alembic's configuration, without an ini file."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    return config


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Migrate on ``connection``; two that start at once do it one after the other."""
    connection.execute(text("SELECT pg_advisory_lock(hashtext('antichambre-migrate'))"))
    try:
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.commit()
    finally:
        connection.execute(text("SELECT pg_advisory_unlock(hashtext('antichambre-migrate'))"))
        connection.commit()


async def migrate(engine: AsyncEngine) -> None:
    """Migrate the engine's database to the newest schema."""
    async with engine.connect() as connection:
        await connection.run_sync(upgrade)
