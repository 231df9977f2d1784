"""The migrations make the tables that the models describe, on both databases."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from app.db import Database
from tests.source import ROOT
from tests.test_architecture import metadata

COMMAND = Path(sys.executable).with_name("stamkunde")


def upgraded(url):
    """Bring a database up to date as an operator does."""
    environment = os.environ | {"DATABASE_URL": url}
    done = subprocess.run(
        [COMMAND, "db", "upgrade"], env=environment, cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def differences(url):
    """What the models have and the database has not, or the other way round."""
    database = Database(url)
    with database.reading() as session:
        found = compare_metadata(MigrationContext.configure(session.connection()), metadata())
    database.close()
    return found


@pytest.fixture(
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs("postgresql"))]
)
def empty_url(request, tmp_path):
    """A database with nothing in it."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    return request.getfixturevalue("empty_postgres_url")


def test_migrations_make_what_the_models_describe(empty_url):
    upgraded(empty_url)

    assert differences(empty_url) == []


def test_an_upgrade_may_be_run_again(empty_url):
    upgraded(empty_url)
    upgraded(empty_url)

    assert differences(empty_url) == []
