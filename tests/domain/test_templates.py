"""The programs to begin with: in each currency they are valid, and worth what they say."""

from dataclasses import replace
from datetime import UTC

import pytest

from app.domain.earning import award_for
from app.domain.rewards import RewardKind
from app.domain.rules import RuleKind
from app.domain.settlement import expires_at
from app.domain.templates import TEMPLATES, points_and_tiers
from app.domain.templates.words import Purse
from app.domain.text import LOCALES, Text
from tests.builders import a_line, an_order
from tests.databases import NOON

CURRENCIES = ("DKK", "NOK", "SEK", "EUR", "ISK")
every_template = pytest.mark.parametrize("template", TEMPLATES.values(), ids=list(TEMPLATES))
every_currency = pytest.mark.parametrize("currency", CURRENCIES)


def texts_in(program):
    parts = (program, *program.tiers.ladder, *program.rewards, *program.campaigns)
    return [part.name for part in parts]


def earned(template, currency, *minors):
    program = TEMPLATES[template].make(currency)
    orders = [
        an_order(str(number), currency=currency, lines=(a_line(total_minor=minor),))
        for number, minor in enumerate(minors)
    ]
    lowest = program.tiers.reached(0)
    live = [award_for(order, replace(program, live=True), 1, lowest) for order in orders]
    return [award.points for award in live]


@every_template
@every_currency
def test_a_template_speaks_every_language(template, currency):
    program = template.make(currency)

    spoken = [tuple(locale for locale, _ in one.by_locale) for one in texts_in(program)]

    assert all(isinstance(one, Text) for one in texts_in(program))
    assert set(spoken) == {LOCALES}


@every_template
@every_currency
def test_a_template_begins_as_a_preview_with_something_to_earn_and_to_buy(template, currency):
    program = template.make(currency)

    assert not program.live
    assert program.earning
    assert program.rewards


@pytest.mark.parametrize(
    ("currency", "hundred_euros"),
    [("EUR", 100_00), ("DKK", 1000_00), ("NOK", 1000_00), ("SEK", 1000_00), ("ISK", 10_000)],
)
def test_five_percent_comes_back(currency, hundred_euros):
    points, *_ = earned("five-percent-back", currency, hundred_euros)
    slider = TEMPLATES["five-percent-back"].make(currency).rewards[0]

    assert slider.kind is RewardKind.SLIDER
    assert points * slider.off_minor // slider.cost_points == hundred_euros // 20


def test_five_percent_of_every_part_of_a_krone():
    assert earned("five-percent-back", "DKK", 199_90) == [99]


@every_template
@pytest.mark.parametrize(("currency", "whole_minor"), [("DKK", 100), ("ISK", 1), ("KWD", 1000)])
def test_a_template_counts_whole_kroner_whatever_they_are_made_of(template, currency, whole_minor):
    program = template.make(currency)

    spends = [rule for rule in program.earning if rule.kind is RuleKind.PER_AMOUNT]
    assert {rule.per_minor % whole_minor for rule in spends} <= {0}
    assert all(isinstance(reward.off_minor, int) for reward in program.rewards)


def test_an_order_is_a_stamp_whatever_its_size_and_ten_are_a_reward():
    assert earned("stamps", "DKK", 99_99, 100_00, 5000_00) == [0, 1, 1]
    assert TEMPLATES["stamps"].make("DKK").rewards[0].cost_points == 10


def test_the_default_keeps_its_codes():
    program = points_and_tiers("DKK")

    assert [reward.code for reward in program.rewards] == [
        "free-shipping",
        "fifty-off",
        "ten-percent",
    ]
    assert [tier.code for tier in program.tiers.ladder] == ["bronze", "silver", "gold"]
    assert [reward.code for reward in points_and_tiers("EUR").rewards][1] == "five-off"
    assert expires_at(program.expiry, NOON, UTC) is None


def test_spend_tiers_open_a_reward_each():
    program = TEMPLATES["spend-tiers"].make("ISK")

    assert [reward.tier for reward in program.rewards] == [None, "silver", "gold", "platinum"]
    assert [tier.threshold for tier in program.tiers.ladder] == [0, 15_000, 40_000, 100_000]


def test_a_members_club_welcomes():
    program = TEMPLATES["members-club"].make("EUR")

    assert program.join_points == 10
    assert program.action("birthday").points == 20
    assert earned("members-club", "EUR", 100_00) == [110]


@pytest.mark.parametrize(
    ("currency", "names"),
    [
        ("DKK", "50 kr. off|50 kr. rabat|50 kr. rabatt|50 kr. rabatt|50 kr. Rabatt"),
        ("EUR", "€5 off|5 € rabat|5 € rabatt|5 € rabatt|5 € Rabatt"),
    ],
)
def test_an_amount_off_is_written_as_each_language_writes_money(currency, names):
    assert dict(Purse(currency).off(5).by_locale) == dict(
        zip(LOCALES, names.split("|"), strict=True)
    )
