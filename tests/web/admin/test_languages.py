"""Languages: what of a merchant's own words is there in which, and where to write the rest."""

import re

from app.domain.text import LOCALES
from tests.web.signing import OTHER_SHOP

PAGE = "/admin/settings/languages"
PROGRAM = "/admin/program"


def missing(merchant, **query):
    """The texts that are not in every language, each with where they are missing."""
    page = merchant.sees(PAGE, **query)
    rows = re.findall(r'<tr>\s*<td><a href="([^"]+)">([^<]+)</a></td>\s*<td>(.*?)</td>', page)
    return {what: (where, text) for where, what, text in rows if "Complete" not in text}


def test_a_new_program_is_there_in_all_languages(merchant):
    assert missing(merchant) == {}
    assert merchant.sees(PAGE).count("All of your own words are there.") == 5


def test_what_is_missing_leads_to_where_it_is_written(merchant):
    merchant.sends_form(PROGRAM, PROGRAM, do="publish", **{"tiers-1-name-sv": ""})
    merchant.sends_form("/admin/look", "/admin/look", **{"title-en": "Club"})

    found = missing(merchant)
    assert found["Tier Silver"][0] == "/admin/program#tiers-1-name-en"
    assert 'id="tiers-1-name-en"' in merchant.sees(PROGRAM)
    assert found["Tier Silver"][1].startswith("Svenska<br>")
    assert "“Silver”" in found["Tier Silver"][1]
    assert found["Name of the launcher"][0] == "/admin/look#title-en"
    assert found["Name of the launcher"][1].startswith("Dansk, Norsk, Svenska, Deutsch<br>")
    assert set(found) == {"Tier Silver", "Name of the launcher"}
    page = merchant.sees(PAGE)
    assert "2 of your own texts are missing." in page
    assert page.count("1 of your own texts is missing.") == 3


def test_another_shops_words_are_not_seen(client, database, install, merchant):
    names = {f"name-{locale}": "" for locale in LOCALES} | {"name-en": "Secret club"}
    merchant.sends_form(PROGRAM, PROGRAM, do="publish", **names)
    assert "Secret club" in merchant.sees(PAGE)

    stranger = type(merchant)(client, database, install(OTHER_SHOP))

    assert "Secret club" not in stranger.sees(PAGE)
