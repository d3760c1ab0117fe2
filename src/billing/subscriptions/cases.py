"""The contract's own figures about terms, renewals and their ends, for the pages of their clauses and the
tests.
"""

from datetime import date

from billing.collections.policy.letters import breach_ends_on
from billing.money.policy.calendar_months import add_months
from billing.subscriptions.policy.renewal import (
    Term,
    next_term,
    notice_due_on,
    price_to_announce,
    renews_automatically,
)
from billing.subscriptions.policy.termination import (
    force_majeure_may_end_on,
    notice_ends_on,
    suspended_may_end_on,
)
from billing.subscriptions.policy.trial import activated_on, trial_from
from contracts.policy.cases import ANSWER, CENTS, DAY, case
from contracts.registry import profile

RULES = profile("school", on=date(2026, 9, 1))
YEAR = Term(date(2026, 9, 1), date(2027, 9, 1))

case(
    "LG-S14.1",
    "A month from 31 January 2026 ends when February does",
    "Un mois à partir du 31 janvier 2026 s’arrête avec février",
    lambda: add_months(date(2026, 1, 31), 1),
    date(2026, 2, 28),
    DAY,
)
case(
    "LG-S14.1",
    "A year from 29 February 2028",
    "Un an à partir du 29 février 2028",
    lambda: add_months(date(2028, 2, 29), 12),
    date(2029, 2, 28),
    DAY,
)
case(
    "LG-S14.2a",
    "A year from 1 September 2026 renews for an identical period, to 1 September 2028",
    "Un an à partir du 1er septembre 2026 se reconduit pour une durée identique, au 1er septembre 2028",
    lambda: next_term(YEAR, activated_on=YEAR.starts_on, months=12).ends_on,
    date(2028, 9, 1),
    DAY,
)
case(
    "LG-S14.2a",
    "A month activated on 31 January: the period after February ends on 31 March, a 31st stays a 31st",
    "Un mois activé le 31 janvier : la période qui suit février finit le 31 mars, un 31 reste un 31",
    lambda: (
        next_term(
            Term(date(2026, 1, 31), date(2026, 2, 28)), activated_on=date(2026, 1, 31), months=1
        ).ends_on
    ),
    date(2026, 3, 31),
    DAY,
)
case(
    "LG-S14.2a",
    "Terminated for the day of its renewal: does it renew?",
    "Résilié pour le jour de sa reconduction : se reconduit-il ?",
    lambda: renews_automatically("automatic", terminated_on=date(2027, 9, 1), ends_on=date(2027, 9, 1)),
    False,
    ANSWER,
)
case(
    "LG-S14.2f",
    "A fixed term nobody spoke about: does it renew?",
    "Une durée ferme dont personne n’a parlé : se reconduit-elle ?",
    lambda: renews_automatically("fixed", terminated_on=None, ends_on=date(2027, 9, 1)),
    False,
    ANSWER,
)
case(
    "LG-S14.2n",
    "A year that ends on 1 September 2027 is announced by 2 August at the latest",
    "Un an qui finit le 1er septembre 2027 est annoncé le 2 août au plus tard",
    lambda: notice_due_on(YEAR, renewal=RULES.renewal),
    date(2027, 8, 2),
    DAY,
)
case(
    "LG-S14.3",
    "Thirty days of trial from 1 February 2028, not ended: activated and invoiced on 2 March",
    "Trente jours d’essai à partir du 1er février 2028, sans résiliation : activé et facturé le 2 mars",
    lambda: activated_on(trial_from(date(2028, 2, 1), days=30), stopped_on=None),
    date(2028, 3, 2),
    DAY,
)
case(
    "LG-S20.1",
    "Registered letter first presented on 3 November 2026: fifteen days, then the contract may end",
    "Lettre recommandée présentée le 3 novembre 2026 : quinze jours, puis le contrat peut prendre fin",
    lambda: breach_ends_on(
        first_presented_on=date(2026, 11, 3), remedied_on=None, days=RULES.termination.breach_days
    ),
    date(2026, 11, 19),
    DAY,
)
case(
    "LG-S20.2",
    "A word received the day before the renewal stops it",
    "Un mot reçu la veille de la reconduction l’empêche",
    lambda: notice_ends_on("automatic", received_on=date(2027, 8, 31), due_days=[date(2027, 9, 1)]),
    date(2027, 9, 1),
    DAY,
)
case(
    "LG-S20.3s",
    "Told on 10 November 2026 that access is suspended: from when may it be terminated?",
    "Suspension annoncée le 10 novembre 2026 : à partir de quand peut-on résilier ?",
    lambda: suspended_may_end_on(
        told_on=date(2026, 11, 10), at_once=False, days=RULES.termination.suspended_days
    ),
    date(2026, 11, 26),
    DAY,
)
case(
    "LG-S20.3m",
    "An event of 1 February 2027 that lasts: either side may terminate after thirty days",
    "Un événement du 1er février 2027 qui dure : chacun peut résilier après trente jours",
    lambda: force_majeure_may_end_on(date(2027, 2, 1), days=RULES.termination.force_majeure_days),
    date(2027, 3, 4),
    DAY,
)
case(
    "MC-11",
    "A price of 4.90 € became 5.20 € on the list: the renewal after the initial period asks the new one",
    "Un prix de 4,90 € est passé à 5,20 € au tarif : "
    "la reconduction après la période initiale demande le nouveau",
    lambda: price_to_announce("initial_period", current_cents=490, list_cents=520),
    520,
    CENTS,
)
