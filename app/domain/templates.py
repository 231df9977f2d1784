"""The programs a merchant can begin with, in their own currency and all our languages."""

from app.domain.money import exponent
from app.domain.program import Program
from app.domain.rewards import Reward, RewardKind
from app.domain.rules import EarningRule
from app.domain.text import Text, text
from app.domain.tiers import Tier, Tiers

_SMALL_UNITS = {
    10: "DKK NOK SEK CNY HKD MXN ZAR CZK TRY THB EGP UAH",
    100: "ISK JPY HUF INR RUB PHP TWD",
    1000: "KRW CLP NGN KES PKR CRC",
    10_000: "VND IDR UZS COP",
}
_UNIT_OF = {code: unit for unit, codes in _SMALL_UNITS.items() for code in codes.split()}

_SIGNS = {"DKK": "kr.", "NOK": "kr", "SEK": "kr", "ISK": "kr", "EUR": "€"}


def round_unit(currency: str) -> int:
    """How many units of a currency buy roughly what one euro buys, as a round number."""
    return _UNIT_OF.get(currency, 1)


def points_and_tiers(currency: str) -> Program:
    """The default: a point for each unit spent, three tiers by spend, three rewards."""
    whole = 10 ** exponent(currency)
    unit = round_unit(currency)
    return Program(
        currency=currency,
        name=text(
            {
                "en": "Regulars' club",
                "da": "Stamkundeklubben",
                "nb": "Stamkundeklubben",
                "sv": "Stamkundsklubben",
                "de": "Stammkundenclub",
            }
        ),
        earning=(EarningRule(code="spend", points=1, per_minor=whole),),
        tiers=_three_tiers(unit * whole),
        rewards=_three_rewards(unit, currency),
    )


def _three_tiers(unit_minor: int) -> Tiers:
    """Bronze, silver and gold; `unit_minor` is what one euro buys, in minor units."""
    return Tiers(
        ladder=(
            Tier(
                code="bronze",
                name=_named("Bronze", "Bronze", "Bronse", "Brons", "Bronze"),
                threshold=0,
            ),
            Tier(
                code="silver",
                name=_named("Silver", "Sølv", "Sølv", "Silver", "Silber"),
                threshold=200 * unit_minor,
                earn_percent=125,
            ),
            Tier(
                code="gold",
                name=_named("Gold", "Guld", "Gull", "Guld", "Gold"),
                threshold=500 * unit_minor,
                earn_percent=150,
            ),
        )
    )


def _three_rewards(unit: int, currency: str) -> tuple[Reward, ...]:
    """Free shipping, an amount and a share off, each worth about ten percent of what it took."""
    return (
        Reward(
            code="free-shipping",
            kind=RewardKind.FREE_SHIPPING,
            name=_named(
                "Free shipping", "Gratis fragt", "Gratis frakt", "Fri frakt", "Gratis Versand"
            ),
            cost_points=30 * unit,
            valid_days=90,
        ),
        Reward(
            code={1: "five-off", 10: "fifty-off"}.get(unit, "amount-off"),
            kind=RewardKind.AMOUNT_OFF,
            name=_money_off(5 * unit, currency),
            cost_points=50 * unit,
            off_minor=5 * unit * 10 ** exponent(currency),
            valid_days=90,
        ),
        Reward(
            code="ten-percent",
            kind=RewardKind.PERCENT_OFF,
            name=_named("10 % off", "10 % rabat", "10 % rabatt", "10 % rabatt", "10 % Rabatt"),
            cost_points=80 * unit,
            off_percent=10,
            valid_days=90,
        ),
    )


def _named(en: str, da: str, nb: str, sv: str, de: str) -> Text:
    return text({"en": en, "da": da, "nb": nb, "sv": sv, "de": de})


def _money_off(units: int, currency: str) -> Text:
    money = f"{units} {_SIGNS.get(currency, currency)}"
    return _named(
        f"{money} off", f"{money} rabat", f"{money} rabatt", f"{money} rabatt", f"{money} Rabatt"
    )
