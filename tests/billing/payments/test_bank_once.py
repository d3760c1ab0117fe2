"""One payment is told by one line that came, whatever took some of it back; one line is of one account."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from billing.models import BankStatementLine, CsvMapping, Payment
from billing.payments.actions.reconcile_line import AlreadyReconciled, reconcile_line
from demo.factories.billing import ContactFactory, invoice_of, order_signed
from isolation.context import inside_operator
from tests.billing.bank_files import camt, entry, tx
from tests.billing.support import clerk, rows_of, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(browse, now):
    """A clerk of finance."""
    return clerk(browse, now)


@pytest.fixture
def written(desk, now):
    """A transfer written down by hand on an invoice."""
    with inside_operator():
        invoice = invoice_of(order_signed(ContactFactory(), now=now, method="transfer"))
    money = {"invoice": str(invoice.pk), "method": "transfer", "amount": f"{invoice.gross_cents / 100:.2f}"}
    money |= {"received_on": str(now.date()), "credited_on": str(now.date())}
    assert desk.post(url("payment_new"), money).status_code == 302
    return rows_of(Payment.objects)[0]


def read(desk, content, name, **more):
    """Send a file; return the address of its page."""
    answer = desk.post(url("bank"), {"file": SimpleUploadedFile(name, content), **more})
    assert answer.status_code == 302
    return answer.headers["Location"]


def test_what_was_taken_back_by_a_line_is_still_known_by_the_line_it_came_with(desk, written, now):
    cents = written.amount_cents
    page = read(desk, camt(entry(-cents, tx(cents, text="REJET VIR"), ref="R2"), name="S1"), "un.xml")
    (back,) = rows_of(BankStatementLine.objects)
    desk.post(page, {f"choose-{back.pk}": f"bounce:{written.pk}"})
    page = read(desk, camt(entry(cents, tx(cents, text="VIR"), ref="R1"), name="S2"), "deux.xml")
    came = rows_of(BankStatementLine.objects.filter(amount_cents__gt=0))[0]
    assert f"written:{written.pk}" in desk.get(page).text
    desk.post(page, {f"choose-{came.pk}": f"written:{written.pk}"})
    assert rows_of(BankStatementLine.objects.filter(pk=came.pk))[0].payment_id == written.pk
    assert len(rows_of(Payment.objects)) == 1


def test_two_lines_never_tell_one_payment(desk, written, now):
    cents = written.amount_cents
    lines = [entry(cents, tx(cents, text=f"VIR {n}"), ref=f"R{n}") for n in range(2)]
    read(desk, camt(*lines), "un.xml")
    first, second = rows_of(BankStatementLine.objects.order_by("position"))
    told = {"kind": "written", "key": written.pk, "by": None, "now": now, "today": now.date()}
    with inside_operator():
        reconcile_line(line_id=first.pk, **told)
        with pytest.raises(AlreadyReconciled):
            reconcile_line(line_id=second.pk, **told)


def csv(desk, now, text, name):
    """Send a CSV with a column of its account."""
    with inside_operator():
        columns = {"booked_on": "Date", "text": "Libelle", "amount": "Montant"}
        chosen = CsvMapping.objects.filter(columns=columns).first() or CsvMapping.objects.create(
            name=str(uuid4()), columns=columns, created_at=now
        )
    read(desk, f"Compte;Date;Libelle;Montant\n{text}".encode(), name, mapping=str(chosen.pk))


def test_equal_lines_of_two_files_are_two_where_each_names_its_account(desk, now):
    row = "12/11/2026;VIR ECOLE;100,00\n"
    csv(desk, now, f"A1;{row}", "un.csv")
    csv(desk, now, f"A2;{row}", "deux.csv")
    csv(desk, now, f"A1;{row}A1;{row}", "encore.csv")
    assert len(rows_of(BankStatementLine.objects)) == 3
