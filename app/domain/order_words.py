"""The sentences that explain an order, in all our languages and in the order of LOCALES.

They stand here, and not in the catalogs, because a command without a web page says them, too.
"""

from app.domain.explanation import Outcome
from app.domain.program import Rounding, RoundingPoint
from app.domain.rules import RuleKind
from app.domain.text import LOCALES, Text, text


def five(en: str, da: str, nb: str, sv: str, de: str) -> Text:
    """One sentence in five languages."""
    return text(dict(zip(LOCALES, (en, da, nb, sv, de), strict=True)))


POINT = five("{n} point", "{n} point", "{n} poeng", "{n} poäng", "{n} Punkt")
POINTS = five("{n} points", "{n} point", "{n} poeng", "{n} poäng", "{n} Punkte")

SHOPPER = {
    Outcome.GAVE: five(
        "Order {order} gave you {kept}.",
        "Ordre {order} gav dig {kept}.",
        "Ordre {order} ga deg {kept}.",
        "Order {order} gav dig {kept}.",
        "Bestellung {order} brachte dir {kept}.",
    ),
    Outcome.GAVE_LESS: five(
        "Order {order} gave you {given}; of these, {gone} went back or expired.",
        "Ordre {order} gav dig {given}; heraf er {gone} trukket tilbage eller udløbet.",
        "Ordre {order} ga deg {given}; av disse er {gone} trukket tilbake eller utløpt.",
        "Order {order} gav dig {given}; av dem har {gone} dragits tillbaka eller gått ut.",
        "Bestellung {order} brachte dir {given}; davon sind {gone} zurückgenommen oder verfallen.",
    ),
    Outcome.WAITS: five(
        "Order {order} gives you {kept}, to be spent from {ready} on.",
        "Ordre {order} giver dig {kept}, som kan bruges fra {ready}.",
        "Ordre {order} gir deg {kept}, som kan brukes fra {ready}.",
        "Order {order} ger dig {kept}, som kan användas från {ready}.",
        "Bestellung {order} bringt dir {kept}, einlösbar ab {ready}.",
    ),
    Outcome.WAITS_FOR_SHOP: five(
        "Order {order} gives you {kept} as soon as it is paid and sent.",
        "Ordre {order} giver dig {kept}, så snart den er betalt og sendt.",
        "Ordre {order} gir deg {kept} så snart den er betalt og sendt.",
        "Order {order} ger dig {kept} så snart den är betald och skickad.",
        "Bestellung {order} bringt dir {kept}, sobald sie bezahlt und versandt ist.",
    ),
    Outcome.ALL_BACK: five(
        "Order {order} gave {given}, which went back with what was returned.",
        "Ordre {order} gav {given}, som gik tilbage med det returnerede.",
        "Ordre {order} ga {given}, som gikk tilbake med det som ble returnert.",
        "Order {order} gav {given}, som gick tillbaka med det som returnerades.",
        "Bestellung {order} brachte {given}, die mit der Rückgabe wieder abgezogen wurden.",
    ),
    Outcome.CANCELED: five(
        "Order {order} was canceled, so it gives no points.",
        "Ordre {order} blev annulleret, så den giver ingen point.",
        "Ordre {order} ble kansellert, så den gir ingen poeng.",
        "Order {order} avbröts, så den ger inga poäng.",
        "Bestellung {order} wurde storniert und bringt deshalb keine Punkte.",
    ),
    Outcome.EXPIRED: five(
        "Order {order} gave you {given}, which have expired.",
        "Ordre {order} gav dig {given}, som er udløbet.",
        "Ordre {order} ga deg {given}, som er utløpt.",
        "Order {order} gav dig {given}, som har gått ut.",
        "Bestellung {order} brachte dir {given}, die verfallen sind.",
    ),
    Outcome.PREVIEW: five(
        "Order {order} was a trial before the program began, so it gives no points.",
        "Ordre {order} var en prøve, før programmet begyndte, så den giver ingen point.",
        "Ordre {order} var en prøve før programmet begynte, så den gir ingen poeng.",
        "Order {order} var ett test innan programmet började, så den ger inga poäng.",
        "Bestellung {order} war ein Test vor dem Start des Programms und bringt keine Punkte.",
    ),
    Outcome.NO_MEMBER: five(
        "Order {order} has no member yet, so its points have nowhere to go.",
        "Ordre {order} har endnu intet medlem, som kan få pointene.",
        "Ordre {order} har ennå ikke noe medlem som kan få poengene.",
        "Order {order} har ännu ingen medlem som kan få poängen.",
        "Bestellung {order} gehört noch keinem Mitglied, das die Punkte bekommen könnte.",
    ),
    Outcome.AWAITS_CATALOG: five(
        "Order {order} is being counted: we are asking the shop about its products.",
        "Ordre {order} tælles op: vi spørger butikken om varerne.",
        "Ordre {order} telles opp: vi spør butikken om varene.",
        "Order {order} räknas: vi frågar butiken om varorna.",
        "Bestellung {order} wird gezählt: Wir fragen den Shop nach den Produkten.",
    ),
    Outcome.TEST_ORDER: five(
        "Order {order} is a test order, and test orders give no points.",
        "Ordre {order} er en testordre, og testordrer giver ingen point.",
        "Ordre {order} er en testordre, og testordrer gir ingen poeng.",
        "Order {order} är en testorder, och testorder ger inga poäng.",
        "Bestellung {order} ist eine Testbestellung, und die bringen keine Punkte.",
    ),
    Outcome.REAL_ORDER_IN_PREVIEW: five(
        "Order {order} was placed before the program began.",
        "Ordre {order} blev afgivet, før programmet begyndte.",
        "Ordre {order} ble lagt inn før programmet begynte.",
        "Order {order} lades innan programmet började.",
        "Bestellung {order} wurde vor dem Start des Programms aufgegeben.",
    ),
    Outcome.PAUSED: five(
        "Order {order} was placed while the program was paused, so it gives no points.",
        "Ordre {order} blev afgivet, mens programmet var sat på pause, så den giver ingen point.",
        "Ordre {order} ble lagt inn mens programmet var satt på pause, så den gir ingen poeng.",
        "Order {order} lades medan programmet var pausat, så den ger inga poäng.",
        "Bestellung {order} wurde in einer Pause des Programms aufgegeben und bringt keine Punkte.",
    ),
    Outcome.POS_ORDER: five(
        "Order {order} was bought at the till, where no points are given.",
        "Ordre {order} blev købt ved kassen, hvor der ikke gives point.",
        "Ordre {order} ble kjøpt i kassen, der det ikke gis poeng.",
        "Order {order} köptes i kassan, där inga poäng ges.",
        "Bestellung {order} wurde an der Kasse gekauft, wo es keine Punkte gibt.",
    ),
    Outcome.GUEST: five(
        "Order {order} was placed by a guest, and guests get no points.",
        "Ordre {order} blev afgivet som gæst, og gæster får ingen point.",
        "Ordre {order} ble lagt inn som gjest, og gjester får ingen poeng.",
        "Order {order} lades som gäst, och gäster får inga poäng.",
        "Bestellung {order} kam von einem Gast, und Gäste bekommen keine Punkte.",
    ),
    Outcome.HOLDOUT: five(
        "Order {order} gives no points, because the program is not open to you yet.",
        "Ordre {order} giver ingen point, fordi programmet ikke er åbent for dig endnu.",
        "Ordre {order} gir ingen poeng, fordi programmet ikke er åpent for deg ennå.",
        "Order {order} ger inga poäng, eftersom programmet inte är öppet för dig än.",
        "Bestellung {order} bringt keine Punkte, weil dir das Programm noch nicht offensteht.",
    ),
    Outcome.OTHER_CURRENCY: five(
        "Order {order} is in another currency than the program.",
        "Ordre {order} er i en anden valuta end programmet.",
        "Ordre {order} er i en annen valuta enn programmet.",
        "Order {order} är i en annan valuta än programmet.",
        "Bestellung {order} ist in einer anderen Währung als das Programm.",
    ),
    Outcome.NOTHING_COUNTS: five(
        "Nothing on order {order} reaches what a rule asks for.",
        "Intet på ordre {order} når det, en regel kræver.",
        "Ingenting på ordre {order} når det en regel krever.",
        "Inget på order {order} når det en regel kräver.",
        "Nichts an Bestellung {order} erreicht, was eine Regel verlangt.",
    ),
}
"""What a shopper reads of an order: one sentence."""

