"""LG-S22: a withdrawal counts by the time it was sent, whatever happened until it was recorded."""

from datetime import date

import pytest

from billing.models import Invoice, Subscription
from isolation.context import inside_operator
from tests.billing.support import rows_of, url
from tests.clauses.stage import desk, later, live, mails, read, visitor
from tests.clauses.test_lg_s22_withdrawal import month

CLAUSE = "LG-S22"


@pytest.mark.story(
    "LG-S22",
    door="page",
    fr="Une famille se rétracte par e-mail le quatorzième jour ; le bureau ne le note qu’après la "
    "reconduction du mois : rien n’en reste dû.",
)
def test_what_renewed_before_it_was_recorded_falls_with_it(browse, clock, now, shelves, provider):
    """A family withdraws by e-mail on the fourteenth day; the desk records it after the month was renewed:
    nothing of it is owed any more.
    """
    placed, family = month(browse, clock, shelves, provider, date(2026, 11, 16))
    live(clock, date(2026, 12, 10), date(2026, 12, 16), date(2026, 12, 17))
    assert len(rows_of(Invoice.objects.all())) == 2
    sent = {"on": "2026-11-30", "how": "email", "line_1": "on", "reason": "", "confirm": "1"}
    assert desk(browse, now).post(url("withdrawal_record", placed.pk), sent).status_code == 302
    later(clock, minutes=5)
    with inside_operator():
        invoices = Invoice.objects.filter(kind=Invoice.Kind.INVOICE).order_by("issued_on", "number")
        notes = Invoice.objects.filter(kind=Invoice.Kind.CREDIT_NOTE)
        assert {note.corrects_id: note.gross_cents for note in notes} == {
            each.pk: each.gross_cents for each in invoices
        }
        assert Subscription.objects.get().end_reason == "withdrawal"
        renewal = list(invoices)[1]
        (note,) = (each for each in notes if each.corrects_id == renewal.pk)
    live(clock, date(2026, 12, 18))
    assert renewal.number not in read(desk(browse, now).get(url("late")))
    assert "échue" not in read(visitor(browse, family).get(url("portal_invoices")))
    assert mails(note.number)
