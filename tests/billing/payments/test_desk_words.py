"""What finance reads while money is written down or given up: all that is wrong at once, amounts as money."""

import re
from datetime import date

import pytest
from django.utils.translation import override

from billing.models import ClosedPeriod, Payment
from contracts.templatetags.ui import money_text
from demo.factories.billing import ContactFactory, invoice_of, order_signed
from isolation.context import inside_operator
from tests.billing.support import clerk, rows_of, url
from tests.clauses.stage import plain

pytestmark = pytest.mark.django_db


@pytest.fixture
def invoice(now):
    """An invoice to pay by transfer."""
    with inside_operator():
        return invoice_of(order_signed(ContactFactory(), now=now, method="transfer"))


def told(answer):
    """Return the page in plain words, and where the errors of its summary lead."""
    page = answer.content.decode()
    box = re.search(r'<div class="error-summary".*?</div>', page, re.DOTALL)
    return plain(page), re.findall(r'<a href="#id_([^"]+)"', box[0]) if box else []


def left_of(invoice):
    """Return what is left to pay as a page writes it."""
    with override("fr"):
        return plain(money_text(invoice.gross_cents))


def test_all_that_is_wrong_with_a_payment_is_said_at_once(browse, now, invoice):
    with inside_operator():
        ClosedPeriod.objects.create(
            starts_on=date(2026, 1, 1),
            ends_on=date(2026, 11, 2),
            closed_at=now,
            figures={},
            fec=b"",
            fec_sha256="",
        )
    typed = {"invoice": str(invoice.pk), "method": "transfer", "amount": "9 000"}
    desk = clerk(browse, now)
    answer = desk.post(url("payment_new"), typed | {"received_on": "2026-10-30", "credited_on": "2027-10-30"})
    words, errors = told(answer)
    assert (answer.status_code, errors) == (422, ["amount", "received_on", "credited_on"])
    assert left_of(invoice) in words
    whole = {"amount": f"{invoice.gross_cents / 100:.2f}", "received_on": "2026-11-16"}
    desk.post(url("payment_new"), typed | whole | {"credited_on": "2026-11-16"})
    answer = desk.post(url("payment_new"), typed | {"received_on": "2026-10-30"})
    assert told(answer)[1] == ["invoice", "received_on", "credited_on"]
    assert len(rows_of(Payment.objects)) == 1


LOST = {"amount": "", "on": "2026-11-16", "reason": "insolvency", "words": "certificat du mandataire"}


def test_a_write_off_shows_its_day_and_reason_before_it_is_made_and_chooses_no_reason(browse, now, invoice):
    desk = clerk(browse, now)
    page = url("invoice_write_off", invoice.pk)
    fresh = desk.get(page).content.decode()
    assert '<option value="" selected>' in fresh
    answer = desk.post(page, LOST | {"amount": "9 000", "reason": ""})
    words, errors = told(answer)
    assert errors == ["amount", "reason"]
    assert left_of(invoice) in words
    shown = plain(desk.post(page, LOST).content.decode())
    assert "16 novembre 2026" in shown
    assert "liquidation judiciaire" in shown
    assert "certificat du mandataire" in shown
    done = desk.post(page, LOST | {"confirm": "1"}, follow=True)
    assert f"{left_of(invoice)} passés en perte" in plain(done.content.decode())


def test_a_choice_that_always_has_a_value_is_not_called_optional(browse, now, invoice):
    page = clerk(browse, now).get(url("invoice_credit", invoice.pk)).content.decode()
    asked = next(
        each for each in re.findall(r"<legend>.*?</legend>", page, re.DOTALL) if "Depuis quand" in each
    )
    assert "facultatif" not in asked
