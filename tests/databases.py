"""The databases the tests run on: SQLite and PostgreSQL, one after the other."""
