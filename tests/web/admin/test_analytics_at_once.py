"""The analytics page where it is hard: odd zones and years."""

from app.models.shop import Shop

PAGE = "/admin/analytics"


def test_a_shop_in_a_zone_that_nobody_knows_has_figures_by_utc(merchant, database):
    with database.transaction() as session:
        session.get_one(Shop, merchant.shop.id).timezone = "Mars/Olympus"

    assert 'value="2026-06-01"' in merchant.sees(PAGE)


def test_a_time_before_webshops_is_refused_in_words(merchant):
    for first, last in (("0001-01-01", "0003-01-01"), ("1999-12-31", "2000-06-01")):
        wrong = merchant.sees(PAGE, 422, first=first, last=last)
        assert "Choose days from the year 2000 on." in wrong
