"""They don't pay: reminded, warned, charged interest to the day, suspended, let in again when they pay.

From the sale to the last cent over real pages and the agenda, with more time, a part payment and a credit on
the way; what both sides read is exact at each moment.
"""

from datetime import date
from typing import Any

from django.core import mail
from django.urls import reverse

from billing.models import InterestClaim, Invoice, Payment, Subscription
from demo.factories.people import person_with
from isolation.context import inside, inside_operator
from people.models import Person
from tenants.models import Tenant
from tests.billing.carts import FAMILY, bought
from tests.billing.support import rows_of, url
from tests.clauses.stage import by_card, desk, live, mails, read, visitor
from tests.journeys.by_quote import HEAD, invited, run, signed_by_quote

REFUSED_LATER = "4000 0000 0000 0341"  # a card that is saved, and refused when it is charged


class Debt:
    """An invoice nobody pays: what its client and finance read of it, and the money that comes."""

    def __init__(self, browse: Any, now: Any, contact: Any, invoice: Any) -> None:
        self.browse = browse
        self.now = now
        self.contact = contact
        self.invoice = invoice

    def finance(self) -> Any:
        """Return finance's browser, signed in anew."""
        return desk(self.browse, self.now)

    def client(self, page: str = "portal") -> str:
        """Return what the client reads on their home page, or on another."""
        return read(visitor(self.browse, self.contact).get(url(page)))

    def account(self, on: str = "") -> str:
        """Return the statement of account, which is the same for both sides."""
        asked = f"?on={on}" if on else ""
        theirs = read(visitor(self.browse, self.contact).get(url("portal_statement") + asked))
        ours = read(self.finance().get(url("customer_statement", self.contact.customer_id) + asked))
        begin, end = "Arrêté au", "Solde "
        rows = theirs[theirs.index(end) : theirs.rindex("Vous êtes ici")]
        assert rows in ours
        return theirs[theirs.index(begin) : theirs.index(" PDF")] + " " + rows

    def late(self) -> str:
        """Return what finance reads of what the invoice costs its payer today."""
        return read(self.finance().get(url("late_invoice", self.invoice.pk)))

    def transfer(self, day: str, amount: str) -> None:
        """Write down that a transfer was credited."""
        money = {"invoice": str(self.invoice.pk), "method": "transfer", "amount": amount}
        money |= {"received_on": day, "credited_on": day}
        assert self.finance().post(url("payment_new"), money).status_code == 302

    def gives(self, page: str, **typed: str) -> None:
        """Write something down about the invoice."""
        assert self.finance().post(url(page, self.invoice.pk), typed).status_code == 302


def comes_in(browse: Any, tenant: Any, who: Any, page: str = "classrooms:classes") -> bool:
    """Return whether somebody reaches their work."""
    address = reverse(page, urlconf="config.urls_tenant")
    return browse(tenant, who).get(address).status_code == 200  # type: ignore[no-any-return]


def entered(browse: Any, tenant: Any, first_name: str, last_name: str, email: str) -> Any:
    """Return who followed the invitation that came last, accepted the terms and chose a password."""
    letter = next(each for each in reversed(mail.outbox) if "/invitation/" in each.body)
    invited(browse(tenant), letter, first_name, last_name)
    with inside(tenant):
        return Person.objects.get(email=email)


