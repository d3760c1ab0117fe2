"""Quotes, orders, invoices and payments as programs handle them; keys; problems."""

import json
import threading
import zlib
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction

from audit.models import Entry
from billing.accounting.actions.close_period import close_period
from billing.api.actions.run_idempotently import StillAnswering, run_idempotently
from billing.models import IdempotencyRecord, Payment, Quote, QuoteVersion
from billing.money.policy.days import paris_day
from demo.factories.billing import ContactFactory, catalogue, invoice_of, order_signed, quote_sent
from isolation.context import inside_operator
from tests.api.conftest import Program
from tests.api.test_tokens import is_problem

pytestmark = pytest.mark.django_db


def quote_for(contact, /, **changed):
    """Return the body of a quote: one subscription at its list price."""
    product = catalogue().prices.get(product__key="preau-ecole").product
    return {
        "customer": str(contact.customer_id),
        "contact": str(contact.pk),
        "method": "cheque",
        "valid_until": "2026-12-16",
        "lines": [{"product": str(product.pk), "quantity": 218}],
        "sites": [{"name": "École des Érables", "slug": f"erables-{uuid4().hex[:6]}"}],
    } | changed


def cheque_for(invoice, /, **changed):
    return {
        "invoice": str(invoice.pk),
        "method": "cheque",
        "amount": {"amount": f"{invoice.gross_cents / 100:.2f}", "currency": "EUR"},
        "received_on": "2026-11-16",
        "reference": "0000012",
    } | changed


@pytest.fixture
def contact(db):
    with inside_operator():
        return ContactFactory()


@pytest.fixture
def invoice(db, now):
    with inside_operator():
        return invoice_of(order_signed(now=now))


def count(model):
    with inside_operator():
        return model.objects.count()


def body_of(contact, /, **changed):
    with inside_operator():
        return quote_for(contact, **changed)


class TestQuotes:
    def test_from_the_draft_to_the_buyer(self, program, contact):
        made = program.post("quotes/", body_of(contact, discount={"percent": "5.00"}))
        assert made.status_code == 201, made.content
        quote = made.json()
        assert quote["state"] == "draft"
        assert quote["lines"][0]["unit_net"] == {"amount": "4.90", "currency": "EUR"}
        assert quote["lines"][0]["net"] == {"amount": "1068.20", "currency": "EUR"}
        assert [line["kind"] for line in quote["lines"]] == ["product", "discount", "cheque_fee"]
        again = program.ask("PUT", f"quotes/{quote['id']}/", body_of(contact, note="Bonjour"))
        assert (again.status_code, again.json()["note"]) == (200, "Bonjour")
        sent = program.post(f"quotes/{quote['id']}/send/")
        assert (sent.status_code, sent.json()["state"]) == (200, "sent")
        is_problem(program.post(f"quotes/{quote['id']}/send/"), 409, "already-sent")
        is_problem(program.ask("PUT", f"quotes/{quote['id']}/", body_of(contact)), 409, "already-sent")

    def test_who_wrote_it_is_in_the_trail(self, staff, token_for, contact):
        person = staff()
        Program(token_for(person)[1]).post("quotes/", body_of(contact))
        with inside_operator():
            assert Entry.objects.filter(verb="quote.written").latest("seq").actor_id == person.pk

    def test_a_line_above_what_a_document_holds_is_refused(self, program, contact):
        most = {"amount": "1000000.00", "currency": "EUR"}
        lines = [{"description": "Cartes", "quantity": 1_000_000, "unit_net": most}]
        refused = program.post("quotes/", body_of(contact, lines=lines, sites=[]))
        assert refused.status_code == 422, refused.content
        assert "21,474,836.47" in refused.content.decode()

    def test_a_public_body_has_at_most_thirty_days(self, program, contact):
        with inside_operator():
            customer = contact.customer
            customer.customer_type = "public_body"
            customer.save(update_fields=["customer_type"])
        refused = program.post("quotes/", body_of(contact, payment_days=31))
        assert refused.status_code == 422
        assert "30 days" in refused.content.decode()
        assert program.post("quotes/", body_of(contact, payment_days=30)).status_code == 201

    @pytest.mark.parametrize(
        ("changed", "pointers"),
        [
            ({"method": "barter"}, {"#/method"}),
            ({"valid_until": "tomorrow"}, {"#/valid_until"}),
            ({"valid_until": "9999-12-31"}, {"#/valid_until"}),
            ({"valid_until": "2026-11-15"}, {"#/valid_until"}),
            ({"deliver_by": "2026-11-15"}, {"#/deliver_by"}),
            ({"deferred_until": "2026-11-15"}, {"#/deferred_until"}),
            ({"lines": []}, {"#/lines"}),
            ({"lines": [{"quantity": 0}]}, {"#/lines/0/quantity"}),
            ({"lines": [{"quantity": 1}]}, {"#/lines/0/description"}),
            ({"lines": [{"quantity": 1, "description": "\u200b\u2060"}]}, {"#/lines/0/description"}),
            ({"payment_days": 61}, {"#/payment_days"}),
            ({"sites": [{"name": "x", "slug": "Not A Slug"}]}, {"#/sites/0/slug"}),
            ({"shipping": {"amount": "1.234", "currency": "EUR"}}, {"#/shipping/amount"}),
            ({"shipping": {"amount": 12, "currency": "GBP"}}, {"#/shipping/currency"}),
            ({"shipping": "12"}, {"#/shipping"}),
            ({"customer": "x", "contact": None}, {"#/customer", "#/contact"}),
            ({"discount": {"amount": {"amount": "99999.00", "currency": "EUR"}}}, {"#/discount"}),
            ({"sites": []}, {"#"}),
        ],
    )
    def test_what_is_wrong_is_pointed_at(self, program, contact, changed, pointers):
        body = is_problem(program.post("quotes/", body_of(contact, **changed)), 422, "invalid")
        assert {error["pointer"] for error in body["errors"]} == pointers
        assert all(error["detail"] for error in body["errors"])
        assert count(Quote) == 0

    def test_somebody_elses_contact_doesnt_sign(self, program, contact):
        with inside_operator():
            other = ContactFactory()
        answer = program.post("quotes/", body_of(contact, contact=str(other.pk)))
        assert is_problem(answer, 422, "invalid")["errors"][0]["pointer"] == "#/contact"

    def test_lists_are_narrowed(self, program, contact, now):
        with inside_operator():
            mine = quote_sent(contact, now=now)
            _other = quote_sent(now=now)
        found = program.get(f"quotes/?customer={contact.customer_id}").json()["results"]
        assert [row["id"] for row in found] == [str(mine.pk)]
        assert program.get(f"quotes/?number={mine.quote.number}").json()["count"] == 1
        assert program.get("quotes/?state=draft").json()["count"] == 0
        body = is_problem(program.get("quotes/?state=eaten&customer=x"), 400, "query")
        assert {error["parameter"] for error in body["errors"]} == {"state", "customer"}


