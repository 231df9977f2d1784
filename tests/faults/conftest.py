"""Worlds to be killed in, each on a database of its own."""

import shutil
from contextlib import closing, contextmanager
from itertools import count

import pytest

from app.db import Database
from tests.databases import watch_shops
from tests.faults.world import World
from tests.parts import database_on


@pytest.fixture(
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs("postgresql"))]
)
def new_world(request, tmp_path, vault):
    """Worlds, each on a migrated database of its own."""
    numbers = count()

    @contextmanager
    def database_url():
        number = next(numbers)
        if request.param == "postgresql":
            template = request.getfixturevalue("postgres_template")
            server = request.getfixturevalue("postgres_server")
            with database_on(server, f"point_{number}", template=template) as url:
                yield url
            return
        path = tmp_path / f"{number}.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"

    @contextmanager
    def world():
        with database_url() as url, closing(Database(url)) as database:
            watch_shops(database)
            made = World(database, vault, tmp_path / f"{next(numbers)}.demoshop")
            yield made
            made.demo.extensions["machine"].close()

    return world
