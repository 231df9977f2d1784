"""A file that an older demo shop wrote is opened, not stumbled over."""

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import select

from demoshop.records.base import Database
from demoshop.records.customer import Customer, seed_personas
from tests.databases import NOON


@pytest.fixture
def older(tmp_path):
    """Forget a column of a file with customers in it, as if it had been written before."""

    def make(table: str, column: str):
        path = tmp_path / "shop.sqlite3"
        database = Database(path)
        with database.transaction() as session:
            seed_personas(session, NOON)
        database.close()
        with closing(sqlite3.connect(path)) as file:
            file.execute(f'ALTER TABLE "{table}" DROP COLUMN {column}')
        return path

    return make


@pytest.fixture
def opened():
    """Open a file, and close it in the end."""
    databases = []

    def make(path):
        databases.append(Database(path))
        return databases[-1]

    yield make
    for database in databases:
        database.close()


def customers_in(database):
    with database.transaction() as session:
        return list(session.scalars(select(Customer.handle)))


def columns_in(path, table):
    with closing(sqlite3.connect(path)) as file:
        return {row[1] for row in file.execute(f'PRAGMA table_info("{table}")')}


def test_a_column_that_may_be_empty_is_added_to_what_is_there(older, opened):
    path = older("order", "fulfilled_at")

    database = opened(path)

    assert "fulfilled_at" in columns_in(path, "order")
    assert "astrid" in customers_in(database)


def test_a_column_that_must_be_filled_makes_the_shop_start_afresh(older, opened):
    path = older("order", "gateway")

    database = opened(path)

    assert "gateway" in columns_in(path, "order")
    assert customers_in(database) == []


def test_a_file_of_today_is_left_as_it_is(older, opened):
    path = older("order", "fulfilled_at")
    opened(path).close()

    assert "astrid" in customers_in(opened(path))
