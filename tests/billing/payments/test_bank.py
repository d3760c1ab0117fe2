"""Slips of cheques and the bank's statements, from the pages a clerk uses."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from agenda.loop import tick
from billing.invoicing.queries.balances import balance_of
from billing.models import BankStatement, BankStatementLine, ChequeDeposit, CsvMapping, Order, Payment
from billing.money.policy.days import paris_day
from billing.payments.actions.receive_cheque import receive_cheque
from billing.payments.actions.record_transfer import record_transfer
from billing.payments.views import bank
from demo.factories.billing import ContactFactory, invoice_of, order_signed
from isolation.context import inside_operator
from tests.billing.bank_files import CSV_COLUMNS, IBAN, camt, entry, tx
from tests.billing.support import clerk, credit_balance, rows_of, url
from tests.clauses.stage import plain

pytestmark = pytest.mark.django_db


@pytest.fixture
def owed(now):
    """Two signed orders of two clients."""
    with inside_operator():
        orders = [order_signed(ContactFactory(), now=now, method="transfer") for _ in range(2)]
        return [(order, invoice_of(order)) for order in orders]


@pytest.fixture
def desk(browse, now):
    """A clerk of finance."""
    return clerk(browse, now)


def read(desk, content, name="releve.xml", **more):
    """Send a file to the page."""
    return desk.post(url("bank"), {"file": SimpleUploadedFile(name, content), **more})


def lines():
    """Return what was read."""
    return rows_of(BankStatementLine.objects.order_by("position"))


def test_nothing_is_applied_until_a_person_confirms(desk, owed, now):
    (order, invoice), _ = owed
    cents = invoice.gross_cents
    content = camt(entry(cents, tx(cents, text=f"{invoice.number} {IBAN}")), entry(-990, ref="R2"))
    answer = read(desk, content)
    page = answer.headers["Location"]
    shown = desk.get(page).content.decode()
    assert invoice.number in shown
    assert IBAN not in shown
    with inside_operator():
        assert balance_of(invoice.pk) == cents
    first, charges = lines()
    assert f'value="invoice:{invoice.pk}" checked' in shown
    chosen = {
        f"choose-{first.pk}": f"invoice:{invoice.pk}",
        f"choose-{charges.pk}": "aside",
        f"reason-{charges.pk}": "frais",
    }
    desk.post(page, chosen)
    desk.post(page, chosen)  # a second click does nothing more
    with inside_operator():
        assert balance_of(invoice.pk) == 0
        assert Order.objects.get(pk=order.pk).state == "funded"
        assert Payment.objects.get().reference == f"{invoice.number} •••"
    assert [line.state for line in lines()] == ["applied", "set_aside"]


def test_the_same_file_twice_and_an_overlapping_one_change_nothing(desk, owed):
    (_, invoice), _ = owed
    one = entry(1000, tx(1000, text=invoice.number))
    first = read(desk, camt(one)).headers["Location"]
    assert read(desk, camt(one)).headers["Location"] == first
    assert len(lines()) == 1
    read(desk, camt(one, entry(2000, ref="R9")))
    assert [line.amount_cents for line in lines()] == [1000, 2000]
    assert max(row.known_lines for row in rows_of(BankStatement.objects)) == 1


def test_a_bad_file_leaves_nothing_and_says_where(desk):
    answer = read(desk, camt(entry(1000)).replace(b"2026-11-12</Dt></BookgDt>", b"2026-11-32</Dt></BookgDt>"))
    assert answer.status_code == 422
    assert "BookgDt" in answer.content.decode() or "Dt" in answer.content.decode()
    assert rows_of(BankStatement.objects) == []


def test_a_csv_by_a_mapping_that_is_kept(desk, owed):
    (_, invoice), _ = owed
    text = f"Date;Libellé;Débit;Crédit;Référence\n12/11/2026;VIR {invoice.number};;1 281,84;B1\n"
    assert read(desk, text.encode(), "releve.csv").status_code == 422  # which column is what?
    bad = {
        "title": "Banque",
        "delimiter": ";",
        "day_format": "%d/%m/%Y",
        "booked_on": "Date",
        "text": "Libellé",
    }
    assert desk.post(url("bank_mapping_new"), bad).status_code == 422
    assert desk.post(url("bank_mapping_new"), bad | CSV_COLUMNS).status_code == 302
    (mapping,) = rows_of(CsvMapping.objects)
    assert desk.get(url("bank_mapping", mapping.pk)).status_code == 200
    assert desk.post(url("bank_mapping_new"), bad | CSV_COLUMNS).status_code == 422  # one of this name
    assert read(desk, text.encode("cp1252"), "releve.csv", mapping=str(mapping.pk)).status_code == 302
    assert [(line.amount_cents, line.state) for line in lines()] == [(128184, "waiting")]
    wrong = read(desk, text.replace("12/11", "32/11").encode(), "autre.csv", mapping=str(mapping.pk))
    assert (wrong.status_code, "Date" in wrong.content.decode()) == (422, True)


def test_more_than_is_owed_becomes_the_clients_credit(desk, owed, now):
    (_, invoice), _ = owed
    cents = invoice.gross_cents + 700
    page = read(desk, camt(entry(cents, tx(cents, text="merci")))).headers["Location"]
    (line,) = lines()
    desk.post(page, {f"choose-{line.pk}": "other", f"number-{line.pk}": "FA-9999"})
    assert lines()[0].state == "waiting"
    typed = {f"choose-{line.pk}": "other", f"number-{line.pk}": invoice.number.lower()}
    asked = desk.post(page, typed, follow=True).content.decode()
    assert not rows_of(Payment.objects)  # what would stay as credit is said first
    assert "resteront au crédit du client" in plain(asked)
    told = re.search(rf'name="surplus-{line.pk}" value="([^"]+)"', asked)
    done = desk.post(page, typed | {f"surplus-{line.pk}": told[1]}, follow=True).content.decode()
    assert "restent au crédit du client" in plain(done)
    with inside_operator():
        assert (balance_of(invoice.pk), credit_balance(invoice.customer_id)) == (0, 700)


def test_cheques_go_on_a_slip_and_the_statement_credits_them_all(desk, owed, now):
    with inside_operator():
        cheques = [
            receive_cheque(
                invoice=invoice,
                amount_cents=invoice.gross_cents,
                received_on=paris_day(now),
                reference=str(n),
                by=None,
                now=now,
            )
            for n, (_, invoice) in enumerate(owed)
        ]
    assert desk.get(url("cheque_deposits")).status_code == 200
    assert desk.post(url("cheque_deposits"), {"ids": []}).status_code == 302
    assert rows_of(ChequeDeposit.objects) == []
    chosen = [str(cheque.pk) for cheque in cheques]
    desk.post(url("cheque_deposits"), {"ids": chosen})
    desk.post(url("cheque_deposits"), {"ids": chosen})  # they are on one already
    (slip,) = rows_of(ChequeDeposit.objects)
    assert slip.number == "RC-2026-000001"
    assert desk.get(url("cheque_deposit_pdf", slip.pk)).content.startswith(b"%PDF")
    assert desk.post(url("cheque_deposit", slip.pk), {"on": "2027-01-01"}).status_code == 422
    assert desk.post(url("cheque_deposit", slip.pk), {"on": "2026-11-16"}).status_code == 302
    assert desk.get(url("cheque_deposit", slip.pk)).status_code == 200
    total = sum(cheque.amount_cents for cheque in cheques)
    page = read(desk, camt(entry(total, day="2026-11-16"))).headers["Location"]
    (line,) = lines()
    assert slip.number in desk.get(page).content.decode()
    desk.post(page, {f"choose-{line.pk}": f"slip:{slip.pk}"})
    assert {payment.state for payment in rows_of(Payment.objects)} == {"credited"}
    with inside_operator():
        assert [balance_of(invoice.pk) for _, invoice in owed] == [0, 0]


def test_a_slip_of_another_amount_is_not_credited(desk, owed, now):
    with inside_operator():
        cheque = receive_cheque(
            invoice=owed[0][1], amount_cents=5000, received_on=paris_day(now), reference="", by=None, now=now
        )
    desk.post(url("cheque_deposits"), {"ids": [str(cheque.pk)]})
    (slip,) = rows_of(ChequeDeposit.objects)
    page = read(desk, camt(entry(4999))).headers["Location"]
    answer = desk.post(page, {f"choose-{lines()[0].pk}": f"slip:{slip.pk}"}, follow=True)
    assert "diff" in answer.content.decode()
    assert lines()[0].state == "waiting"


def test_a_proved_transfer_opens_stops_the_clock_and_is_looked_for(desk, owed, now):
    (order, invoice), _ = owed
    with inside_operator():
        payment = record_transfer(
            invoice=invoice,
            amount_cents=invoice.gross_cents,
            received_on=paris_day(now),
            reference="",
            by=None,
            now=now,
            today=paris_day(now),
            proof_document="avis d’exécution",
        )
        tick(now)
        assert Order.objects.get(pk=order.pk).state == "open"
        tick(now + timedelta(days=7))  # five business days after the 16th: the 23rd
        assert Payment.objects.get(pk=payment.pk).funds_missing_since is None
        tick(now + timedelta(days=8))
        assert Payment.objects.get(pk=payment.pk).funds_missing_since is not None
    assert desk.get(url("payments") + "?state=missing").content.decode().count("jamais") >= 1
    page = read(
        desk, camt(entry(invoice.gross_cents, tx(invoice.gross_cents, text=invoice.number), day="2026-11-16"))
    )
    desk.post(page.headers["Location"], {f"choose-{lines()[0].pk}": f"payment:{payment.pk}"})
    (paid,) = rows_of(Payment.objects)
    assert (paid.state, paid.funds_missing_since) == ("credited", None)


def test_money_the_bank_took_back_pays_nothing_any_more(desk, owed, now):
    (order, invoice), _ = owed
    cents = invoice.gross_cents
    day = paris_day(now)
    with inside_operator():
        paid = record_transfer(
            invoice=invoice,
            amount_cents=cents,
            received_on=day,
            credited_on=day,
            reference="VIR 7",
            by=None,
            now=now,
            today=day,
        )
        name = order.customer.name
    page = read(desk, camt(entry(-cents, tx(-cents, name=name, text="REJET VIR 7"))))["Location"]
    shown = desk.get(page).content.decode()
    assert f'value="bounce:{paid.pk}" checked' in shown
    (line,) = lines()
    desk.post(page, {f"choose-{line.pk}": f"bounce:{paid.pk}"})
    with inside_operator():
        paid.refresh_from_db()
        assert paid.bounced_on is not None
        assert balance_of(invoice.pk) == cents
        line.refresh_from_db()
        assert (line.state, line.payment_id) == ("applied", paid.pk)
    desk.post(page, {f"choose-{line.pk}": f"bounce:{paid.pk}"})  # twice changes nothing


def test_another_amount_that_left_takes_no_payment_back(desk, owed, now):
    (_order, invoice), _ = owed
    day = paris_day(now)
    with inside_operator():
        record_transfer(
            invoice=invoice,
            amount_cents=invoice.gross_cents,
            received_on=day,
            credited_on=day,
            reference="VIR 7",
            by=None,
            now=now,
            today=day,
        )
    page = read(desk, camt(entry(-990, tx(-990, text="FRAIS VIR 7"))))["Location"]
    assert "bounce:" not in desk.get(page).content.decode()


@pytest.mark.parametrize(("page", "shown"), [(1, 2), (2, 1)])
def test_files_read_and_slips_are_shown_a_page_at_a_time_to_the_last(desk, now, monkeypatch, page, shown):
    monkeypatch.setattr(bank, "LINES_A_PAGE", 2)
    with inside_operator():
        for n in range(3):
            ChequeDeposit.objects.create(number=f"R-{n}", made_on=paris_day(now), created_at=now)
    for n in range(3):
        read(desk, camt(entry(1000 + n, tx(1000 + n, text=f"line {n}"))))
    for name in ("cheque_deposits", "bank"):
        answer = desk.get(url(name), {"page": page})
        assert len(answer.context["page_obj"]) == shown, name
        assert 'class="pager"' in answer.content.decode()


def test_a_year_of_lines_is_settled_a_page_at_a_time(desk, now):
    """A file of many lines is shown and confirmed a hundred at a time; what wasn't shown waits on."""
    content = camt(*(entry(-(100 + number), ref=f"R{number}") for number in range(130)))
    page = read(desk, content).headers["Location"]
    shown = desk.get(page).content.decode()
    assert shown.count('value="aside"') == 100
    assert "130 lignes attendent" in shown
    first = [line for line in lines() if str(line.pk) in shown]
    desk.post(page, {f"choose-{line.pk}": "aside" for line in first})
    rest = desk.get(
        f"{page}?lines=2"
    ).content.decode()  # there is no second page any more: the last one shows
    assert rest.count('value="aside"') == 30
    assert [line.state for line in lines()].count("set_aside") == 100
    waiting = [line for line in lines() if line.state == "waiting"]
    answer = desk.post(f"{page}?settled=2", {f"choose-{line.pk}": "aside" for line in waiting})
    assert answer.headers["Location"] == f"{page}?settled=2"
    assert {line.state for line in lines()} == {"set_aside"}
    assert desk.get(answer.headers["Location"]).content.decode().count("R129") <= 1


