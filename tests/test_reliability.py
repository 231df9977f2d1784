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

    for test, kills in (("a", 3), ("b", 4), ("b", 4)):
        with monkeypatch.context() as running:
            running.setenv("PYTEST_CURRENT_TEST", f"tests/test_it.py::test_{test} (call)")
            keep("B1", "sqlite", kills=kills)

    assert kept([path])["B1"]["sqlite"]["kills"] == 7


def test_a_run_leaves_out_what_its_file_holds_already(pytester, monkeypatch, request):
    pytester.makepyfile("def test_a(): pass\n\ndef test_b(): assert False")
    monkeypatch.setenv(VARIABLE, "figures.jsonl")
    plugin = request.config.pluginmanager.get_plugin("tests.figures")

    def counted(test):
        with monkeypatch.context() as running:
            running.setenv("PYTEST_CURRENT_TEST", f"{request.node.name}.py::test_{test} (call)")
            keep("B1", "sqlite", kills=3)
        return pytester.inline_run(plugins=[plugin])

    of_both, of_one, of_none = pytester.inline_run(plugins=[plugin]), counted("b"), counted("a")

    assert [run.countoutcomes() for run in (of_both, of_one, of_none)] == [
        [1, 0, 1],
        [1, 0, 0],
        [0, 0, 0],
    ]
    assert (of_both.ret, of_one.ret, of_none.ret) == (1, 0, 0)


def test_nothing_is_kept_in_an_ordinary_run(monkeypatch, tmp_path):
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)

    keep("B1", "sqlite", kills=3)

    assert list(tmp_path.iterdir()) == []
