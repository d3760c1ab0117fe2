"""One of everything the shop's addresses can name."""

from datetime import date
from email.message import EmailMessage

from billing.catalogue.actions.price_lines import LineDraft
from billing.customers.actions.file_sent import file_sent
from billing.customers.actions.mark_reference import mark_reference
from billing.models import Delivery, Price, Product
from billing.money.policy.days import paris_day
from billing.payments.actions.record_transfer import record_transfer
from billing.returns.actions.confirm_unavailable import UnavailableItem, confirm_unavailable
from billing.returns.actions.open_warranty_claim import WarrantyClaimInput, open_warranty_claim
from billing.returns.actions.withdraw import WithdrawalNotice, withdraw
from billing.workflows.actions.open_access import open_access
from demo.factories.billing import catalogue, invoice_of, order_signed
from tests.billing.customers.test_references import picture
from tests.pdfs import PDF


def shop_papers(contact, now):
    """Return a thing, its list, a parcel of a buyer and what they send back."""
    day = paris_day(now)
    thing, _made = Product.objects.get_or_create(
        key="mur",
        defaults={
            "name_fr": "Affiche",
            "name_en": "Poster",
            "kind": "goods",
            "methods": ["transfer"],
            "stock": 50,
        },
    )
    line = LineDraft(thing.pk, "Affiche", 2, 900)
    order = order_signed(contact, now=now, method="transfer", lines=[line], site_slug="")
    record_transfer(
        invoice=invoice_of(order),
        amount_cents=order.gross_cents,
        received_on=day,
        credited_on=day,
        reference="9",
        today=day,
        by=None,
        now=now,
    )
    open_access(order_id=order.pk, now=now, today=day)
    said = WarrantyClaimInput(
        thing.pk, 1, "hidden_defect", "x", day, discovered_on=date(2026, 11, 1), proof="photo"
    )
    back = open_warranty_claim(order=order, said=said, by=None, now=now, today=day)
    named = mark_reference(
        customer_id=contact.customer_id,
        name="Référence",
        logo=picture(),
        agreed_on=day,
        word="x",
        by=None,
        now=now,
    )
    notice = WithdrawalNotice({1: 1}, "email", day, employees=1, outside_main_activity=True)
    withdrawal = withdraw(order_id=order.pk, notice=notice, by=None, now=now, today=day)
    parcel = order_signed(contact, now=now, method="transfer", lines=[line], site_slug="")
    missing = UnavailableItem(1, 1, day, _stand_in().pk)
    gone = confirm_unavailable(order_id=parcel.pk, missing=missing, by=None, now=now, today=day)
    return {
        "impossible_id": gone.pk,
        "reference_id": named.pk,
        "product_id": thing.pk,
        "product_key": thing.key,
        "price_list_id": catalogue().pk,
        "delivery_id": Delivery.objects.get(order=order).pk,
        "return_id": back.pk,
        "withdrawal_id": withdrawal.pk,
    }


def sent_paper(contact, now):
    """Return a mail that left for a buyer with a file in it, as it is kept."""
    mail = EmailMessage()
    mail.set_content("Bonjour")
    mail.add_attachment(PDF, maintype="application", subtype="pdf", filename="facture.pdf")
    return file_sent(
        customer_id=contact.customer_id,
        channel="email",
        key=f"wall:{contact.pk}",
        kind="wall",
        recipient=contact.email,
        subject="Mur",
        about=[],
        content=mail.as_bytes(),
        at=now,
    )


def _stand_in():
    other, _made = Product.objects.get_or_create(
        key="fresque",
        defaults={
            "name_fr": "Fresque",
            "name_en": "Mural",
            "kind": "goods",
            "methods": ["transfer"],
            "stock": 50,
        },
    )
    Price.objects.get_or_create(price_list=catalogue(), product=other, defaults={"net_cents": 900})
    return other