class TestInvoices:
    def test_with_balance_and_files(self, program, invoice):
        row = program.get("invoices/?state=open").json()["results"][0]
        assert (
            row["balance"]
            == row["gross"]
            == {"amount": f"{invoice.gross_cents / 100:.2f}", "currency": "EUR"}
        )
        assert program.get(f"invoices/{invoice.pk}/").json()["number"] == invoice.number
        paper = program.get(f"invoices/{invoice.pk}/pdf/", Accept="application/pdf")
        assert paper["Content-Type"] == "application/pdf"
        assert paper.content.startswith(b"%PDF")
        xml = program.get(f"invoices/{invoice.pk}/xml/")
        assert xml["Content-Type"] == "application/xml"
        assert invoice.number.encode() in xml.content

    def test_overdue_ones(self, program, invoice, staff, token_for, clock, now):
        assert program.get("invoices/?state=late").json()["count"] == 0
        clock.move_to(now + timedelta(days=29))
        assert program.get("invoices/?state=paid").json()["count"] == 0

    def test_orders_are_read_only(self, program, invoice):
        order = program.get("orders/?state=waiting").json()["results"][0]
        assert order["id"] == str(invoice.order_id)
        assert program.get(f"orders/{order['id']}/").json() == order
        is_problem(program.post("orders/", {}), 405, "method")


