"""The choices that settings of a program have, as people call them in all our languages."""

from app.domain.setting_words import table

CHOICES = table("""
floor | floor | ned | ned | nedåt | abrunden
half_up | half up | til nærmeste | til nærmeste | till närmaste | zur nächsten Zahl
ceil | ceil | op | opp | uppåt | aufrunden
order | order | ordren | ordren | ordern | Bestellung
line | line | linjen | linjen | raden | Position
prorated | prorated | forholdsmæssigt | forholdsmessig | i proportion | anteilig
only_full | only full | kun når alt returneres | bare når alt returneres
  | bara när allt returneras | nur bei voller Rückgabe
never | never | aldrig | aldri | aldrig | nie
owe | owe | skyldes | skyldes | blir skuld | wird geschuldet
clamp | clamp | stopper ved nul | stopper på null | stannar vid noll | endet bei null
at_payment | at payment | ved betaling | ved betaling | vid betalning | bei Zahlung
days_after_payment | days after payment | dage efter betaling | dager etter betaling
  | dagar efter betalning | Tage nach der Zahlung
at_fulfillment | at fulfillment | ved afsendelse | ved sending | vid leverans | beim Versand
per_lot_days | per lot days | dage efter optjening | dager etter opptjening
  | dagar efter intjäning | Tage nach dem Sammeln
per_lot_months | per lot months | måneder efter optjening | måneder etter opptjening
  | månader efter intjäning | Monate nach dem Sammeln
inactivity_days | inactivity days | dage uden aktivitet | dager uten aktivitet
  | dagar utan aktivitet | Tage ohne Aktivität
inactivity_months | inactivity months | måneder uden aktivitet | måneder uten aktivitet
  | månader utan aktivitet | Monate ohne Aktivität
month_end | month end | ved månedens udgang | ved månedens slutt
  | vid månadens slut | zum Monatsende
year_end | year end | ved årets udgang | ved årets slutt | vid årets slut | zum Jahresende
nothing | nothing | intet | ingenting | inget | nichts
hold | hold | venter | venter | väntar | warten
per_amount | per amount | pr. beløb | per beløp | per belopp | pro Betrag
per_order | per order | pr. ordre | per ordre | per order | pro Bestellung
per_unit | per unit | pr. stk. | per stk. | per styck | pro Stück
new_category | new category | ny kategori | ny kategori | ny kategori | neue Kategorie
newsletter | newsletter | nyhedsbrev | nyhetsbrev | nyhetsbrev | Newsletter
birthday | birthday | fødselsdag | bursdag | födelsedag | Geburtstag
review | review | anmeldelse | anmeldelse | recension | Bewertung
social | social | sociale medier | sosiale medier | sociala medier | soziale Medien
survey | survey | spørgeskema | spørreundersøkelse | enkät | Umfrage
custom | custom | egen | egen | egen | eigene
amount_off | amount off | rabat i beløb | rabatt i beløp | rabatt i belopp | Rabatt als Betrag
percent_off | percent off | rabat i procent | rabatt i prosent
  | rabatt i procent | Rabatt in Prozent
free_shipping | free shipping | gratis fragt | gratis frakt | fri frakt | kostenloser Versand
slider | slider | skyder | glidebryter | reglage | Schieberegler
free_product | free product | gratis produkt | gratis produkt | gratis produkt | Gratisprodukt
exclusive | exclusive | kun for medlemmer | bare for medlemmer
  | bara för medlemmar | nur für Mitglieder
gift_card | gift card | gavekort | gavekort | presentkort | Geschenkgutschein
store_credit | store credit | butikskredit | butikkreditt | butikskredit | Guthaben
by_hand | by hand | manuelt | manuelt | för hand | von Hand
support | support | service | service | service | Service
donation | donation | donation | donasjon | donation | Spende
spend | spend | køb | kjøp | köp | Einkäufe
points | points | point | poeng | poäng | Punkte
orders | orders | ordrer | ordrer | ordrar | Bestellungen
balance | balance | saldo | saldo | saldo | Punktestand
rolling_year | rolling year | de seneste 12 måneder | de siste 12 månedene
  | de senaste 12 månaderna | die letzten 12 Monate
calendar_year | calendar year | kalenderåret | kalenderåret | kalenderåret | Kalenderjahr
lifetime | lifetime | hele tiden | hele tiden | hela tiden | gesamte Zeit
at_once | at once | straks | straks | genast | sofort
every_days | every days | med faste dages mellemrum | med faste dagers mellomrom
  | med fasta dagars mellanrum | in festen Abständen von Tagen
after_months | after months | efter måneder | etter måneder | efter månader | nach Monaten
next_year_end | next year end | ved næste års udgang | ved neste års slutt
  | vid nästa års slut | zum Ende des nächsten Jahres
prospect | prospect | mulig kunde | mulig kunde | möjlig kund | Interessent
first_time | first time | første køb | første kjøp | första köpet | Erstkäufer
returning | returning | tilbagevendende | tilbakevendende | återkommande | wiederkehrend
loyal | loyal | loyal | lojal | lojal | treu
ambassador | ambassador | ambassadør | ambassadør | ambassadör | Botschafter
at_risk | at risk | i fare | i faresonen | i riskzonen | gefährdet
lost | lost | tabt | tapt | förlorad | verloren
""")
