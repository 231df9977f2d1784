"""Every row of the table of scenarios is a case that can be run by its id, and none gets lost."""

from tests.domain import test_scenarios as of_rules
from tests.loyalty import test_scenarios as of_books

NUMBERS = {
    "A": (1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31, 32, 34, 36, 37, 38, 40, 41),
    "B": (1, 3, 5, 7, 9),
    "C": (1, 3, 5, 7, 9, 11, 13, 14, 16, 18, 19),
    "D": (1, 3, 5, 7, 8, 10, 13, 16, 17, 19, 21, 22),
    "E": (1, 3, 5, 7, 9, 11, 19, 20),
    "F": (1, 3, 5, 7, 8, 9, 11, 13, 15, 17, 18, 20),
    "G": (1, 3),
}
ROWS = {f"{part}{number:02}" for part, numbers in NUMBERS.items() for number in numbers}


def cases():
    """The ids of all cases in the tables, as pytest shows them."""
    tests = [*vars(of_rules).values(), *vars(of_books).values()]
    marks = [mark for test in tests for mark in getattr(test, "pytestmark", ())]
    tables = [mark.args[1] for mark in marks if mark.name == "parametrize"]
    return [case.id for table in tables for case in table if hasattr(case, "id")]


def test_every_row_is_a_case_and_no_case_has_the_id_of_another():
    found = {case[:3] for case in cases() if case[0].isupper() and case[1:3].isdigit()}

    assert sorted(found) == sorted(ROWS)
