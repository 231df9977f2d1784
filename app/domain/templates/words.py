"""What templates are written with: round amounts in each currency, and names in our languages."""

from dataclasses import dataclass

from app.domain.money import exponent, written
from app.domain.text import Text, text

_SMALL_UNITS = {
    10: "DKK NOK SEK CNY HKD MXN ZAR CZK TRY THB EGP UAH",
    100: "ISK JPY HUF INR RUB PHP TWD",
    1000: "KRW CLP NGN KES PKR CRC",
    10_000: "VND IDR UZS COP",
}
_UNIT_OF = {code: unit for unit, codes in _SMALL_UNITS.items() for code in codes.split()}


def round_unit(currency: str) -> int:
    """How many units of a currency buy roughly what one euro buys, as a round number."""
    return _UNIT_OF.get(currency, 1)


@dataclass(frozen=True, slots=True)
class Purse:
    """Amounts of one currency, counted in what buys roughly what one euro buys."""

    currency: str

    @property
    def whole_minor(self) -> int:
        """One unit of the currency: a krone, a euro."""
        return int(10 ** exponent(self.currency))

    def minor(self, euros: int) -> int:
        """Roughly so many euros, in minor units of the currency."""
        return euros * round_unit(self.currency) * self.whole_minor

    def written(self, euros: int, locale: str) -> str:
        """The same amount as people read it, with blanks that a merchant can type: 50 kr."""
        money = written(self.minor(euros), self.currency, locale)
        return money.replace("\N{NO-BREAK SPACE}", " ")

    def off(self, euros: int) -> Text:
        """The name of an amount off, in every language."""
        return named(
            f"{self.written(euros, 'en')} off",
            f"{self.written(euros, 'da')} rabat",
            f"{self.written(euros, 'nb')} rabatt",
            f"{self.written(euros, 'sv')} rabatt",
            f"{self.written(euros, 'de')} Rabatt",
        )


def named(en: str, da: str, nb: str, sv: str, de: str) -> Text:
    """A text in all our languages."""
    return text({"en": en, "da": da, "nb": nb, "sv": sv, "de": de})


FREE_SHIPPING = named(
    "Free shipping", "Gratis fragt", "Gratis frakt", "Fri frakt", "Gratis Versand"
)
BRONZE = named("Bronze", "Bronze", "Bronse", "Brons", "Bronze")
SILVER = named("Silver", "Sølv", "Sølv", "Silver", "Silber")
GOLD = named("Gold", "Guld", "Gull", "Guld", "Gold")
