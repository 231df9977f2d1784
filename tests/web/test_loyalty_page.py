"""The loyalty page: the program in plain words for everybody, and a shopper's own points on it."""

import re
from dataclasses import replace
from datetime import date, timedelta
from html import unescape

import pytest

from app.domain.campaigns import Campaign
from app.domain.program import Availability, Expiry, ExpiryKind, GuestPolicy, SpentReturn
from app.domain.rewards import RewardKind
from app.domain.rules import ActionKind, ActionRule, EarningRule
from app.domain.segments import Segment
from app.domain.text import text
from app.domain.tiers import Loss, Measure, Tiers, Window
from app.loyalty.note_code import code_is_ready
from app.models.member import member_of
from tests.builders import a_program, a_reward, an_order, two_tiers
from tests.databases import NOON
from tests.records import all_redemptions
from tests.web.signing import AT, SHOP, proxied


def page(client, **asked):
    """The page, as its reader sees it."""
    answer = client.get(proxied("/proxy/", **asked))
    assert answer.status_code == 200, answer.text
    return unescape(answer.text)


def token(client, **asked):
    """The token in the page's forms."""
    return re.search(r'name="token" value="([^"]+)"', page(client, **asked))[1]


def sent(client, path, fields, headers=None, **asked):
    """Send one of the page's forms."""
    return client.post(proxied(f"/proxy/page/{path}", **asked), data=fields, headers=headers)


def balance(database, shop):
    with database.reading() as session:
        return member_of(session, shop.id, "7").available


def test_a_guest_reads_the_program(client, install):
    install(program=a_program(tiers=two_tiers(silver_from=200_00), join_points=10))

    read = page(client, customer="")

    assert "1 point for every 1\xa0kr." in read
    assert "10 points for joining" in read
    assert "50 kr. off" in read
    assert "Silver" in read
    assert "200\xa0kr." in read
    assert "1.5 × the points" in read
    assert "Log in or join" in read
    assert "<form" not in read


def test_what_a_tier_gives_on_entry_is_told(client, install):
    bronze, silver = two_tiers().ladder
    gives = replace(silver, entry_points=25, entry_reward="fifty-off")
    install(program=a_program(tiers=Tiers(ladder=(bronze, gives))))

    assert "25 extra points, 50 kr. off" in page(client, customer="")


def test_a_member_reads_where_they_stand(client, install):
    install(SHOP, an_order(), program=a_program(tiers=two_tiers(silver_from=200_00)))

    read = page(client)

    assert '<p class="balance">120 points</p>' in read
    assert "80\xa0kr. to Silver" in read
    assert "Order #1001" in read
    assert "+120" in read


@pytest.mark.parametrize(
    ("locale", "sentence"),
    [
        ("en", "Your points do not expire."),
        ("da", "Dine point udløber ikke."),
        ("nb", "Poengene dine utløper ikke."),
        ("sv", "Dina poäng går inte ut."),
        ("de", "Deine Punkte verfallen nicht."),
    ],
)
def test_the_page_is_there_in_five_languages_each_with_an_address(
    client, install, locale, sentence
):
    install()

    read = page(client, customer="", locale=locale)

    assert f'<html lang="{locale}">' in read
    assert sentence in read
    address = f"https://{SHOP}/apps/stamkunde/"
    assert f'<link rel="canonical" href="{address}?locale={locale}">' in read
    others = re.findall(r'rel="alternate" hreflang="\w\w" href="(.+?)\?locale=\w\w"', read)
    assert others == [address] * 5
    assert f'hreflang="x-default" href="{address}">' in read
    assert f'<link rel="canonical" href="{address}">' in page(client, customer="")
    assert "noindex" not in read


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"availability": Availability.AT_FULFILLMENT}, "when the order has been sent"),
        (
            {"availability": Availability.DAYS_AFTER_PAYMENT, "available_after_days": 14},
            "14 days after the order is paid",
        ),
        ({"expiry": Expiry(kind=ExpiryKind.PER_LOT_MONTHS, count=12)}, "expire 12 months after"),
        ({"expiry": Expiry(kind=ExpiryKind.INACTIVITY_DAYS, count=90)}, "nor use any for 90 days"),
        ({"expiry": Expiry(kind=ExpiryKind.YEAR_END)}, "at the end of the year"),
        ({"guests": GuestPolicy.NOTHING}, "orders without a customer earn no points"),
        ({"guest_days": 60}, "your points wait 60 days"),
        ({"spent_return": SpentReturn.NEVER}, "do not come back when you return it"),
        (
            {"tiers": two_tiers(measure=Measure.ORDERS, silver_from=3, window=Window.LIFETIME)},
            "What counts is how many orders you place. All your time with us counts.",
        ),
        ({"tiers": two_tiers(loss=Loss.NEVER)}, "yours for good"),
        (
            {"earning": (EarningRule(code="first", points=2, nth_order=1),)},
            "2 points for every 1\xa0kr., on your first order",
        ),
        (
            {
                "campaigns": (
                    Campaign(
                        code="c", name=text("Weekend"), percent=200, weekdays=frozenset({5, 6})
                    ),
                )
            },
            "2 × the points",
        ),
    ],
)
def test_every_setting_has_its_sentence(client, install, changes, sentence):
    install(program=a_program(**changes))

    assert sentence in page(client, customer="")


