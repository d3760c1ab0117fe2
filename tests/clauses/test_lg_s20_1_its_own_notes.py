"""LG-S20.1: the mail that says a subscription has ended brings its own credit notes, no other school's."""

from datetime import date

import pytest

from billing.models import Invoice
from tests.billing.support import rows_of, url
from tests.clauses.stage import desk, ended_for_breach, later, mails, paid
from tests.clauses.test_lg_s5_2d_a_credited_line_opens_nothing import left_of, subscriptions, two_schools


@pytest.mark.story(
    "LG-S20.1",
    door="mail",
    fr="Deux écoles sur une commande : l’une est résiliée le jour où un geste est fait à l’autre ; son "
    "courriel ne porte pas l’avoir de l’autre.",
)
def test_an_end_brings_no_credit_note_of_another_school(browse, clock, now):
    """Two schools on one order: one is ended on the day the other is given something back; its mail doesn't
    bring the other's credit note.
    """
    order = two_schools(now, renewal="automatic")
    paid(order, now)
    bac, _pre = subscriptions()
    ended_for_breach(browse, clock, now, bac, date(2027, 2, 1), date(2027, 2, 3), date(2027, 3, 4))
    told = {"reason": "Geste pour Pré", "since": "today", "line_2": "10.00"}
    assert desk(browse, now).post(url("invoice_credit", left_of(order).pk), told).status_code == 302
    later(clock, minutes=5)
    (note,) = rows_of(Invoice.objects.filter(kind="credit_note", reason="Geste pour Pré"))
    ended = [each for each in mails("") if "terminé" in each.subject or "résili" in each.subject]
    assert ended
    assert all(note.number not in name for each in ended for name, _file, _kind in each.attachments)