def test_a_school_is_reminded_warned_suspended_and_opens_again_with_its_payment(
    browse, clock, now, rates_ahead
):
    # a school signs a quote; its cheque is credited, it opens, and the bank takes the cheque back
    contact, invoice = signed_by_quote(browse, desk(browse, now))
    debt = Debt(browse, now, contact, invoice)
    money = {"invoice": str(invoice.pk), "method": "cheque", "amount": "1299,84"}
    money |= {"received_on": "2026-11-16", "reference": "0012"}
    assert debt.finance().post(url("payment_new"), money).status_code == 302
    (cheque,) = rows_of(Payment.objects)
    credited = debt.finance().post(url("payment_credit", cheque.pk), {"credit-on": "2026-11-16"})
    assert credited.status_code == 302
    run()
    (tenant,) = rows_of(Tenant.objects.filter(slug="erables"))
    head = entered(browse, tenant, "Solène", "Marchetti", HEAD)
    with inside(tenant):
        teacher = person_with("teacher", now=now, email="claire@erables.example")
    assert debt.account().startswith("Arrêté au 16 novembre 2026 · 0,00 €")
    back = {"bounce-on": "2026-11-16", "bounce-reason": "rejet"}
    assert debt.finance().post(url("payment_bounce", cheque.pk), back).status_code == 302
    assert "chèque 0012, refusé par la banque 1 299,84 € 1 299,84 €" in debt.account()
    assert "1 299,84 € à payer Échéance 16 décembre 2026" in debt.client()

    # its day passes: a day of interest, the flat 40.00, a reminder on the third day
    live(clock, date(2026, 12, 17))
    assert "1 299,84 € échue de 1 j" in debt.client()
    assert "Intérêts 0,44 €" in debt.late()  # 1,299.84 x 12.40 % / 365
    assert "En tout 1 340,28 €" in debt.late()
    live(clock, date(2026, 12, 20))
    assert len(mails("Rappel")) == 1

    # more time in writing: nothing is late any more, and the statement of a day that is over stays as it was
    live(clock, date(2026, 12, 21))
    debt.gives("invoice_extension", new_due_on="2027-01-15", document="Lettre du 21 décembre")
    assert "1 299,84 € à payer Échéance 15 janvier 2027" in debt.client()
    assert "Rien n’est dû ce jour-là" in debt.late()
    assert "à payer au plus tard le 15 janvier 2027" in debt.account()
    assert "à payer au plus tard le 16 décembre 2026" in debt.account("2026-12-20")
    live(clock, date(2027, 1, 2))
    assert len(mails("Rappel")) == 1

    # late again, from the new day and at the rate of its half-year
    live(clock, date(2027, 1, 16))
    assert "1 299,84 € échue de 1 j" in debt.client()
    assert "Intérêts 0,45 €" in debt.late()  # 1,299.84 x 12.65 % / 365
    live(clock, date(2027, 1, 18))
    assert len(mails("Rappel")) == 2

    # a part is paid, and a part is credited: interest runs on the rest only
    live(clock, date(2027, 1, 20))
    debt.transfer("2027-01-20", "500")
    live(clock, date(2027, 1, 22))
    debt.gives("invoice_credit", line_1="100", reason="Geste commercial")
    assert "679,84 € échue de 7 j" in debt.client()
    assert debt.account().startswith("Arrêté au 22 janvier 2027 · 679,84 €")
    assert "20 janvier 2027 Paiement par virement 500,00 € 799,84 €" in debt.account()
    assert "Avoir AV-2027-000001 120,00 € 679,84 €" in debt.account()
    assert "5 1 179,84 € 12,65 % 2,04 €" in debt.late()
    assert "2 679,84 € 12,65 % 0,47 €" in debt.late()

    # warned thirty days after its day; eight business days later access stops, almost all paid or not
    live(clock, date(2027, 2, 14))
    assert len(mails("l’accès s’arrêtera")) == 1
    live(clock, date(2027, 2, 20))
    debt.transfer("2027-02-20", "600")
    live(clock, date(2027, 2, 24))
    assert comes_in(browse, tenant, teacher)
    live(clock, date(2027, 2, 25))
    assert not comes_in(browse, tenant, teacher)
    assert len(mails("l’accès est suspendu")) == 1
    office = browse(tenant, head)
    assert invoice.number in read(office.get(reverse("billing:tenant_invoices")))
    assert office.get(reverse("dpa:home", urlconf="config.urls_tenant")).status_code == 200
    assert debt.account().startswith("Arrêté au 25 février 2027 · 79,84 €")
    assert "En tout 129,32 €" in debt.late()

    # the last cent is credited: in again at once, and interest stands still
    debt.transfer("2027-02-25", "79,84")
    assert comes_in(browse, tenant, teacher)
    run()
    assert len(mails("l’accès est rétabli")) == 1
    assert debt.account().startswith("Arrêté au 25 février 2027 · 0,00 €")
    live(clock, date(2027, 2, 26))
    assert "En tout 49,48 €" in debt.late()

    # what the delay cost is claimed, stands on the account, and is paid
    debt.gives("late_draw", on="2027-02-26")
    (claim,) = rows_of(InterestClaim.objects)
    asked = f"intérêts de retard {claim.number} à payer au plus tard le 28 mars 2027 49,48 € 49,48 €"
    assert asked in debt.account()
    shown = f"{claim.number} FA-2026-000001 26 février 2027 28 mars 2027 49,48 € 49,48 €"
    assert shown in debt.client("portal_claims")
    paid = {"paid-on": "2027-02-26", "paid-amount": "49,48", "paid-reference": "VIR"}
    assert debt.finance().post(url("interest_claim_pay", claim.pk), paid).status_code == 302
    assert debt.account().startswith("Arrêté au 26 février 2027 · 0,00 €")
    assert "Rien ne vous attend" in debt.client()
    assert debt.account("2027-02-24").startswith("Arrêté au 24 février 2027 · 79,84 €")


