"""What is different between two programs, said in plain words."""

from dataclasses import is_dataclass, replace
from enum import StrEnum
from typing import get_args, get_type_hints

import pytest

from app.domain.changes import changes, sentence
from app.domain.choice_words import CHOICES
from app.domain.products import Products
from app.domain.program import Basis, Expiry, ExpiryKind, Program
from app.domain.rewards import RewardKind
from app.domain.rules import ActionRule, EarningRule, RuleKind
from app.domain.segments import Segment
from app.domain.setting_words import ORDERS, PARTS, SETTINGS
from app.domain.text import LOCALES, Text, text
from app.domain.tiers import Measure
from tests.builders import a_program, a_reward, two_tiers

RULE = EarningRule(code="spend", points=1, per_minor=100)
BONUS = EarningRule(code="bonus", kind=RuleKind.PER_ORDER, points=5)


def told(before, after):
    return [(one.place, sentence(one, after)) for one in changes(before, after)]


def test_a_program_is_no_different_from_itself():
    assert told(a_program(), a_program()) == []


@pytest.mark.parametrize(
    ("changed", "place", "said"),
    [
        pytest.param({"join_points": 5}, "join_points", "Join points from 0 to 5.", id="number"),
        pytest.param({"live": False}, "live", "Shown to shoppers from yes to no.", id="switch"),
        pytest.param(
            {"name": text("Club")}, "name", "Name from “Stamkunde” (en) to “Club” (en).", id="text"
        ),
        pytest.param(
            {"expiry": Expiry(kind=ExpiryKind.YEAR_END)},
            "expiry.kind",
            "Expiry: kind from never to year end.",
            id="inside a part",
        ),
        pytest.param(
            {"basis": Basis(whole_steps=False)},
            "basis.whole_steps",
            "Basis: counting whole amounts only from yes to no.",
            id="a setting with a name of its own",
        ),
        pytest.param(
            {"earning": (replace(RULE, per_minor=250),)},
            "earning.spend.per_minor",
            "The rule spend: amount that earns from 1\xa0kr. to 2.50\xa0kr.",
            id="money",
        ),
        pytest.param(
            {"earning": (RULE, BONUS)}, "earning.bonus", "The rule bonus is new.", id="new"
        ),
        pytest.param({"earning": ()}, "earning.spend", "The rule spend goes.", id="gone"),
        pytest.param(
            {"rewards": (a_reward(tier=None, kind=RewardKind.PERCENT_OFF, off_percent=5),)},
            "rewards.fifty-off.kind",
            "The reward fifty-off: kind from amount off to percent off.",
            id="choice",
        ),
        pytest.param(
            {"rewards": (a_reward(valid_days=30),)},
            "rewards.fifty-off.valid_days",
            "The reward fifty-off: valid days from not set to 30.",
            id="not set",
        ),
        pytest.param(
            {"earning": (replace(RULE, exclude=Products(tags=frozenset({"b", "a"}))),)},
            "earning.spend.exclude.tags",
            "The rule spend, exclude: tags from none to a, b.",
            id="deep inside a part",
        ),
        pytest.param(
            {"earning": (replace(RULE, exclude=Products(product_ids=frozenset({"7"}))),)},
            "earning.spend.exclude.product_ids",
            "The rule spend, exclude: product ids from none to 7.",
            id="two words for one thing",
        ),
        pytest.param(
            {"earning": (replace(RULE, minimum_minor=50_00),)},
            "earning.spend.minimum_minor",
            "The rule spend: least order from 0\xa0kr. to 50\xa0kr.",
            id="money that has a name",
        ),
        pytest.param(
            {"rewards": (a_reward(kind=RewardKind.BY_HAND, off_minor=0, steps=("Call", "Go")),)},
            "rewards.fifty-off.steps",
            "The reward fifty-off: steps from none to Call, Go.",
            id="a list",
        ),
        pytest.param(
            {"name": text({"en": "Club", "da": "Klub"})},
            "name",
            "Name from “Stamkunde” (en) to “Club” (en), “Klub” (da).",
            id="a text in two languages",
        ),
        pytest.param(
            {"segments": (Segment(code="rich", least_spend_minor=5_00),)},
            "segments.rich",
            "The segment rich is new.",
            id="a part without a name",
        ),
        pytest.param(
            {"tiers": two_tiers(loss_months=3)},
            "tiers.loss_months",
            "Tiers: loss months from 12 to 3.",
            id="inside a part that holds a list",
        ),
    ],
)
def test_a_difference_has_a_place_and_a_sentence(changed, place, said):
    assert (place, said) in told(a_program(), a_program(**changed))


