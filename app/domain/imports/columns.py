"""What a column of somebody's table is about: told by its name, and set right by the merchant."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.sentence import Sentence as _


class Field(StrEnum):
    """What a column can be about."""

    NOTHING = ""
    CUSTOMER = "customer"
    """The platform's id of a customer."""
    EMAIL = "email"
    POINTS = "points"
    """A balance, or a lot when its line says when it expires."""
    EXPIRES = "expires"
    CHANGE = "change"
    """Points that came or went: a line of somebody's history."""
    HAPPENED = "happened"
    REASON = "reason"
    TIER = "tier"
    TIER_UNTIL = "tier_until"
    JOINED = "joined"
    BIRTHDAY = "birthday"


NAMES: dict[Field, str] = {
    Field.CUSTOMER: "customerid shopifycustomerid shopifyid platformid merchantid externalid"
    " externalcustomerid kundeid kundenid kundenummer kundennummer kundnummer",
    Field.EMAIL: "email emails emailaddress customeremail mail epost epostadresse epostadress"
    " emailadresse kundeemail",
    Field.POINTS: "points pointsbalance pointbalance balance currentpoints currentbalance"
    " currentpointsbalance pointsapproved availablepoints pointsavailable loyaltypoints"
    " totalpoints point saldo punkte poeng poang punktestand",
    Field.EXPIRES: "expires expiresat expireson expirationdate expirydate expiredate pointsexpireat"
    " pointsexpiresat pointsexpirydate pointsexpirationdate validuntil expiry udloeber udløber"
    " utloper utløper gyldigtil verfall ablaufdatum utgangsdatum",
    Field.CHANGE: "change pointschange pointschanged pointsdelta pointsearned amount delta"
    " aendring ændring endring andring ändring",
    Field.HAPPENED: "date happened happenedat occurredat transactiondate createdat timestamp"
    " activitydate actiondate dato datum",
    Field.REASON: "reason description note notes action activity actionname event details"
    " beskrivelse grund beskrivning bezeichnung aarsag",
    Field.TIER: "tier viptier viptiername loyaltytier loyaltytiername tiername vipstatus"
    " currenttier niveau niva nivå stufe",
    Field.TIER_UNTIL: "tieruntil tierexpiresat viptierexpiresat tierexpirationdate tierexpiry"
    " loyaltytiermembershipexpiresat",
    Field.JOINED: "joined joinedat enrolledat enrolledon membersince signupdate dateenrolled"
    " optedinat loyaltyenrolledat",
    Field.BIRTHDAY: "birthday birthdate dateofbirth birthdaymmdd foedselsdag fødselsdag"
    " bursdag födelsedag geburtstag",
}
"""Names that rivals and shops are known to use, without blanks and signs."""


@dataclass(frozen=True, slots=True)
class Rival:
    """Another program, and names of columns that only its tables have."""

    name: str
    signs: frozenset[str]


RIVALS = (
    Rival("LoyaltyLion", frozenset({"pointsapproved", "pointspending", "loyaltytiername"})),
    Rival("Yotpo", frozenset({"pointsspent", "viptiername", "pointsexpireat", "optedinat"})),
    Rival("BON Loyalty", frozenset({"shopifycustomerid", "shopifyid", "bonpoints"})),
    Rival("Smile.io", frozenset({"referralurl", "viptier", "smileid"})),
)
"""Asked in this order; a table with none of these signs is anybody's."""


def plain(name: str) -> str:
    """A column's name without its blanks, signs and capitals."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def fields_of(header: Sequence[str]) -> tuple[Field, ...]:
    """What each column is about, by its name; each thing once."""
    known = {name: field for field, names in NAMES.items() for name in names.split()}
    found: list[Field] = []
    for name in header:
        field = known.get(plain(name), Field.NOTHING)
        found.append(field if field not in found else Field.NOTHING)
    # What came and went is a history only where its days are told.
    if Field.POINTS in found or Field.HAPPENED not in found:
        of_history = (Field.CHANGE, Field.HAPPENED, Field.REASON)
        found = [Field.NOTHING if field in of_history else field for field in found]
    return tuple(found)


def rival_of(header: Sequence[str]) -> str:
    """Whose table it is by its columns; empty for anybody's."""
    names = {plain(name) for name in header}
    return next((rival.name for rival in RIVALS if rival.signs & names), "")


def mapping_mistakes(fields: Collection[Field]) -> dict[str, str]:
    """What is wrong with what the columns are said to be about, by a name for each; usually empty.

    The sentences are to be translated.
    """
    found: dict[str, str] = {}
    named = [field for field in fields if field is not Field.NOTHING]
    if len(named) > len(set(named)):
        found["columns"] = _("Two columns cannot be the same.")
    elif not {Field.EMAIL, Field.CUSTOMER} & set(named):
        found["columns"] = _("One column has to say who it is: an e-mail address or customer id.")
    elif {Field.POINTS, Field.CHANGE} <= set(named):
        found["columns"] = _("A table has either balances or a history: choose one of the two.")
    elif Field.CHANGE in named and Field.HAPPENED not in named:
        found["columns"] = _("A history needs a column with the day.")
    elif not {Field.POINTS, Field.CHANGE, Field.TIER} & set(named):
        found["columns"] = _("One column has to say what they have: points or a tier.")
    return found