def test_a_campaign_that_is_over_is_not_told(client, install):
    over = Campaign(code="old", name=text("Spring"), percent=300, ends_on=date(2026, 5, 31))
    on = Campaign(code="new", name=text("Summer"), percent=200, ends_on=date(2026, 6, 1))
    install(program=a_program(campaigns=(over, on)))

    read = page(client, customer="")

    assert "Summer" in read
    assert "Spring" not in read


def test_a_campaign_for_some_is_told_to_them_alone(client, install):
    fans = Campaign(code="fans", name=text("For fans"), percent=150, segment="fans")
    bought = Segment(code="fans", least_orders=1)
    earlier = an_order(placed_at=NOON - timedelta(days=1))
    install(SHOP, earlier, program=a_program(campaigns=(fans,), segments=(bought,)))

    told = {customer: page(client, customer=customer) for customer in ("7", "99", "")}
    in_widget = client.get(proxied("/proxy/me", locale="en")).json["campaigns"]

    assert [customer for customer, read in told.items() if "For fans" in read] == ["7"]
    assert "1.5 × the points, for you" in told["7"]
    assert [one["text"] for one in in_widget] == ["For fans: 1.5 × the points, for you"]


def test_a_reward_is_redeemed_by_a_form_and_sending_it_twice_is_once(client, install, database):
    shop = install(SHOP, an_order())
    fields = {"token": token(client), "reward": "fifty-off"}

    first, second = sent(client, "redemptions", fields), sent(client, "redemptions", fields)

    code = re.search(r"Your code is (STAM-\w{5}-\w{5})\.", first.text)[1]
    assert code in second.text
    assert balance(database, shop) == 70
    with database.reading() as session:
        assert len(all_redemptions(session, shop.id)) == 1


def test_the_next_page_buys_again(client, install, database):
    shop = install(SHOP, an_order())

    for _ in range(2):
        sent(client, "redemptions", {"token": token(client), "reward": "fifty-off"})

    assert balance(database, shop) == 20


def test_a_slider_takes_what_was_written(client, install, database):
    slider = a_reward(kind=RewardKind.SLIDER, cost_points=10, off_minor=10_00)
    shop = install(SHOP, an_order(), program=a_program(rewards=(slider,)))
    assert 'max="120" step="10"' in page(client)

    sent(client, "redemptions", {"token": token(client), "reward": "fifty-off", "points": "30"})

    assert balance(database, shop) == 90