def test_a_transfer_made_twice_is_chosen_once(desk, owed):
    """Two credits of what one invoice asks: the first is ticked for it, the second waits and says why."""
    (_, invoice), _ = owed
    cents = invoice.gross_cents
    twice = (entry(cents, tx(cents, text=invoice.number), ref=f"R{number}") for number in range(2))
    page = read(desk, camt(*twice)).headers["Location"]
    shown = desk.get(page).content.decode()
    assert shown.count(f'value="invoice:{invoice.pk}" checked') == 1
    assert f"{invoice.number} est choisie pour une ligne au-dessus" in shown
    first, second = lines()
    desk.post(page, {f"choose-{first.pk}": f"invoice:{invoice.pk}", f"choose-{second.pk}": ""})
    assert [line.state for line in lines()] == ["applied", "waiting"]


def test_money_written_by_hand_is_known_again_in_the_bank_file(desk, owed, now):
    """A transfer was written down before its line came: the line is linked to it, and pays nothing twice."""
    (_, invoice), _ = owed
    cents = invoice.gross_cents
    money = {"invoice": str(invoice.pk), "method": "transfer", "amount": f"{cents / 100:.2f}"}
    money |= {"received_on": str(now.date()), "credited_on": str(now.date())}
    assert desk.post(url("payment_new"), money).status_code == 302
    page = read(desk, camt(entry(cents, tx(cents, text=invoice.number), ref="R1"))).headers["Location"]
    (payment,) = rows_of(Payment.objects)
    shown = desk.get(page).content.decode()
    assert f'value="written:{payment.pk}" checked' in shown
    assert "noté à la main" in plain(shown)
    (line,) = lines()
    desk.post(page, {f"choose-{line.pk}": f"written:{payment.pk}"})
    (line,) = lines()
    assert (line.state, line.payment_id) == ("applied", payment.pk)
    assert len(rows_of(Payment.objects)) == 1
    again = read(desk, camt(entry(cents, tx(cents, text=invoice.number), ref="R2"), name="S2")).headers[
        "Location"
    ]
    assert f"written:{payment.pk}" not in desk.get(again).content.decode()
