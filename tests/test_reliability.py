"""The page of what the app withstands is made of the figures, and names commands that there are."""

import re

from tests.figures import VARIABLE, keep, kept
from tests.reliability import PAGE, ROWS, page
from tests.source import ROOT


def test_the_page_is_what_the_figures_say():
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_command_of_the_page_is_there():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))

    asked = {command.split()[1] for _, _, _, command, _ in ROWS if command.startswith("make ")}

    assert asked - targets == set()


def test_counts_of_several_runs_are_added_up(monkeypatch, tmp_path):
    path = tmp_path / "new" / "figures.jsonl"
    monkeypatch.setenv(VARIABLE, str(path))

    for kills in (3, 4):
        keep("B1", "sqlite", kills=kills)

    assert kept([path])["B1"]["sqlite"]["kills"] == 7


def test_nothing_is_kept_in_an_ordinary_run(monkeypatch, tmp_path):
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)

    keep("B1", "sqlite", kills=3)

    assert list(tmp_path.iterdir()) == []
