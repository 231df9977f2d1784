"""The settings of a program and the choices they have, as people call them in all our languages.

Each has a line in a table, or two: its name in the program, then the words in the order of LOCALES.
They stand here, and not in the catalogs, because a command without a web page says them, too.
"""

from app.domain.order_words import five
from app.domain.text import Text


def table(lines: str) -> dict[str, Text]:
    """Words in five languages by a name, from lines of all six."""
    whole = lines.replace("\n  |", " |").strip().splitlines()
    rows = [[cell.strip() for cell in line.split("|")] for line in whole]
    return {name: five(*words) for name, *words in rows}


PARTS = table("""
earning | The rule {code} | Reglen {code} | Regelen {code} | Regeln {code} | Die Regel {code}
actions | The action {code} | Handlingen {code} | Handlingen {code}
  | Handlingen {code} | Die Aktion {code}
campaigns | The campaign {code} | Kampagnen {code} | Kampanjen {code}
  | Kampanjen {code} | Die Kampagne {code}
segments | The segment {code} | Segmentet {code} | Segmentet {code}
  | Segmentet {code} | Das Segment {code}
ladder | The tier {code} | Niveauet {code} | Nivået {code} | Nivån {code} | Die Stufe {code}
rewards | The reward {code} | Belønningen {code} | Belønningen {code}
  | Belöningen {code} | Die Prämie {code}
""")
"""What one of the parts is called that a list holds."""

ORDERS = table("""
earning | order of the rules | reglernes rækkefølge | rekkefølgen av reglene
  | reglernas ordning | Reihenfolge der Regeln
actions | order of the actions | handlingernes rækkefølge | rekkefølgen av handlingene
  | handlingarnas ordning | Reihenfolge der Aktionen
campaigns | order of the campaigns | kampagnernes rækkefølge | rekkefølgen av kampanjene
  | kampanjernas ordning | Reihenfolge der Kampagnen
segments | order of the segments | segmenternes rækkefølge | rekkefølgen av segmentene
  | segmentens ordning | Reihenfolge der Segmente
ladder | order of the tiers | niveauernes rækkefølge | rekkefølgen av nivåene
  | nivåernas ordning | Reihenfolge der Stufen
rewards | order of the rewards | belønningernes rækkefølge | rekkefølgen av belønningene
  | belöningarnas ordning | Reihenfolge der Prämien
""")