def test_a_family_owes_interest_after_a_formal_notice_only_and_its_household_stops_and_opens(
    browse, clock, now, shelves, provider
):
    # a family tries, lets the trial run, and its card is refused on the day it is charged
    shop = browse(None)
    by_card(provider, bought(shop, shelves["famille"], FAMILY, 1, method="card"), clock, REFUSED_LATER)
    run()
    with inside_operator():
        family = Subscription.objects.select_related("contact__customer", "contract__tenant").get()
    tenant = family.contract.tenant
    parent = entered(browse, tenant, "Nadia", "Ferrand", FAMILY["email"])
    live(clock, date(2026, 11, 27))
    live(clock, date(2026, 11, 30), hour=9)
    live(clock, date(2026, 11, 30), hour=10)
    (invoice,) = rows_of(Invoice.objects)
    debt = Debt(browse, now, family.contact, invoice)
    assert len(mails("À payer")) == 1

    # its day passes: it is reminded, and owes nothing more
    live(clock, date(2026, 12, 3), date(2026, 12, 15), date(2026, 12, 20))
    assert len(mails("Rappel")) == 2
    assert "58,80 € échue de 20 j" in debt.client()
    assert "Pas encore de mise en demeure" in debt.late()
    assert debt.account().startswith("Arrêté au 20 décembre 2026 · 58,80 €")

    # a formal notice goes by registered letter: interest runs from it, without the 40.00; a part is paid
    notice = {"notice-on": "2026-12-20", "notice-letter": "1A 222 333 4444 5"}
    debt.gives("formal_notice_new", **notice)
    live(clock, date(2026, 12, 26))
    debt.transfer("2026-12-26", "20")
    assert "Paiement par virement 20,00 € 38,80 €" in debt.account()
    live(clock, date(2026, 12, 30))
    assert len(mails("l’accès s’arrêtera")) == 1
    assert "6 58,80 € 6,84 % 0,07 €" in debt.late()
    assert "4 38,80 € 6,84 % 0,03 €" in debt.late()
    assert "Indemnité 0,00 €" in debt.late()

    # eight business days after the warning the household stops; privacy and payment stay
    live(clock, date(2027, 1, 12))
    assert comes_in(browse, tenant, parent, "classrooms:household")
    live(clock, date(2027, 1, 13))
    assert not comes_in(browse, tenant, parent, "classrooms:household")
    home = browse(tenant, parent)
    assert "L’accès est suspendu" in read(home.get("/"))
    assert home.get(reverse("dpa:my_data", urlconf="config.urls_tenant")).status_code == 200
    assert "38,80 € échue de 44 j" in debt.client()
    assert debt.account().startswith("Arrêté au 13 janvier 2027 · 38,80 €")
    assert "En tout 39,00 €" in debt.late()

    # the rest is credited: the household opens at once, and what stands on no claim is asked of nobody
    debt.transfer("2027-01-13", "38,80")
    assert comes_in(browse, tenant, parent, "classrooms:household")
    assert debt.account().startswith("Arrêté au 13 janvier 2027 · 0,00 €")
    assert "Rien ne vous attend" in debt.client()
    live(clock, date(2027, 2, 20))
    assert "En tout 0,20 €" in debt.late()
