"""What an order has come to: the weightiest reason is the one that is told."""

from dataclasses import replace

import pytest

from app.domain.earning import Award, NoPoints
from app.domain.explanation import OrderExplanation, Outcome, outcome_of
from app.domain.order_words import SHOPPER
from app.domain.text import LOCALES
from tests.builders import an_order
from tests.databases import NOON

GIVES = Award(revision=1, tier="bronze", percent=100, basis_minor=120_00, points=120)
NONE = replace(GIVES, points=0)
CANCELED = an_order(canceled_at=NOON)


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        pytest.param({"award": None}, Outcome.NO_MEMBER, id="nobody"),
        pytest.param({"available": 120}, Outcome.GAVE, id="all of it"),
        pytest.param({"available": 60, "reversed": 60}, Outcome.GAVE_LESS, id="a part went back"),
        pytest.param({"available": 60, "expired": 60}, Outcome.GAVE_LESS, id="a part expired"),
        pytest.param({"pending": 120, "ready_at": NOON}, Outcome.WAITS, id="until a day"),
        pytest.param({"pending": 120}, Outcome.WAITS_FOR_SHOP, id="until it is paid"),
        pytest.param({"pending": 60, "reversed": 60}, Outcome.WAITS_FOR_SHOP, id="half of it"),
        pytest.param({"order": CANCELED, "reversed": 120}, Outcome.CANCELED, id="canceled"),
        pytest.param({"order": CANCELED, "available": 5}, Outcome.GAVE, id="some of it is left"),
        pytest.param({"order": None, "reversed": 120}, Outcome.ALL_BACK, id="all went back"),
        pytest.param({"reversed": 120}, Outcome.ALL_BACK, id="all goods went back"),
        pytest.param({"expired": 120}, Outcome.EXPIRED, id="all expired"),
        pytest.param({"order": None, "expired": 120}, Outcome.EXPIRED, id="expired, unknown"),
        *(
            pytest.param({"award": replace(NONE, why_none=why)}, Outcome(why.value), id=why.value)
            for why in NoPoints
        ),
        pytest.param(
            {
                "award": replace(NONE, why_none=NoPoints.NOTHING_COUNTS),
                "entry_points": 25,
                "available": 25,
            },
            Outcome.GAVE,
            id="nothing of it counts, but it led to a tier",
        ),
    ],
)
def test_the_weightiest_reason_is_told(facts, outcome):
    told = OrderExplanation(
        **{"name": "#1", "order": an_order(), "outcome": Outcome.GAVE, "award": GIVES} | facts
    )

    assert outcome_of(told, is_wiped=False, awaits_catalog=False) is outcome


@pytest.mark.parametrize(
    ("award", "outcome"), [(None, Outcome.AWAITS_CATALOG), (GIVES, Outcome.GAVE)]
)
def test_the_catalog_is_waited_for_until_there_is_an_award(award, outcome):
    told = OrderExplanation(
        name="#1", order=an_order(), outcome=Outcome.GAVE, award=award, available=120
    )

    assert outcome_of(told, is_wiped=False, awaits_catalog=True) is outcome


def test_a_preview_is_told_before_what_it_gave():
    told = OrderExplanation(
        name="#1", order=CANCELED, outcome=Outcome.GAVE, award=GIVES, reversed=120
    )

    assert outcome_of(told, is_wiped=True, awaits_catalog=False) is Outcome.PREVIEW


def test_a_shopper_reads_a_sentence_of_their_own_language_for_every_outcome():
    for outcome, sentence in SHOPPER.items():
        told = {locale: sentence.in_locale(locale) for locale in LOCALES}

        assert len(set(told.values())) == len(LOCALES), outcome
    assert set(SHOPPER) == set(Outcome)
    assert SHOPPER[Outcome.CANCELED].in_locale("de").startswith("Bestellung")
    assert SHOPPER[Outcome.CANCELED].in_locale("da").startswith("Ordre")
