"""What can happen to a database, made to happen, and over when the block ends."""

import os
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import event
from sqlalchemy.engine import make_url

NOBODY = 65534


def cut_connections(url):
    """What a restart of the database does to whoever speaks with it."""
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@contextmanager
def full_disk(database):
    """SQLite may not take another page."""

    def limit(connection, _record=None):
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages}")

    def widen(connection, _record=None):
        connection.execute("PRAGMA max_page_count=1073741823")

    with on_each_connection(database, limit):
        yield
    with on_each_connection(database, widen):
        pass


@contextmanager
def a_lock_that_stays(database):
    """Another process holds the write lock of the file, longer than we have patience."""

    def impatient(connection, _record=None):
        connection.execute("PRAGMA busy_timeout=100")

    with on_each_connection(database, impatient), database.engine.begin():
        yield


@contextmanager
def read_only_disk(database):
    """The folder of SQLite's file takes no writing.

    Modes do not hold root, so it is somebody else meanwhile: the folder has to be open to others.
    """
    database.close()
    folder = Path(database.url.database).parent
    modes = {path: path.stat().st_mode for path in (*folder.iterdir(), folder)}
    for path, mode in modes.items():
        path.chmod(mode & ~0o222)
    if os.geteuid() == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(os.getuid())
        database.close()
        for path, mode in modes.items():
            path.chmod(mode)


@contextmanager
def on_each_connection(database, change):
    """Change every connection that is opened while the block runs; those there are, are closed."""
    event.listen(database.engine, "connect", change)
    database.close()
    try:
        yield
    finally:
        event.remove(database.engine, "connect", change)
        database.close()


@contextmanager
def read_only(database):
    """What a server says that has become a standby: it reads and does not write."""
    with told_server(database, "SET default_transaction_read_only = on"):
        yield
    with told_server(database, "RESET default_transaction_read_only"):
        pass


@contextmanager
def shut_down(database):
    """The server cuts all connections and takes no new ones."""
    with told_server(database, "WITH ALLOW_CONNECTIONS false"):
        yield
    with told_server(database, "WITH ALLOW_CONNECTIONS true"):
        pass


@contextmanager
def told_server(database, change):
    """Change a database by its server, and cut all connections, as a restart would."""
    url = database.url.set(drivername="postgresql", database="postgres")
    plain = url.render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f'ALTER DATABASE "{database.url.database}" {change}')
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            [database.url.database],
        )
    yield
