"""The rows of the program's form: how many fit, and what is made of rows that no page sends."""

import pytest

from tests.builders import an_order
from tests.web.admin.merchant import Merchant, default_program
from tests.web.admin.test_program import FORM, newest, number_of
from tests.web.admin.test_program_deeds import REVIEW
from tests.web.signing import SHOP

ROWS = {
    "deeds": {"kind": "review", "points": "5"},
    "rewards": {"kind": "free_shipping", "name-en": "Sent free", "cost": "5"},
}


@pytest.fixture
def merchant(client, database, install):
    """A merchant whose program rewards reviews."""
    return Merchant(
        client, database, install(SHOP, an_order(), program=default_program(actions=(REVIEW,)))
    )


def rows(part, count):
    """So many rows of a part, as a browser would send them."""
    typed = ROWS[part].items()
    return {f"{part}-{row}-{name}": value for row in range(count) for name, value in typed}


@pytest.mark.parametrize("part", ROWS)
def test_a_document_where_a_text_belongs_is_a_mistake(database, merchant, part):
    kind, name = f"{part}-0-kind", f"{part}-0-name-en"
    nested = {kind: None, f"{kind}-x": "1", name: None, f"{name}-x": "1"}

    answer = merchant.sends_form(FORM, FORM, status=422, do="publish", **nested)

    assert f'id="{kind}-error"' in answer.text
    assert f'id="{name}" name="{name}" value=""' in answer.text
    assert number_of(database, merchant) == 1


@pytest.mark.parametrize("part", ROWS)
def test_what_does_not_fit_is_not_offered_and_not_dropped_without_a_word(database, merchant, part):
    told = "There can be at most 100 of these."

    full = merchant.sends_form(FORM, FORM, status=200, do=f"add-{part}", **rows(part, 100)).text
    assert f'name="{part}-99-kind"' in full
    assert f'name="{part}-100-kind"' not in full
    assert f'value="add-{part}"' not in full
    assert f'<p class="hint">{told}' in full

    more = merchant.sends_form(FORM, FORM, status=422, do="publish", **rows(part, 101)).text
    assert f'name="{part}-100-kind"' in more
    assert f'<p class="wrong">{told}' in more
    assert number_of(database, merchant) == 1

    merchant.sends_form(FORM, FORM, do="publish", **rows(part, 100))
    published = newest(database, merchant)
    assert len({"deeds": published.actions, "rewards": published.rewards}[part]) == 100