def test_what_a_part_has_no_name_for_is_said_without_its_unit():
    rich = Segment(code="rich", least_spend_minor=5_00)
    before, after = (a_program(segments=(replace(rich, least_spend_minor=n),)) for n in (5_00, 600))

    assert told(before, after) == [
        (
            "segments.rich.least_spend_minor",
            "The segment rich: least spend from 5\xa0kr. to 6\xa0kr.",
        )
    ]


def test_a_new_part_is_one_difference_and_is_named():
    found = told(a_program(rewards=()), a_program())

    assert found == [("rewards.fifty-off", "The reward fifty-off (50 kr. off) is new.")]


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("en", "The action follow (Follow us) is new."),
        ("da", "Handlingen follow (Følg os) er tilføjet."),
        ("nb", "Handlingen follow (Følg oss) er lagt til."),
        ("sv", "Handlingen follow (Följ oss) har lagts till."),
        ("de", "Die Aktion follow (Folge uns) ist neu."),
    ],
)
def test_a_new_deed_is_named_in_the_readers_language(locale, said):
    words = {"en": "Follow us", "da": "Følg os", "nb": "Følg oss"}
    follow = ActionRule(
        code="follow", points=5, name=text(words | {"sv": "Följ oss", "de": "Folge uns"})
    )
    after = a_program(actions=(follow,))

    assert [sentence(one, after, locale) for one in changes(a_program(), after)] == [said]


def test_a_deed_without_a_name_is_told_by_its_code():
    nameless, named = (ActionRule(code="follow", points=5, name=one) for one in (None, text("Yo")))
    gone = told(a_program(actions=(nameless,)), a_program())
    given = told(a_program(actions=(nameless,)), a_program(actions=(named,)))

    assert [said for _place, said in gone] == ["The action follow goes."]
    assert [said for _place, said in given] == [
        "The action follow: name from not set to “Yo” (en)."
    ]


def test_the_order_of_rules_decides_so_it_is_told():
    before, after = a_program(earning=(RULE, BONUS)), a_program(earning=(BONUS, RULE))

    assert told(before, after) == [
        ("earning", "Order of the rules from spend, bonus to bonus, spend.")
    ]


@pytest.mark.parametrize(
    ("measure", "said"), [(Measure.SPEND, "2\xa0kr. to 3\xa0kr."), (Measure.ORDERS, "200 to 300.")]
)
def test_a_threshold_is_money_only_where_spend_is_measured(measure, said):
    before, after = (
        a_program(tiers=two_tiers(threshold, measure=measure)) for threshold in (200, 300)
    )

    assert told(before, after) == [
        ("tiers.ladder.silver.threshold", f"The tier silver: threshold from {said}")
    ]


def test_a_multiplier_is_in_percent():
    before, after = (a_program(tiers=two_tiers(percent=percent)) for percent in (150, 175))

    assert [said for _, said in told(before, after)] == [
        "The tier silver: multiplier of points from 150 % to 175 %."
    ]


def settings_in(kind):
    """Every setting of a part and of the parts in it, by name, with its type."""
    for name, hint in get_type_hints(kind).items():
        yield name, hint
        for inner in (hint, *get_args(hint)):
            if is_dataclass(inner) and inner is not Text:
                yield from settings_in(inner)


def test_every_setting_and_every_choice_has_a_name_in_every_language():
    found = [*settings_in(Program)]
    names = {name for name, _ in found} - {"code", "by_locale"}
    choices = {
        value.value
        for _, hint in found
        for kind in (hint, *get_args(hint))
        if isinstance(kind, type) and issubclass(kind, StrEnum)
        for value in kind
    }

    assert names - SETTINGS.keys() - ORDERS.keys() == set()
    assert choices - CHOICES.keys() == set()
    for words in (SETTINGS, ORDERS, PARTS, CHOICES):
        assert {tuple(dict(text.by_locale)) for text in words.values()} == {LOCALES}
        assert all(wording for text in words.values() for _, wording in text.by_locale)


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("da", "Reglen spend: optjeningsbeløb fra 1\xa0kr. til 2,50\xa0kr."),
        ("nb", "Regelen spend: opptjeningsbeløp fra 1\xa0kr. til 2,50\xa0kr."),
        ("sv", "Regeln spend: intjäningsbelopp från 1\xa0kr. till 2,50\xa0kr."),
        ("de", "Die Regel spend: Sammelbetrag von 1\xa0kr. auf 2,50\xa0kr."),
    ],
)
def test_a_difference_is_said_in_the_readers_language(locale, said):
    after = a_program(earning=(replace(RULE, per_minor=250),))

    assert [sentence(one, after, locale) for one in changes(a_program(), after)] == [said]
