"""What the documents say is there, and the rules they keep themselves."""

import re
from pathlib import Path

import pytest

from tests.source import ROOT

FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
MAKE = re.compile(r"(?:`|^)make ([a-z][a-z-]*)", re.MULTILINE)
COMMANDS = ROOT / "app" / "cli" / "__init__.py"
SECTIONS = ["## Context", "## Decision", "## Consequences"]


def documents() -> list[Path]:
    """Every page of ours."""
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def decisions() -> list[Path]:
    """The decision records, in their order."""
    return sorted((ROOT / "docs" / "decisions").glob("*.md"))


def test_every_link_leads_somewhere():
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in documents()
        for target in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8")))
        if not (page.parent / target).exists()
    ]

    assert broken == []


def test_every_make_target_that_is_named_exists():
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)

    unknown = [
        f"{page.relative_to(ROOT)}: make {target}"
        for page in documents()
        for target in MAKE.findall(page.read_text(encoding="utf-8"))
        if target not in targets
    ]

    assert unknown == []


def test_decisions_are_numbered_without_gaps():
    numbers = [int(page.name[:4]) for page in decisions()]

    assert numbers == list(range(1, len(numbers) + 1))


def test_a_decision_has_context_decision_and_consequences():
    shapes = {
        page.name: re.findall(r"^## .*$", page.read_text(encoding="utf-8"), re.MULTILINE)
        for page in decisions()
    }

    assert {name: shape for name, shape in shapes.items() if shape != SECTIONS} == {}


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_file_pins_with_hashes_and_names_no_index(lock):
    text = (ROOT / lock).read_text()
    packages = re.split(r"^(?=[a-z])", text, flags=re.MULTILINE)[1:]

    assert "://" not in text
    assert [package.split()[0] for package in packages if "--hash=sha256:" not in package] == []
    assert [package.split()[0] for package in packages if "==" not in package.split()[0]] == []


def test_what_is_declared_is_locked():
    declared = (ROOT / "pyproject.toml").read_text()
    locked = (ROOT / "requirements-dev.lock").read_text()

    names = set(re.findall(r'^ +"([a-z-]+)(?:\[[a-z]+\])?>=', declared, re.MULTILINE))

    assert {name for name in names if not re.search(rf"^{name}==", locked, re.MULTILINE)} == set()


def test_every_setting_is_in_the_readme_and_the_other_way_round():
    source = (ROOT / "app" / "config.py").read_text(encoding="utf-8")
    read = {f"STAMKUNDE_{name}" for name in re.findall(r'env\.\w+\("([A-Z_]+)"', source)}
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = readme.split("### Settings")[1].split("###")[0]
    named = set(re.findall(r"`(STAMKUNDE_[A-Z_]+)`", table.replace("`, `", "` `")))

    assert named == read


def test_every_command_that_is_named_exists():
    offered = set(
        re.findall(r'^    "([a-z]+)"', COMMANDS.read_text(encoding="utf-8"), re.MULTILINE)
    )
    unknown = [
        f"{page.relative_to(ROOT)}: stamkunde {command}"
        for page in documents()
        for command in re.findall(r"`stamkunde ([a-z]+)", page.read_text(encoding="utf-8"))
        if command not in offered
    ]

    assert offered
    assert unknown == []