def test_a_code_can_be_used_and_given_back_by_form(client, install, database):
    shop = install(SHOP, an_order())
    sent(client, "redemptions", {"token": token(client), "reward": "fifty-off"})
    with database.transaction() as session:
        [bought] = all_redemptions(session, shop.id)
        code_is_ready(session, shop, bought.id, at=NOON)
    read = page(client)
    assert f'href="/discount/{bought.code}?redirect=/cart"' in read

    fields = {"token": token(client), "redemption": str(bought.id)}
    answers = [sent(client, "cancellations", fields) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert all("Your points are on their way back." in answer.text for answer in answers)


def test_points_that_are_not_there_are_refused_on_the_page(client, install, database):
    rewards = (a_reward(), a_reward(code="far", cost_points=200))
    shop = install(SHOP, an_order(), program=a_program(rewards=rewards))

    answer = sent(client, "redemptions", {"token": token(client), "reward": "far"}, locale="da")

    assert answer.status_code == 409
    assert 'role="alert"' in answer.text
    assert "120" in answer.text
    assert balance(database, shop) == 120


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("redemptions", {"reward": "fifty-off", "points": ""}),
        ("redemptions", {"reward": "fifty-off", "points": "ten"}),
        ("redemptions", {"reward": "fifty\0off"}),
        ("redemptions", {}),
        ("cancellations", {"redemption": "1\0"}),
    ],
)
def test_a_form_that_is_not_filled_in_is_answered_with_the_page(
    client, install, database, path, fields
):
    slider = a_reward(kind=RewardKind.SLIDER, cost_points=10, off_minor=10_00)
    shop = install(SHOP, an_order(), program=a_program(rewards=(slider,)))
    assert "required" in re.search(r'<input [^>]*name="points"[^>]*>', page(client))[0]

    answer = sent(client, path, {"token": token(client)} | fields, locale="da")

    assert (answer.status_code, answer.mimetype) == (422, "text/html")
    assert "Vi forstod ikke" in re.search(r'role="alert"[^<]*>([^<]*)<', answer.text)[1]
    assert '<p class="balance">120 point</p>' in answer.text
    assert balance(database, shop) == 120


@pytest.mark.parametrize(
    ("whose", "fields", "headers"),
    [
        pytest.param("7", {}, {}, id="none"),
        pytest.param("7", {"token": "made.up.here"}, {}, id="made up"),
        pytest.param("8", None, {}, id="of another shopper"),
        pytest.param("7", None, {"Sec-Fetch-Site": "cross-site"}, id="from another site"),
    ],
)
def test_a_form_that_is_not_ours_buys_nothing(client, install, database, whose, fields, headers):
    shop = install(SHOP, an_order(), an_order("1002", customer_id="8"))
    fields = {"token": token(client, customer=whose)} if fields is None else fields

    answer = sent(client, "redemptions", fields | {"reward": "fifty-off"}, headers)

    assert answer.status_code in (401, 403)
    assert balance(database, shop) == 120


def test_a_form_that_was_left_open_too_long_buys_nothing(client, install, database, noon):
    shop = install(SHOP, an_order())
    fields = {"token": token(client), "reward": "fifty-off"}
    noon.shift(3601)

    answer = sent(client, "redemptions", fields, timestamp=str(int(AT) + 3601))

    assert answer.status_code == 401
    assert balance(database, shop) == 120


def test_a_guest_cannot_redeem(client, install):
    install()

    answer = sent(client, "redemptions", {"reward": "fifty-off"}, customer="")

    assert answer.status_code == 401


def test_a_program_in_preview_has_no_page_for_search_engines(client, install):
    install(program=a_program(live=False))

    answer = client.get(proxied("/proxy/"))

    assert answer.status_code == 404
    assert "noindex" in answer.text


def test_a_shop_that_never_came_has_no_page(client):
    answers = [client.get(proxied("/proxy/")), sent(client, "redemptions", {})]

    assert [answer.status_code for answer in answers] == [404, 404]


def test_the_page_is_for_its_reader_alone_and_runs_nothing(client, install):
    install(SHOP, an_order())

    answer = client.get(proxied("/proxy"))

    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Set-Cookie" not in answer.headers
    assert answer.mimetype == "text/html"
    assert "<script" not in answer.text
    assert "style=" not in answer.text


def test_what_a_merchant_writes_stays_text(client, install):
    install(SHOP, program=a_program(name=text("<b>Club</b> {{ 7 * 7 }}")))

    answer = client.get(proxied("/proxy/", customer=""))

    assert "&lt;b&gt;Club&lt;/b&gt; {{ 7 * 7 }}" in answer.text


def test_the_pages_look_may_be_kept(client, install):
    install()

    answer = client.get(proxied("/proxy/page.css"))

    assert answer.mimetype == "text/css"
    assert "public" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("kind", [kind for kind in ActionKind if kind is not ActionKind.BIRTHDAY])
def test_nothing_is_promised_for_a_deed_that_nobody_can_tell_us_of(client, install, kind):
    install(program=a_program(actions=(ActionRule(code="deed", kind=kind, points=4321),)))

    read = page(client, customer="")

    assert "for every 1" in read
    assert "4,321" not in read
