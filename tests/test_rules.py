"""The page of rules and limits says what the code does: its sentences and its numbers."""

import ast
import re
from datetime import timedelta
from functools import reduce
from importlib import import_module

import pytest
from limits import RateLimitItem

from tests.source import ROOT, sources

PAGE = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
LIMIT = re.compile(r"^\| [^|]+ \| ([^|]+) \| `(app\.[\w.]+)` \|$", re.MULTILINE)
REFUSES = ("program", "rules", "campaigns", "products", "segments", "tiers", "rewards")


def value_of(name):
    """What a dotted name stands for: a constant of a module, or of a class in one."""
    path = name.split(".")
    modules = max(n for n in range(1, len(path)) if _is_module(".".join(path[:n])))
    found = import_module(".".join(path[:modules]))
    return reduce(getattr, path[modules:], found)


def _is_module(name):
    path = ROOT / name.replace(".", "/")
    return path.is_dir() or path.with_suffix(".py").exists()


def said(value):
    """A limit as the page writes it, without the word for what is counted."""
    if isinstance(value, timedelta):
        for unit, seconds in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
            if value.total_seconds() % seconds == 0:
                return f"{value.total_seconds() / seconds:.0f} {unit}"
    if isinstance(value, RateLimitItem):
        return f"{value.amount:,} per {value.multiples} minute"
    if isinstance(value, tuple):
        return ", ".join(f"`{one}`" for one in value)
    return f"{value:,}" if isinstance(value, int) else str(value)


def sentences_in(path):
    """Every sentence of a file that is to be translated."""
    [source] = [one for one in sources("app/domain") if one.path == path]
    return {
        node.args[0].value
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_"
    }


@pytest.mark.parametrize(("told", "name"), LIMIT.findall(PAGE))
def test_a_limit_is_the_one_in_the_code(told, name):
    assert told == said(value_of(name)) or told.startswith(said(value_of(name)) + " ")


def test_there_are_limits_to_compare():
    assert len(LIMIT.findall(PAGE)) > 20


@pytest.mark.parametrize("name", [*(f"domain/{name}" for name in REFUSES), "columns"])
def test_every_rule_between_fields_is_on_the_page(name):
    path = "domain/imports/columns" if name == "columns" else name
    told = {line.split(" | ")[1].rstrip(" |") for line in PAGE.splitlines() if " | " in line}

    missing = {one for one in sentences_in(f"app/{path}.py") if one.endswith(".")} - told

    assert missing == set()
