"""What is typed without accents finds what is written with them, in every list of the console."""

from datetime import date

import pytest
from django.urls import reverse

from billing.models import InterestClaim, PriceList
from demo.factories.billing import invoice_of, order_signed
from isolation.context import inside_operator
from tenants.models import Customer, Tenant
from tests.billing.support import url
from tests.clauses.stage import desk, live, read, subscribed

pytestmark = pytest.mark.django_db

LISTS = (
    "customers",
    "quote_new",
    "quotes",
    "orders",
    "invoices",
    "late",
    "interest_claims",
    "payments",
    "subscriptions",
    "search",
)


@pytest.fixture
def crest(browse, clock, now):
    """Return the name of a client who has one of each."""
    school = subscribed(now)
    with inside_operator():
        invoice = invoice_of(order_signed(school.contact, now=now, method="transfer", site_slug="annexe"))
        name = "École des Crêtes-Hautes"
        Customer.objects.filter(pk=school.customer_id).update(name=name)
    live(clock, date(2027, 1, 15))
    finance = desk(browse, now)
    assert finance.post(url("late_draw", invoice.pk), {"on": "2027-01-15"}).status_code == 302
    return name


def test_every_list_finds_a_client_without_accents(browse, now, crest):
    finance = desk(browse, now)
    for name in LISTS:
        for words in ("ecole", "CRETES ecole", "École crêtes"):
            assert crest in read(finance.get(url(name), {"q": words})), (name, words)
        assert crest not in read(finance.get(url(name), {"q": "ecole inconnue"})), name
    csv = finance.get(url("late"), {"q": "cretes", "format": "csv"}).content.decode()
    assert csv.count(crest) == 2  # the invoice and the claim drawn of it


def test_products_prices_and_what_happened_are_found_without_accents(browse, now, crest):
    finance = desk(browse, now)
    with inside_operator():
        PriceList.objects.update(name="Barème d’été")
    assert "Barème d’été" in read(finance.get(url("price_lists"), {"q": "bareme ete"}))
    assert "Préau École" in read(finance.get(url("products"), {"q": "preau ecole"}))
    assert crest in read(finance.get(url("subscriptions"), {"q": "preau cretes"}))


def test_schools_promises_and_the_trail_are_found_without_accents(browse, now, crest):
    with inside_operator():
        school = Tenant.objects.filter(contracts__customer__name=crest).distinct().get()
        claim = InterestClaim.objects.get()
    contest = {"dispute-reason": "Réglée à Noël"}
    desk(browse, now).post(url("interest_claim_dispute", claim.pk), contest)
    maud = desk(browse, now, "operator_administrator")

    def found(name, words):
        return read(maud.get(reverse(name, urlconf="config.urls_public"), {"q": words}))

    for words in ("cretes", "Crêtes"):
        assert school.name in found("tenants:list", words)
    assert school.name not in found("tenants:list", "inconnue")
    assert claim.number in found("audit:console_trail", "reglee a noel")
    assert claim.number not in found("audit:console_trail", "jamais dit")
    with_them, without = (found("contracts:console", words) for words in ("intérêts", "interets"))
    assert "LG-S6.3" in without
    assert without.count("LG-") == with_them.count("LG-")