BASIS = five(
    "{money} counts: goods after discounts.",
    "{money} tæller: varer efter rabat.",
    "{money} teller: varer etter rabatt.",
    "{money} räknas: varor efter rabatt.",
    "{money} zählen: Waren nach Rabatten.",
)
RULES = {
    RuleKind.PER_AMOUNT: five(
        "{each} for each {money}: {points}",
        "{each} for hver {money}: {points}",
        "{each} for hver {money}: {points}",
        "{each} för varje {money}: {points}",
        "{each} je {money}: {points}",
    ),
    RuleKind.PER_ORDER: five(
        "{each} for the order: {points}",
        "{each} for ordren: {points}",
        "{each} for ordren: {points}",
        "{each} för ordern: {points}",
        "{each} für die Bestellung: {points}",
    ),
    RuleKind.PER_UNIT: five(
        "{each} for each piece: {points}",
        "{each} for hvert stykke: {points}",
        "{each} for hvert stykk: {points}",
        "{each} för varje styck: {points}",
        "{each} je Stück: {points}",
    ),
    RuleKind.NEW_CATEGORY: five(
        "{each} for each new kind of goods: {points}",
        "{each} for hver ny slags vare: {points}",
        "{each} for hver ny type vare: {points}",
        "{each} för varje ny sorts vara: {points}",
        "{each} je neuer Warenart: {points}",
    ),
}
TIER = five(
    "The tier {tier} makes {percent} of what amounts gave.",
    "Niveauet {tier} giver {percent} af det, beløb gav.",
    "Nivået {tier} gir {percent} av det beløp ga.",
    "Nivån {tier} ger {percent} av det belopp gav.",
    "Die Stufe {tier} macht {percent} aus dem, was Beträge brachten.",
)
CAMPAIGN = five(
    "The campaign {name} adds {points}.",
    "Kampagnen {name} lægger {points} til.",
    "Kampanjen {name} legger til {points}.",
    "Kampanjen {name} lägger till {points}.",
    "Die Aktion {name} gibt {points} dazu.",
)
ROUNDINGS = {
    Rounding.FLOOR: five("down", "ned", "ned", "nedåt", "abgerundet"),
    Rounding.HALF_UP: five("half up", "til nærmeste", "til nærmeste", "närmast", "kaufmännisch"),
    Rounding.CEIL: five("up", "op", "opp", "uppåt", "aufgerundet"),
}
ROUNDED = {
    RoundingPoint.ORDER: five(
        "Rounded once, {how}: {points}.",
        "Afrundet én gang, {how}: {points}.",
        "Avrundet én gang, {how}: {points}.",
        "Avrundat en gång, {how}: {points}.",
        "Einmal gerundet, {how}: {points}.",
    ),
    RoundingPoint.LINE: five(
        "Rounded on each line, {how}: {points}.",
        "Afrundet på hver linje, {how}: {points}.",
        "Avrundet på hver linje, {how}: {points}.",
        "Avrundat på varje rad, {how}: {points}.",
        "Je Zeile gerundet, {how}: {points}.",
    ),
}
