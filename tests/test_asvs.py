"""The page on ASVS judges each number once, names what shows it, and counts rightly."""

import re
from collections import Counter

from tests.asvs import NUMBERS, PAGE, judgments, numbers_in
from tests.source import ROOT


def test_every_number_of_levels_1_and_2_is_judged_once():
    judged = Counter(number for row in judgments() for number in row.numbers)

    assert len(numbers_in(NUMBERS)) == 253
    assert judged == Counter(numbers_in(NUMBERS))


def test_what_is_met_names_what_shows_it():
    rows = [row for row in judgments() if row.verdict == "met"]

    unproven = [row.numbers for row in rows if not row.files]
    missing = [name for row in rows for name in row.files if not (ROOT / name).exists()]

    assert rows
    assert unproven == []
    assert missing == []


def test_the_page_counts_rightly():
    counts = Counter(row.verdict for row in judgments() for _ in row.numbers)
    told = re.search(
        r"(\d+) apply: (\d+) are met, (\d+) are gaps\.", PAGE.read_text(encoding="utf-8")
    )

    applying = counts["met"] + counts["gap"]
    assert [int(one) for one in told.groups()] == [applying, counts["met"], counts["gap"]]
