"""A deferral granted at the console counts in what is owed, wherever that is asked."""

from datetime import timedelta

import pytest
from django.utils.formats import date_format

from billing.models import Invoice
from demo.factories.billing import ContactFactory, invoice_of, order_signed
from isolation.context import inside_operator
from tests.billing.support import url
from tests.clauses.stage import at, desk, live, mails, read, visitor

pytestmark = pytest.mark.django_db


@pytest.mark.story(
    "LG-S6.3d",
    door="page",
    fr="Une facture en retard reçoit un délai par écrit : elle n’est plus en retard, ni pour nous ni "
    "pour son client, jusqu’au nouveau jour compris ; le lendemain elle l’est de nouveau.",
)
def test_a_deferral_takes_an_invoice_out_of_what_is_late_until_its_day(browse, clock, now):
    """An overdue invoice gets more time in writing: it is late no more, for the house nor for its client, up
    to the new day; the day after it is late again. Without the document nothing moves.
    """
    with inside_operator():
        contact = ContactFactory()
        invoice = invoice_of(order_signed(contact, now=now, method="transfer"))
    late_on = invoice.due_on + timedelta(days=3)
    moved_to = late_on + timedelta(days=10)
    live(clock, late_on)
    assert invoice.number in read(desk(browse, at(late_on)).get(url("late")))
    form = {"new_due_on": str(moved_to), "document": ""}
    desk(browse, at(late_on)).post(url("invoice_extension", invoice.pk), form)
    assert invoice.number in read(desk(browse, at(late_on)).get(url("late")))
    form["document"] = "courriel du 3"
    assert desk(browse, at(late_on)).post(url("invoice_extension", invoice.pk), form).status_code == 302
    assert invoice.number not in read(desk(browse, at(late_on)).get(url("late")))
    said = read(visitor(browse, contact).get(url("portal_invoice", invoice.pk)))
    assert date_format(moved_to, "j F Y").replace("\N{NO-BREAK SPACE}", " ") in said
    live(clock, moved_to)
    assert invoice.number not in read(desk(browse, at(moved_to)).get(url("late")))
    owed = url("late_invoice", invoice.pk)
    assert "Rien n’est dû" in read(desk(browse, at(moved_to)).get(owed))
    live(clock, moved_to + timedelta(days=1))
    assert invoice.number in read(desk(browse, at(moved_to)).get(url("late")))
    assert "Intérêts 0,44 €" in read(desk(browse, at(moved_to)).get(owed))  # 1,281.84 x 12.40 % / 365: a day
    with inside_operator():
        assert Invoice.objects.get(pk=invoice.pk).due_on == invoice.due_on  # what was issued stays as it was


@pytest.mark.story(
    "LG-S6.3d",
    door="agenda",
    fr="Une facture en retard reçoit un report de deux mois : aucun rappel ne part avant le nouveau jour.",
)
def test_no_reminder_leaves_while_an_extension_runs(browse, clock, now):
    """An overdue invoice is given two months more: no reminder leaves before the new day."""
    with inside_operator():
        invoice = invoice_of(order_signed(ContactFactory(), now=now, method="transfer"))
    late_on = invoice.due_on + timedelta(days=1)
    live(clock, late_on)
    form = {"new_due_on": str(late_on + timedelta(days=60)), "document": "courriel du 3"}
    assert desk(browse, at(late_on)).post(url("invoice_extension", invoice.pk), form).status_code == 302
    before = len(mails(invoice.number))
    live(clock, *(late_on + timedelta(days=days) for days in range(2, 50, 4)))
    assert len(mails(invoice.number)) == before
