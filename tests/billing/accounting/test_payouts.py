"""What the payment provider pays out goes from its account to the bank's, by the line of a statement."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from audit.models import Entry
from billing.accounting.queries.check import faults
from billing.accounting.queries.ledger import provider_balance
from billing.models import BankStatementLine, JournalEntry, Payment
from billing.money.policy.days import paris_day
from billing.registry import announce
from demo.factories.billing import invoice_of, order_signed
from isolation.context import inside_operator
from tests.billing.bank_files import camt, entry, tx
from tests.billing.support import clerk, rows_of, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(browse, now):
    return clerk(browse, now)


@pytest.fixture
def held(now):
    """Return what the provider holds of an invoice paid by card, its fee taken, in cents."""
    with inside_operator():
        invoice = invoice_of(order_signed(now=now, method="card"))
        day = paris_day(now)
        payment = Payment.objects.create(
            customer_id=invoice.customer_id,
            method="card",
            amount_cents=invoice.gross_cents,
            received_on=day,
            credited_on=day,
            provider_fee_cents=325,
            created_at=now,
        )
        announce("payment_moved", payment=payment, now=now)
        return provider_balance("EUR")


def statement(desk, day, *movements):
    """Return the page of a bank's file with these movements, each an amount and its words."""
    entries = [
        entry(cents, tx(cents, name=name, text="VIR"), day=str(day), ref=f"R{n}")
        for n, (cents, name) in enumerate(movements)
    ]
    content = camt(*entries, opened=str(day), closed=str(day), opening=1_000_000)
    answer = desk.post(url("bank"), {"file": SimpleUploadedFile("releve.xml", content)})
    assert answer.status_code == 302, re.sub(r"\s+", " ", answer.content.decode())[-600:]
    return answer.headers["Location"]


def test_a_payout_is_ticked_and_empties_the_providers_account(desk, now, held):
    page = statement(desk, paris_day(now), (held, "STRIPE PAYMENTS EUROPE"))
    (line,) = rows_of(BankStatementLine.objects)
    choice = f"payout:{line.pk}"
    shown = desk.get(page).content.decode()
    assert re.search(rf'value="{choice}" checked', shown)
    assert desk.post(page, {f"choose-{line.pk}": choice}).status_code == 302
    with inside_operator():
        assert provider_balance("EUR") == 0
        made = JournalEntry.objects.get(source_id=line.pk)
        assert (made.journal, made.on) == ("bank", line.booked_on)
        sides = sorted(made.lines.values_list("role", "cents"))
        assert sides == [("bank", held), ("provider", -held)]
        assert not list(faults())
    assert "versement du prestataire" in desk.get(page, headers={"accept-language": "fr"}).content.decode()


def test_what_the_provider_takes_back_and_a_line_applied_twice(desk, now, held):
    page = statement(desk, paris_day(now), (held, "STRIPE"), (-1200, "STRIPE"))
    first, second = rows_of(BankStatementLine.objects.order_by("position"))
    chosen = {f"choose-{line.pk}": f"payout:{line.pk}" for line in (first, second)}
    for _ in range(2):
        assert desk.post(page, chosen).status_code == 302
    with inside_operator():
        assert provider_balance("EUR") == 1200
        assert JournalEntry.objects.filter(source="bank").count() == 2
        assert not list(faults())


def test_another_payer_is_not_taken_for_the_provider(desk, now, held):
    page = statement(desk, paris_day(now) - timedelta(days=1), (held, "École des Tilleuls"))
    shown = desk.get(page).content.decode()
    (line,) = rows_of(BankStatementLine.objects)
    assert f'value="payout:{line.pk}"' in shown
    assert not re.search(rf'value="payout:{line.pk}" checked', shown)


def test_a_payout_applied_by_mistake_is_undone_and_the_line_waits_again(desk, now, held):
    page = statement(desk, paris_day(now), (held, "STRIPE"))
    (line,) = rows_of(BankStatementLine.objects)
    chosen = {f"choose-{line.pk}": f"payout:{line.pk}"}
    undo = url("payout_undo", line.pk)
    assert desk.post(undo, {"reason": "x"}).status_code == 302  # it waits: there is nothing to undo
    assert not rows_of(JournalEntry.objects.filter(source="bank"))
    for times in (1, 2):
        desk.post(page, chosen)
        assert f'action="{undo}"' in desk.get(page).content.decode()
        assert desk.post(undo, {"reason": ""}).headers["Location"] == page
        assert rows_of(BankStatementLine.objects)[0].is_payout
        told = desk.post(undo, {"reason": "virement d’un client"}, follow=True).content.decode()
        assert f'value="payout:{line.pk}"' in told
        assert f'action="{undo}"' not in told
        with inside_operator():
            assert provider_balance("EUR") == held
            assert JournalEntry.objects.filter(source_id=line.pk).count() == 2 * times
            assert not list(faults())
            assert Entry.objects.filter(verb="line.payout_undone").count() == times
    desk.post(page, chosen)
    with inside_operator():
        assert provider_balance("EUR") == 0
        assert not list(faults())


def test_only_a_payout_is_undone_here(desk, now):
    with inside_operator():
        invoice = invoice_of(order_signed(now=now, method="transfer"))
    page = statement(desk, paris_day(now), (invoice.gross_cents, "École"))
    (line,) = rows_of(BankStatementLine.objects)
    desk.post(page, {f"choose-{line.pk}": f"invoice:{invoice.pk}"})
    desk.post(url("payout_undo", line.pk), {"reason": "x"})
    assert rows_of(BankStatementLine.objects)[0].state == "applied"