class TestPayments:
    def test_a_cheque_is_received_then_credited(self, program, invoice):
        made = program.post("payments/", cheque_for(invoice))
        assert made.status_code == 201, made.content
        payment = made.json()
        assert payment["state"] == "received"
        assert payment["pays"] == [{"invoice": str(invoice.pk), "amount": payment["amount"]}]
        done = program.post(f"payments/{payment['id']}/credit/", {"credited_on": "2026-11-16"})
        assert (done.status_code, done.json()["state"]) == (200, "credited")
        assert program.get("invoices/?state=paid").json()["count"] == 1
        assert program.get(f"payments/?number={invoice.number}&state=credited").json()["count"] == 1
        again = program.post(f"payments/{payment['id']}/credit/", {"credited_on": "2026-11-16"})
        is_problem(again, 409, "not-in-hand")
        is_problem(program.post("payments/", cheque_for(invoice)), 409, "nothing-to-pay")

    def test_a_transfer_says_when_it_came(self, program, invoice):
        answer = program.post("payments/", cheque_for(invoice, method="transfer"))
        assert is_problem(answer, 422, "invalid")["errors"][0]["pointer"] == "#/credited_on"
        made = program.post("payments/", cheque_for(invoice, method="transfer", credited_on="2026-11-16"))
        assert made.json()["state"] == "credited"

    def test_nothing_is_dated_in_closed_accounts(self, program, now):
        then = now - timedelta(days=27)
        with inside_operator():
            invoice = invoice_of(order_signed(now=then))
            close_period(ends_on=date(2026, 11, 1), by=None, now=now, today=paris_day(now))
        body = is_problem(
            program.post("payments/", cheque_for(invoice, received_on="2026-10-31")), 409, "period-closed"
        )
        assert "2026" in body["detail"]
        payment = program.post("payments/", cheque_for(invoice, received_on="2026-11-01")).json()
        assert payment["received_on"] == "2026-11-01"

    def test_a_cheque_of_before_is_credited_on_an_open_day(self, program, now):
        then = now - timedelta(days=27)
        with inside_operator():
            invoice = invoice_of(order_signed(now=then))
        payment = program.post("payments/", cheque_for(invoice, received_on="2026-10-31")).json()
        with inside_operator():
            close_period(ends_on=date(2026, 11, 1), by=None, now=now, today=paris_day(now))
        address = f"payments/{payment['id']}/credit/"
        is_problem(program.post(address, {"credited_on": "2026-10-31"}), 409, "period-closed")
        assert program.post(address, {"credited_on": "2026-11-02"}).status_code == 200

    @pytest.mark.parametrize(
        ("changed", "pointer"),
        [
            ({"amount": {"amount": "99999.00", "currency": "EUR"}}, "#/amount/amount"),
            ({"amount": {"amount": "-1.00", "currency": "EUR"}}, "#/amount/amount"),
            ({"amount": {"amount": "1.00", "currency": "CAD"}}, "#/amount/currency"),
            ({"received_on": "2026-11-17"}, "#/received_on"),
            ({"credited_on": "2026-11-16"}, "#/credited_on"),
            ({"invoice": str(uuid4())}, "#/invoice"),
        ],
    )
    def test_what_is_wrong_is_pointed_at(self, program, invoice, changed, pointer):
        body = is_problem(program.post("payments/", cheque_for(invoice, **changed)), 422, "invalid")
        assert [error["pointer"] for error in body["errors"]] == [pointer]
        assert count(Payment) == 0


class TestKeys:
    def test_the_same_request_again_gets_the_same_answer_and_does_nothing(self, program, contact):
        body = body_of(contact)
        first = program.post("quotes/", body, key="k1")
        second = program.post("quotes/", body, key="k1")
        assert (first.status_code, second.status_code) == (201, 201)
        assert first.json() == second.json()
        assert "Idempotency-Replayed" not in first
        assert second["Idempotency-Replayed"] == "true"
        assert count(Quote) == 1
        assert program.post("quotes/", body_of(contact), key="k2").status_code == 201
        assert count(Quote) == 2

    def test_another_request_with_the_key_is_refused(self, program, contact, invoice):
        program.post("quotes/", body_of(contact), key="k1")
        is_problem(program.post("quotes/", body_of(contact), key="k1"), 422, "idempotency-other")
        is_problem(program.post("payments/", cheque_for(invoice), key="k1"), 422, "idempotency-other")
        assert (count(Quote), count(Payment)) == (2, 0)

    def test_a_refused_request_may_be_mended(self, program, contact):
        is_problem(program.post("quotes/", body_of(contact, lines=[]), key="k1"), 422, "invalid")
        assert program.post("quotes/", body_of(contact), key="k1").status_code == 201

    def test_keys_are_each_persons_own(self, program, staff, token_for, contact):
        body = body_of(contact)
        program.post("quotes/", body, key="k1")
        theirs = Program(token_for(staff())[1]).post(
            "quotes/", body | {"sites": body_of(contact)["sites"]}, key="k1"
        )
        assert theirs.status_code == 201
        assert "Idempotency-Replayed" not in theirs

    def test_after_a_day_the_key_is_forgotten(self, program, contact, clock, now):
        body = body_of(contact)
        program.post("quotes/", body, key="k1")
        clock.move_to(now + timedelta(hours=23, minutes=59))
        assert "Idempotency-Replayed" in program.post("quotes/", body, key="k1")
        clock.move_to(now + timedelta(hours=25))
        assert program.post("quotes/", body_of(contact), key="k2").status_code == 201
        assert count(IdempotencyRecord) == 1

    @pytest.mark.parametrize("key", [" ", "x" * 256, "clé"])
    def test_a_key_is_visible_ascii(self, program, contact, key):
        answer = program.post("quotes/", body_of(contact), key=key.encode().decode("latin-1"))
        is_problem(answer, 400, "idempotency-key")


