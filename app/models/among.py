"""Whether a column is among many values, which are sent as one.

A list that is written out has a text of its own for each length: it is built, sent and parsed
anew for every batch. One value leaves the text as it is, and databases keep what they made of it.
"""

from collections.abc import Callable, Collection
from typing import Any

import orjson
from sqlalchemy import ARRAY, BindParameter, ColumnElement, Dialect, String, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import Text, TypeDecorator, TypeEngine


class _Values(TypeDecorator[Collection[Any]]):
    """Many values of one type: an array, or a JSON list for SQLite, which has no arrays."""

    impl = Text
    cache_ok = True

    def __init__(self, of: TypeEngine[Any]) -> None:
        super().__init__()
        self.of = of

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            # A cast to VARCHAR(64) would cut what is longer, and find whoever begins like it.
            one = Text() if self._is_text else self.of
            return dialect.type_descriptor(ARRAY(one))
        return dialect.type_descriptor(Text())

    @property
    def _is_text(self) -> bool:
        return isinstance(self.of, String)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:
        """What writes them for a database."""
        write = self.of.dialect_impl(dialect).bind_processor(dialect)

        def written(values: Collection[Any]) -> Any:
            if self._is_text:
                # No row holds NUL: PostgreSQL refuses it, and SQLite's JSON would end there.
                values = [one for one in values if one is None or "\0" not in one]
            listed = list(values) if write is None else [write(one) for one in values]
            return listed if dialect.name == "postgresql" else orjson.dumps(listed).decode()

        return written


class _Among(FunctionElement[bool]):
    """Whether a column is among values. It has no type, else SQLite would be asked for `= 1`."""

    inherit_cache = True


def among(
    column: Any, values: Collection[Any] | None = None, *, named: str | None = None
) -> ColumnElement[bool]:
    """Whether a column is among these values, or those that are given by a name when it is asked.

    It finds its rows by the same index as a list that is written out.
    """
    kind = _Values(column.type)
    bound: BindParameter[Any] = (
        bindparam(named, type_=kind) if named else bindparam(None, values, type_=kind, unique=True)
    )
    return _Among(column, bound)


@compiles(_Among, "postgresql")
def _as_array(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(one, **options) for one in element.clauses)
    return f"{column} = ANY({values})"


@compiles(_Among, "sqlite")
def _as_list(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(one, **options) for one in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608
