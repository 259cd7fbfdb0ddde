"""Writes a migration from the difference between the tables and the newest schema, to be read and kept.

.venv/bin/python packaging/new_migration.py 0002 "queues"
"""

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlmodel import SQLModel

import server.app  # noqa: F401  (every table is known once the application is)
from server.db.sqlite import sqlite_engine
from server.migrations import migrate


def main(revision: str, message: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        engine = sqlite_engine(Path(folder) / "schema.db")
        if list((Path(migrate.__file__).parent / "versions").glob("*.py")):
            migrate.migrate(engine, Path(folder))
        config = Config()
        config.set_main_option("script_location", str(Path(migrate.__file__).parent))
        with engine.connect() as connection:
            config.attributes["connection"] = connection
            config.attributes["metadata"] = SQLModel.metadata
            command.revision(config, message, autogenerate=True, rev_id=revision)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