def test_two_requests_with_one_key_never_run_side_by_side(now):
    person = uuid4()
    begun = threading.Event()
    over = threading.Event()
    seen = []

    def slow():
        begun.set()
        over.wait(20)
        return 201, "{}"

    def other():
        try:
            with inside_operator():
                run_idempotently(person_id=person, key="k", asked="a", now=now, do=slow)
                transaction.set_rollback(True)
        finally:
            connection.close()

    thread = threading.Thread(target=other)
    thread.start()
    try:
        assert begun.wait(20)
        with inside_operator(), pytest.raises(StillAnswering):
            run_idempotently(
                person_id=person, key="k", asked="a", now=now, do=lambda: seen.append(1) or (201, "{}")
            )
    finally:
        over.set()
        thread.join(20)
    assert seen == []


class TestProblems:
    def test_what_cant_be_read(self, program, contact):
        is_problem(program.post("quotes/", "{nonsense"), 400, "unreadable")
        is_problem(program.post("quotes/", "[]"), 422, "invalid")
        is_problem(program.get("nothing/"), 404, "absent")
        is_problem(program.get(f"quotes/{uuid4()}/"), 404, "absent")
        is_problem(program.get("quotes/?number=%00"), 400, "unreadable")
        is_problem(program.ask("DELETE", "quotes/"), 405, "method")

    def test_only_json_is_read(self, program):
        answer = program.client.post(
            "/api/v1/quotes/", {"customer": "x"}, headers={"Authorization": f"Bearer {program.secret}"}
        )
        is_problem(answer, 415, "media-type")

    @pytest.mark.parametrize("charset", ["zlib", "bz2", "rot13", "idna", "undefined", "utf-16", "nonsense"])
    def test_only_utf_8_is_read(self, program, contact, charset):
        body = json.dumps(body_of(contact)).encode()
        sent = zlib.compress(body) if charset == "zlib" else body
        told = {"Authorization": f"Bearer {program.secret}"}
        program.client.raise_request_exception = False
        kind = "application/json; charset={}"
        answer = program.client.generic("POST", "/api/v1/quotes/", sent, kind.format(charset), headers=told)
        assert is_problem(answer, 415, "media-type")["detail"]
        answer = program.client.generic("POST", "/api/v1/quotes/", body, kind.format("UTF-8"), headers=told)
        assert answer.status_code == 201, answer.content

    def test_in_the_readers_language(self, program):
        french = program.get(f"quotes/{uuid4()}/", **{"Accept-Language": "fr"}).json()
        english = program.get(f"quotes/{uuid4()}/").json()
        assert french["type"] == english["type"]
        assert english["title"] == "There is nothing here."

    def test_superseded_versions_are_gone_from_the_list(self, program, now):
        with inside_operator():
            version = quote_sent(now=now)
            QuoteVersion.objects.filter(pk=version.pk).update(state="superseded")
        is_problem(program.get(f"quotes/{version.pk}/"), 404, "absent")


@pytest.mark.parametrize("path", ["payments/", "quotes/"])
@pytest.mark.parametrize("depth", [33, 900, 100_000])
def test_what_is_nested_too_deep_cant_be_read(program, path, depth):
    for body in ("[" * depth + "]" * depth, '{"a":' * depth + "1" + "}" * depth):
        is_problem(program.post(path, body), 400, "unreadable")
        is_problem(program.post(path, body, key=uuid4().hex), 400, "unreadable")
    inside = '{"lines": [{"product": ' + "[" * depth + "]" * depth + "}]}"
    is_problem(program.post(path, inside), 400, "unreadable")


@pytest.mark.parametrize("path", ["payments/", "quotes/"])
def test_what_says_a_thing_twice_cant_be_read(program, path):
    for body in ('{"amount": "1.00", "amount": "9.00"}', '{"lines": [{"quantity": 1, "quantity": 9}]}'):
        answer = program.post(path, body)
        is_problem(answer, 400, "unreadable")
        assert "twice" in answer.json()["detail"]


def test_a_transfer_credited_before_it_was_received_is_refused(program, invoice):
    sent = cheque_for(invoice, method="transfer", credited_on="2026-11-01")
    assert "#/credited_on" in program.post("payments/", sent).content.decode()
    assert count(Payment) == 0
