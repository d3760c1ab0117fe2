"""All that a quote needs is found and made by a program, and what it reads it can write again."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from openapi_spec_validator import validate

from billing.api.schema import describe
from billing.models import Contact
from demo.factories.billing import catalogue
from isolation.context import inside_operator
from tests.api.conftest import Program
from tests.api.test_tokens import is_problem
from tests.docs import blocks

pytestmark = pytest.mark.django_db
TOWN = {
    "name": "Commune de Valmont-les-Prés",
    "customer_type": "public_body",
    "siren": "21340172201787",
    "signatory": "Ève Roux",
    "job_title": "maire",
    "email": "mairie@valmont.example",
    "street": "1 place de la Mairie",
    "postcode": "34000",
    "city": "Valmont",
}


@pytest.fixture
def prices(db):
    with inside_operator():
        return catalogue()


def test_from_a_new_customer_to_a_quote_sent(program, prices):
    """A program writes a customer down, finds who signs and what it sells, quotes it, and sends the quote."""
    made = program.post("customers/", TOWN)
    assert made.status_code == 201, made.content
    customer = made.json()
    [signs] = customer["contacts"]
    assert (signs["last_name"], signs["job_title"]) == ("Roux", "maire")
    [found] = program.get("customers/?siret=21340172201787").json()["results"]
    assert found == customer
    [product] = program.get("products/?key=preau-ecole").json()["results"]
    assert product["prices"][0]["unit_net"] == {"amount": "4.90", "currency": "EUR"}
    body = {
        "customer": customer["id"],
        "contact": signs["id"],
        "method": "transfer",
        "valid_until": "2026-12-16",
        "lines": [{"product": product["id"], "quantity": 218, "site": 0}],
        "sites": [{"name": "École des Érables", "slug": "erables-prog"}],
    }
    quote = program.post("quotes/", body)
    assert quote.status_code == 201, quote.content
    assert program.post(f"quotes/{quote.json()['id']}/send/").json()["state"] == "sent"
    astray = body | {"lines": [body["lines"][0] | {"site": 1}]}
    refused = is_problem(program.post("quotes/", astray), 422, "invalid")["errors"]
    assert [each["pointer"] for each in refused] == ["#/lines/0/site"]


def test_a_customer_is_written_again_and_its_contact_added_once(program, prices):
    customer = program.post("customers/", TOWN).json()
    again = program.ask("PUT", f"customers/{customer['id']}/", TOWN | {"city": "Montpellier"})
    assert (again.status_code, again.json()["city"]) == (200, "Montpellier")
    contact = {"first_name": "Solène", "last_name": "Marchetti", "email": "solene@valmont.example"}
    added = program.post(f"customers/{customer['id']}/contacts/", contact)
    assert (added.status_code, added.json()["first_name"]) == (201, "Solène")
    twice = program.post(
        f"customers/{customer['id']}/contacts/", contact | {"email": "SOLENE@valmont.example"}
    )
    assert is_problem(twice, 422, "invalid")["errors"][0]["pointer"] == "#/email"
    with inside_operator():
        assert Contact.objects.filter(customer=customer["id"]).count() == 2


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"siren": "123456789"}, "#/siren"),
        ({"siren": ""}, "#/siren"),
        ({"customer_type": "friend"}, "#/customer_type"),
        ({"country": "FRANCE"}, "#/country"),
        ({"vat_number": "FR00"}, "#/vat_number"),
        ({"email": "nobody"}, "#/email"),
        ({"town": "Valmont"}, "#/town"),
        ({"name": "Val\u202emont"}, "#/name"),
        ({"signatory": "Sol\ufffdne"}, "#/signatory"),
        ({"city": "Val\u200bmont"}, "#/city"),
    ],
)
def test_what_a_customer_lacks_is_said_by_field(program, changed, pointer):
    refused = program.post("customers/", TOWN | changed)
    assert pointer in {each["pointer"] for each in is_problem(refused, 422, "invalid")["errors"]}


def test_support_neither_reads_nor_writes_them(staff, token_for, prices):
    support = Program(token_for(staff("support"))[1])
    for path in ("customers/", "products/"):
        is_problem(support.get(path), 403, "right")
    is_problem(support.post("customers/", TOWN), 403, "right")


def test_what_is_read_of_a_quote_can_be_written_again(program, prices):
    """Everything a PUT takes stands under `draft`, and putting it back changes nothing."""
    customer = program.post("customers/", TOWN).json()
    with inside_operator():
        product = prices.prices.get(product__key="preau-ecole").product
    body = {
        "customer": customer["id"],
        "contact": customer["contacts"][0]["id"],
        "method": "cheque",
        "valid_until": "2026-12-16",
        "lines": [
            {"product": str(product.pk), "quantity": 218, "site": 0},
            {"description": "Atelier", "quantity": 2, "unit_net": {"amount": "120.00", "currency": "EUR"}},
        ],
        "sites": [
            {"name": "École des Érables", "slug": "erables-relue", "admin_email": "dir@valmont.example"}
        ],
        "discount": {"percent": "5.00"},
        "shipping": {"amount": "12.00", "currency": "EUR"},
        "payment_days": 20,
        "deposit_pct": 30,
        "deliver_by": "2027-01-15",
        "delivery": {"street": "2 rue des Tilleuls", "postcode": "34000", "city": "Valmont", "country": "FR"},
        "engagement": "BC-2026-77",
        "warranty_months": 12,
        "warranty": "Pièces et main-d’œuvre",
        "note": "Merci",
    }
    made = program.post("quotes/", body)
    assert made.status_code == 201, made.content
    draft = made.json()["draft"]
    assert set(draft) == set(describe("en")["components"]["schemas"]["QuoteIn"]["properties"])
    for name in ("discount", "shipping", "engagement", "deliver_by", "payment_days", "deposit_pct", "sites"):
        assert draft[name] == (body[name] if name != "discount" else {"percent": "5.00", "amount": None}), (
            name
        )
    again = program.ask("PUT", f"quotes/{made.json()['id']}/", draft)
    assert again.status_code == 200, again.content
    names = ("draft", "net", "vat", "gross", "lines")
    assert [again.json()[name] for name in names] == [made.json()[name] for name in names]
    shown = program.get(f"quotes/{again.json()['id']}/").json()
    assert shown["draft"] == draft


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("quotes/", {"remise": 5}, "#/remise"),
        ("quotes/", {"lines": [{"quantity": 1, "unit_price": "2.00"}]}, "#/lines/0/unit_price"),
        ("payments/", {"montant": 5}, "#/montant"),
        ("payments/", {"amount": {"amount": "5.00", "currency": "EUR", "vat": "20"}}, "#/amount/vat"),
    ],
)
def test_a_field_nobody_knows_is_refused(program, path, body, pointer):
    found = is_problem(program.post(path, body), 422, "invalid")["errors"]
    assert pointer in {each["pointer"] for each in found}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_description_is_valid(language):
    described = describe(language)
    validate(described)  # raises on what OpenAPI doesn't allow
    assert "/api/v1/quotes/" in described["paths"]


class TestTheManual:
    """docs/api.md says what is: its addresses are those there are, its examples are answered as it says."""

    text = (Path(settings.BASE_DIR) / "docs/api.md").read_text(encoding="utf-8")

    def test_every_address_with_its_methods(self):
        told: set[tuple[str, str]] = set()
        for row in re.findall(r"^\| (`.+?) \|", self.text, re.M):
            methods: list[str] = []
            was_path = False
            for word in re.findall(r"`([^`]+)`", row):
                if word.isupper():
                    methods = [word] if was_path else [*methods, word]
                else:
                    told |= {(word, method) for method in methods}
                was_path = not word.isupper()
        there = {
            (re.sub(r"\{\w+\}", "{id}", path.removeprefix("/api/v1")), method.upper())
            for path, methods in describe("en")["paths"].items()
            for method in methods
        }
        assert told == there

    def test_its_example_is_a_quote(self, program, prices):
        customer = program.post("customers/", blocks(self.text, "json")["customer"]).json()
        [product] = program.get("products/?key=preau-ecole").json()["results"]
        body = blocks(self.text, "json")["quote"]
        body |= {"customer": customer["id"], "contact": customer["contacts"][0]["id"]}
        body["lines"][0]["product"] = product["id"]
        made = program.post("quotes/", body)
        assert made.status_code == 201, made.content
        refused = body | {"lines": [{"description": "Atelier", "quantity": 1}]}
        assert (
            is_problem(program.post("quotes/", refused), 422, "invalid")
            == blocks(self.text, "json")["problem"]
        )
