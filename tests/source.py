"""The program's own files, parsed once, for the tests of its structure."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Source:
    """One Python file of ours."""

    path: str
    text: str
    tree: ast.Module

    @property
    def module(self) -> str:
        """The name it is imported by."""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    def within(self, *places: str) -> bool:
        """Whether it is one of these files, or lies in one of these folders (`app/web/`)."""
        return any(
            self.path.startswith(place) if place.endswith("/") else self.path == place
            for place in places
        )

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Every function in it, methods and inner ones too."""
        return (node for node in ast.walk(self.tree) if isinstance(node, FUNCTIONS))

    def imports(self) -> Iterator[tuple[str, int]]:
        """Every name it imports, in full, with the line: `from a import b` is `a.b`."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((alias.name, node.lineno) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    yield f"{self.origin(node)}.{alias.name}", node.lineno

    def origin(self, node: ast.ImportFrom) -> str:
        """Where a `from` import looks, with its dots resolved."""
        if not node.level:
            return node.module or ""
        package = self.module if self.path.endswith("/__init__.py") else parent(self.module)
        for _ in range(node.level - 1):
            package = parent(package)
        return f"{package}.{node.module}" if node.module else package

    def names(self) -> Iterator[tuple[str, int]]:
        """Every dotted name it speaks, with the line: `datetime.now`, `session.commit`."""
        for node in ast.walk(self.tree):
            if isinstance(node, (ast.Attribute, ast.Name)):
                yield ast.unparse(node), node.lineno

    def at(self, line: int) -> str:
        """A place in it, as editors and terminals like to be told."""
        return f"{self.path}:{line}"


def parent(module: str) -> str:
    """The package a module lies in."""
    return module.rpartition(".")[0]


@cache
def sources(*folders: str) -> tuple[Source, ...]:
    """Every Python file in these folders, in order."""
    return tuple(
        Source(path.relative_to(ROOT).as_posix(), text, ast.parse(text, path))
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*.py"))
        for text in [path.read_text(encoding="utf-8")]
    )


def ours() -> tuple[Source, ...]:
    """Every Python file of the app and of the demo shop."""
    return sources("app", "demoshop")
