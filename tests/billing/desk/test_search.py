"""The search of the console finds by words, numbers, amounts and notes, and only what one may see."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.collections.actions.issue_interest_claim import issue_interest_claim
from billing.desk.actions.write_note import write_note
from billing.desk.policy.search import asked
from billing.desk.queries.search import search
from billing.money.policy.days import paris_day
from billing.payments.actions.receive_cheque import receive_cheque
from demo.factories.billing import ContactFactory, CustomerFactory, invoice_of, order_signed, quote_sent
from isolation.context import inside_operator
from people.policy.permissions import OPERATOR_KEYS
from tests.billing.support import clerk, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def papers(now):
    """Return the papers of a school among others'."""
    with inside_operator():
        contact = ContactFactory(customer__name="École Émile-Zola", first_name="Ève", last_name="Ünal")
        order = order_signed(contact, now=now - timedelta(days=90), quantity=137)
        invoice = invoice_of(order)
        cheque = receive_cheque(
            invoice=invoice,
            amount_cents=123_450,
            received_on=paris_day(now),
            reference="BNP 778",
            by=None,
            now=now,
            keep_surplus=True,
        )
        write_note(
            kind="invoice",
            subject_id=invoice.pk,
            text="La directrice préfère être appelée le matin.",
            by=None,
            now=now,
        )
        for _ in range(2):
            order_signed(now=now)
        return {"contact": contact, "order": order, "invoice": invoice, "cheque": cheque}


def found(text, permissions=OPERATOR_KEYS):
    kinds = search(asked(text), permissions=permissions)
    return {each.kind: [hit.label for hit in each.hits] for each in kinds}


def test_by_name_without_accents_and_case(papers):
    with inside_operator():
        hits = found("emile ZOLA")
        assert hits["customers"] == ["École Émile-Zola"]
        assert hits["invoices"] == [papers["invoice"].number]
        assert hits["orders"] == [papers["order"].number]
        assert hits["quotes"] == [papers["order"].version.label]
        assert found("unal")["contacts"] == ["Ève Ünal"]


def test_by_number_whole_or_in_part(papers):
    with inside_operator():
        number = papers["invoice"].number
        assert found(number)["invoices"][0] == number
        assert number in found(number[-6:])["invoices"]
        assert found("778")["payments"] == ["BNP 778"]


def test_by_amount_as_it_is_written(papers):
    with inside_operator():
        cents = papers["invoice"].gross_cents
        euros = f"{cents // 100},{cents % 100:02d}"
        assert found(euros)["invoices"] == [papers["invoice"].number]
        assert found("1 234,50") == {"payments": ["BNP 778"]}
        assert found("Zola 1234,50") == {"payments": ["BNP 778"]}
        assert found("Tilleuls 1234,50") == {}


def test_claims_and_notes(papers, now):
    with inside_operator():
        details = {"by": None, "now": now, "today": paris_day(now)}
        claim = issue_interest_claim(invoice=papers["invoice"], as_of=paris_day(now), **details)
        assert found(claim.number)["claims"] == [claim.number]
        assert found("directrice appelee") == {"notes": ["La directrice préfère être appelée le matin."]}


def test_only_what_one_may_see(papers):
    with inside_operator():
        hits = found("zola", permissions={"customers.write"})
        assert set(hits) == {"customers", "contacts"}
        assert found("appelee", permissions={"customers.write"}) == {}


@pytest.mark.parametrize("text", ["'", "a' | b", "\\", "&", ":*", "%", "_", "!!", "(", "e" * 150, "\x00"])
def test_nothing_typed_breaks_it(papers, text):
    with inside_operator():
        assert found(text) == {}


def test_the_best_first_and_statements_that_do_not_grow(papers, now):
    counts = []
    with inside_operator():
        CustomerFactory(name="Émile Zola")
        assert found("emile zola")["customers"][0] == "Émile Zola"
        for _ in range(2):
            with CaptureQueriesContext(connection) as statements:
                search(asked("ecole"), permissions=OPERATOR_KEYS)
            counts.append(len(statements))
            for _ in range(3):
                quote_sent(now=now)
    assert counts == [9, 9]


def test_the_page(papers, browse, now):
    page = clerk(browse, now).get(url("search"), {"q": "zola"}).content.decode()
    assert url("invoice", papers["invoice"].pk) in page
    assert 'rel="search"' in page
    support = clerk(browse, now, "support").get(url("search"), {"q": "zola"}).content.decode()
    assert url("invoice", papers["invoice"].pk) not in support
    assert url("customer", papers["contact"].customer_id) in support
