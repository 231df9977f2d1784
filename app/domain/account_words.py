"""The sentences that explain what became of points, and a member's balance and tier."""

from app.domain.ledger import Reason
from app.domain.order_words import five

REVISION = five(
    "All by revision {revision} of the program, which counted when the order was placed.",
    "Alt efter programmets revision {revision}, som gjaldt, da ordren blev afgivet.",
    "Alt etter programmets revisjon {revision}, som gjaldt da ordren ble lagt inn.",
    "Allt enligt programmets revision {revision}, som gällde när ordern lades.",
    "Alles nach Revision {revision} des Programms, die bei der Bestellung galt.",
)
ENTRY = five(
    "It led to a higher tier, which adds {points}.",
    "Den førte til et højere niveau, som giver {points} mere.",
    "Den førte til et høyere nivå, som gir {points} mer.",
    "Den ledde till en högre nivå, som ger {points} till.",
    "Sie führte in eine höhere Stufe, was {points} mehr gibt.",
)
ENTRY_REWARD = five(
    "It led to a higher tier, which gives {reward}.",
    "Den førte til et højere niveau, som giver {reward}.",
    "Den førte til et høyere nivå, som gir {reward}.",
    "Den ledde till en högre nivå, som ger {reward}.",
    "Sie führte in eine höhere Stufe, die {reward} bringt.",
)
ENTRY_TAKEN_BACK = five(
    "{reward}, which it brought with a higher tier, was taken back.",
    "{reward}, som den gav med et højere niveau, er taget tilbage.",
    "{reward}, som den ga med et høyere nivå, er tatt tilbake.",
    "{reward}, som den gav med en högre nivå, har tagits tillbaka.",
    "{reward}, was sie mit einer höheren Stufe brachte, wurde zurückgenommen.",
)
SHARE = five(
    "{percent} of what earned is still there, so {points} went back.",
    "{percent} af det, der gav point, er tilbage, så {points} gik retur.",
    "{percent} av det som ga poeng, er igjen, så {points} gikk tilbake.",
    "{percent} av det som gav poäng är kvar, så {points} gick tillbaka.",
    "{percent} dessen, was Punkte brachte, ist noch da; {points} gingen zurück.",
)
FORGIVEN = five(
    "{points} were not taken back, because they were spent: that is forgiven.",
    "{points} blev ikke taget tilbage, fordi de var brugt: det er eftergivet.",
    "{points} ble ikke tatt tilbake, fordi de var brukt: det er ettergitt.",
    "{points} togs inte tillbaka, eftersom de var använda: det är efterskänkt.",
    "{points} wurden nicht zurückgenommen, weil sie ausgegeben waren: Das ist erlassen.",
)
EXPIRED = five(
    "{points} of it have expired.",
    "{points} af dem er udløbet.",
    "{points} av dem er utløpt.",
    "{points} av dem har gått ut.",
    "{points} davon sind verfallen.",
)
BALANCE = five(
    "Member {name}: {available} to spend, {pending} on the way, {held} reserved for codes.",
    "Medlem {name}: {available} at bruge, {pending} på vej, {held} reserveret til koder.",
    "Medlem {name}: {available} å bruke, {pending} på vei, {held} reservert til koder.",
    "Medlem {name}: {available} att använda, {pending} på väg, {held} reserverade för koder.",
    "Mitglied {name}: {available} einlösbar, {pending} unterwegs, {held} für Codes reserviert.",
)
EMPTY = five(
    "The balance is 0 because nothing has become available yet.",
    "Saldoen er 0, fordi intet er blevet disponibelt endnu.",
    "Saldoen er 0 fordi ingenting er blitt tilgjengelig ennå.",
    "Saldot är 0 eftersom inget har blivit tillgängligt ännu.",
    "Der Stand ist 0, weil noch nichts verfügbar geworden ist.",
)
OWES = five(
    "{points} were spent before their order went back; the next ones pay for them first.",
    "{points} var brugt, før deres ordre gik retur; de næste betaler dem først.",
    "{points} var brukt før ordren gikk tilbake; de neste betaler dem først.",
    "{points} var använda innan ordern gick tillbaka; de nästa betalar dem först.",
    "{points} waren ausgegeben, bevor ihre Bestellung zurückging; die nächsten tilgen das.",
)
ENDS = five(
    "{points} expire on {date}.",
    "{points} udløber {date}.",
    "{points} utløper {date}.",
    "{points} går ut {date}.",
    "{points} verfallen am {date}.",
)
NEVER_ENDS = five(
    "{points} do not expire by date.",
    "{points} udløber ikke på en dato.",
    "{points} utløper ikke på en dato.",
    "{points} går inte ut på ett datum.",
    "{points} verfallen an keinem Tag.",
)
IN_TIER = five(
    "Tier {tier} since {date}; {measured} counts now.",
    "Niveau {tier} siden {date}; {measured} tæller nu.",
    "Nivå {tier} siden {date}; {measured} teller nå.",
    "Nivå {tier} sedan {date}; {measured} räknas nu.",
    "Stufe {tier} seit {date}; {measured} zählt jetzt.",
)
KEPT_UNTIL = five(
    "The tier is kept until {date} at least.",
    "Niveauet beholdes mindst til {date}.",
    "Nivået beholdes minst til {date}.",
    "Nivån behålls minst till {date}.",
    "Die Stufe bleibt mindestens bis {date}.",
)
NEXT_TIER = five(
    "{missing} more leads to {tier}.",
    "{missing} mere fører til {tier}.",
    "{missing} mer fører til {tier}.",
    "{missing} till leder till {tier}.",
    "{missing} mehr führt zu {tier}.",
)
FLOOR = five(
    "Held at {tier} or above by hand: {reason}",
    "Holdes mindst på {tier} manuelt: {reason}",
    "Holdes minst på {tier} manuelt: {reason}",
    "Hålls minst på {tier} för hand: {reason}",
    "Von Hand mindestens auf {tier} gehalten: {reason}",
)
REASONS = {
    Reason.ORDER: five(
        "from orders", "fra ordrer", "fra ordrer", "från ordrar", "aus Bestellungen"
    ),
    Reason.ORDER_READY: five(
        "from orders, after their waiting time",
        "fra ordrer, efter ventetiden",
        "fra ordrer, etter ventetiden",
        "från ordrar, efter väntetiden",
        "aus Bestellungen, nach der Wartezeit",
    ),
    Reason.ORDER_REVERSED: five(
        "returned and canceled orders",
        "returnerede og annullerede ordrer",
        "returnerte og kansellerte ordrer",
        "returnerade och avbrutna ordrar",
        "zurückgegebene und stornierte Bestellungen",
    ),
    Reason.ORDER_RESTORED: five(
        "orders that count again",
        "ordrer, der tæller igen",
        "ordrer som teller igjen",
        "ordrar som räknas igen",
        "Bestellungen, die wieder zählen",
    ),
    Reason.ORDER_MOVED: five(
        "orders that belong to somebody else",
        "ordrer, der tilhører en anden",
        "ordrer som tilhører en annen",
        "ordrar som tillhör någon annan",
        "Bestellungen, die jemand anderem gehören",
    ),
    Reason.JOIN: five(
        "for joining", "for indmeldelse", "for innmelding", "för medlemskap", "für den Beitritt"
    ),
    Reason.ACTION: five(
        "for deeds", "for handlinger", "for handlinger", "för handlingar", "für Aktionen"
    ),
    Reason.REDEEM: five(
        "reserved for codes",
        "reserveret til koder",
        "reservert til koder",
        "reserverade för koder",
        "für Codes reserviert",
    ),
    Reason.SPEND: five("spent", "brugt", "brukt", "använt", "ausgegeben"),
    Reason.GIVE_BACK: five(
        "back from unused codes",
        "tilbage fra ubrugte koder",
        "tilbake fra ubrukte koder",
        "tillbaka från oanvända koder",
        "zurück aus ungenutzten Codes",
    ),
    Reason.SPENT_RETURN: five(
        "back from refunded orders",
        "tilbage fra refunderede ordrer",
        "tilbake fra refunderte ordrer",
        "tillbaka från återbetalda ordrar",
        "zurück aus erstatteten Bestellungen",
    ),
    Reason.EXPIRE: five("expired", "udløbet", "utløpt", "utgånget", "verfallen"),
    Reason.ADJUST: five("by hand", "manuelt", "manuelt", "för hand", "von Hand"),
    Reason.MERGE: five(
        "merged customers",
        "sammenlagte kunder",
        "sammenslåtte kunder",
        "sammanslagna kunder",
        "zusammengeführte Kunden",
    ),
    Reason.IMPORT: five(
        "from another program",
        "fra et andet program",
        "fra et annet program",
        "från ett annat program",
        "aus einem anderen Programm",
    ),
}
"""What moved a balance; a reason that is not here is told by its own name."""