SETTINGS = table("""
currency | currency | valuta | valuta | valuta | Währung
name | name | navn | navn | namn | Name
live | shown to shoppers | synlig for kunder | synlig for kunder
  | synligt för kunder | für Kunden sichtbar
paused | paused | på pause | på pause | pausat | pausiert
stages | stages | faser | faser | faser | Phasen
basis | basis | grundlag | grunnlag | underlag | Grundlage
rounding | rounding | afrunding | avrunding | avrundning | Rundung
rounding_point | rounding point | hvor der afrundes | hvor det avrundes
  | var det avrundas | wo gerundet wird
availability | availability | hvornår point kan bruges | når poeng kan brukes
  | när poäng kan användas | wann Punkte einlösbar sind
available_after_days | available after days | dage før point kan bruges | dager før poeng kan brukes
  | dagar innan poäng kan användas | Tage, bis Punkte einlösbar sind
pos_earns | earning in the physical shop | point i den fysiske butik | poeng i den fysiske butikken
  | poäng i den fysiska butiken | Punkte im Ladengeschäft
guests | guests | gæster | gjester | gäster | Gäste
guest_days | guest days | dage som gæsters point venter | dager gjesters poeng venter
  | dagar som gästers poäng väntar | Tage, die Punkte von Gästen warten
join_points | join points | velkomstpoint | velkomstpoeng | välkomstpoäng | Willkommenspunkte
tiers | tiers | niveauer | nivåer | nivåer | Stufen
expiry | expiry | udløb | utløp | utgång | Verfall
spent_return | spent return | brugte point ved returnering | brukte poeng ved retur
  | använda poäng vid retur | eingelöste Punkte bei Rückgabe
debt | debt | gæld | gjeld | skuld | Schuld
holdout_percent | share of new members held out | andel nye medlemmer holdt ude
  | andel nye medlemmer holdt utenfor
  | andel nya medlemmar utanför | Anteil neuer Mitglieder außen vor
kind | kind | slags | type | sort | Art
points | points | point | poeng | poäng | Punkte
per_minor | amount that earns | optjeningsbeløb | opptjeningsbeløp
  | intjäningsbelopp | Sammelbetrag
include | include | kun | bare | bara | nur
exclude | exclude | undtagen | unntatt | utom | außer
multipliers | multipliers | vægte | vekter | vikter | Gewichte
minimum_minor | least order | mindste ordre | minste ordre | minsta order | Mindestbestellwert
needs_code | needs code | kræver kode | krever kode | kräver kod | braucht Code
nth_order | nth order | medlemmets ordre nr. | medlemmets ordre nr.
  | medlemmens order nr | Bestellung Nr. des Mitglieds
every_nth | every nth | hver n. ordre | hver n. ordre | var n:te order | jede n-te Bestellung
segment | segment | segment | segment | segment | Segment
most_points | most points | højst point | høyst poeng | högst poäng | höchstens Punkte
budget_points | budget points | point i alt til alle | poeng i alt til alle
  | poäng totalt till alla | Punkte für alle zusammen
stacks | stacks | lægges sammen med andre | legges sammen med andre
  | läggs ihop med andra | zählt neben anderen
priority | priority | prioritet | prioritet | prioritet | Rang
stop | stop | stopper de følgende | stopper de følgende
  | stoppar de följande | beendet die folgenden
product_ids | product ids | produkt-id'er | produkt-ID-er | produkt-id:n | Produkt-IDs
skus | skus | varenumre | varenumre | artikelnummer | Artikelnummern
vendors | vendors | leverandører | leverandører | leverantörer | Lieferanten
tags | tags | mærker | etiketter | taggar | Schlagwörter
collections | collections | kollektioner | kolleksjoner | kollektioner | Kollektionen
products | products | produkter | produkter | produkter | Produkte
percent | multiplier | multiplikator | multiplikator | multiplikator | Faktor
per_day | per day | pr. dag | per dag | per dag | pro Tag
per_lifetime | per lifetime | i alt pr. medlem | i alt per medlem
  | totalt per medlem | insgesamt pro Mitglied
loyal_orders | loyal orders | ordrer for at være loyal | ordrer for å være lojal
  | ordrar för att vara lojal | Bestellungen bis treu
at_risk_days | at risk days | dage til i fare | dager til i faresonen
  | dagar till i riskzonen | Tage bis gefährdet
lost_days | lost days | dage til tabt | dager til tapt | dagar till förlorad | Tage bis verloren
least_orders | least orders | mindst ordrer | minst ordrer | minst ordrar | mindestens Bestellungen
most_orders | most orders | højst ordrer | høyst ordrer | högst ordrar | höchstens Bestellungen
least_spend_minor | least spend | mindst købt for | minst kjøpt for
  | minst köpt för | mindestens gekauft für
most_spend_minor | most spend | højst købt for | høyst kjøpt for
  | högst köpt för | höchstens gekauft für
bought_within_days | bought within days | købt inden for dage | kjøpt innen dager
  | köpt inom dagar | gekauft innerhalb von Tagen
not_bought_for_days | not bought for days | ikke købt i dage | ikke kjøpt på dager
  | inte köpt på dagar | seit Tagen nichts gekauft
starts_on | starts on | første dag | første dag | första dag | erster Tag
ends_on | ends on | sidste dag | siste dag | sista dag | letzter Tag
weekdays | weekdays | ugedage | ukedager | veckodagar | Wochentage
bonus_points | bonus points | ekstra point | ekstra poeng | extra poäng | Zusatzpunkte
tax | tax | moms | mva. | moms | Steuer
shipping | shipping | fragt | frakt | frakt | Versand
gift_card_lines | gift card lines | købte gavekort | kjøpte gavekort
  | köpta presentkort | gekaufte Gutscheine
whole_steps | counting whole amounts only | kun hele beløb tæller | bare hele beløp teller
  | bara hela belopp räknas | nur volle Beträge zählen
count | count | antal | antall | antal | Anzahl
measure | measure | målt efter | målt etter | mätt efter | gemessen an
window | window | periode | periode | period | Zeitraum
loss | loss | tab af niveau | tap av nivå | förlust av nivå | Verlust der Stufe
loss_months | loss months | måneder til tab | måneder til tap
  | månader till förlust | Monate bis zum Verlust
loss_days | loss days | dage til tab | dager til tap | dagar till förlust | Tage bis zum Verlust
grace_days | grace days | dages henstand | dagers frist | dagars respit | Tage Aufschub
threshold | threshold | begynder ved | begynner på | börjar vid | beginnt bei
earn_percent | multiplier of points | multiplikator af point | multiplikator for poeng
  | multiplikator för poäng | Faktor der Punkte
entry_points | points for reaching it | point for at nå det | poeng for å nå det
  | poäng för att nå den | Punkte fürs Erreichen
entry_reward | reward for reaching it | belønning for at nå det | belønning for å nå det
  | belöning för att nå den | Prämie fürs Erreichen
cost_points | price in points | pris i point | pris i poeng | pris i poäng | Preis in Punkten
off_minor | amount off | rabat i beløb | rabatt i beløp | rabatt i belopp | Rabatt als Betrag
off_percent | share off | rabat i procent | rabatt i prosent | rabatt i procent | Rabatt in Prozent
least_points | least points | mindst point | minst poeng | minst poäng | mindestens Punkte
most_percent | most percent | højst af ordren | høyst av ordren
  | högst av ordern | höchstens von der Bestellung
minimum_subtotal_minor | least order | mindste ordre | minste ordre
  | minsta order | Mindestbestellwert
valid_days | valid days | gyldig i dage | gyldig i dager | giltig i dagar | gültig in Tagen
tier | tier | niveau | nivå | nivå | Stufe
per_member | per member | pr. medlem | per medlem | per medlem | pro Mitglied
combines | combines | kan kombineres | kan kombineres | kan kombineras | kombinierbar
tag | tag | mærke | etikett | tagg | Schlagwort
steps | steps | trin | trinn | steg | Schritte
pooled | pooled | koder på lager | koder på lager | koder på lager | Codes auf Vorrat
""")
