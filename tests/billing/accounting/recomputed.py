"""The books as they were computed from documents before they were kept: an oracle that knows no entry."""

from datetime import date

from billing.accounting.queries.vat_facts import dues_of
from billing.models import Invoice, Payment, Refund, WriteOff

SALES = {"shipping": "fees", "cheque_fee": "fees", "discount": "discounts", "deposit": "down_payments"}


def sales():
    """Return by role what all documents sold, in cents of credit, and what they asked of clients."""
    found = {}
    asked = 0
    for document in Invoice.objects.prefetch_related("lines"):
        sign = -1 if document.is_credit_note else 1
        asked += sign * document.gross_cents
        found["vat"] = found.get("vat", 0) + sign * document.vat_cents
        for line in document.lines.all():
            role = SALES.get(line.kind) or ("goods" if line.nature == "goods" else "services")
            found[role] = found.get(role, 0) + sign * line.net_cents
    return {role: cents for role, cents in found.items() if cents}, asked


def losses():
    """Return what is given up of all documents, and the VAT of it that goes with it."""
    rows = list(WriteOff.objects.active())
    gone = [each for row in rows for each in row.parts if row.is_final or not each["is_due"]]
    return sum(row.amount_cents for row in rows), sum(each["vat_cents"] for each in gone)


def treasury():
    """Return what lies at the bank and at the provider, in cents: credited, less what left again."""
    total = 0
    for payment in Payment.objects.filter(credited_on__isnull=False):
        total += 0 if payment.bounced_on else payment.amount_cents
    made = Refund.objects.filter(made_on__isnull=False, failed_on=None)
    return total - sum(refund.amount_cents for refund in made)


def given_up(customer_id, on: date):
    """Return what was given up of a client's documents when a day ended, in cents."""
    rows = WriteOff.objects.filter(invoice__customer_id=customer_id, on__lte=on)
    return sum(row.amount_cents for row in rows if row.undone_on is None or row.undone_on > on)


def owed_by(customer_id, on: date):
    """Return what a client owed when a day ended, in cents; below zero we held their money."""
    total = -given_up(customer_id, on)
    for document in Invoice.objects.filter(customer_id=customer_id, issued_on__lte=on):
        total += -document.gross_cents if document.is_credit_note else document.gross_cents
    for payment in Payment.objects.filter(customer_id=customer_id):
        came = [day for day in (payment.credited_on, payment.proof_on) if day]
        if came and min(came) <= on:
            total -= payment.amount_cents
            if payment.bounced_on and payment.bounced_on <= on:
                total += payment.amount_cents
    for refund in Refund.objects.filter(payment__customer_id=customer_id, made_on__lte=on):
        if refund.failed_on is None or refund.failed_on > on:
            total += refund.amount_cents
    return total


def vat():
    """Return base and VAT that fell due of all invoices."""
    dues = [due for invoice in Invoice.objects.invoices() for due in dues_of(invoice)]
    return sum(due.base_cents for due in dues), sum(due.vat_cents for due in dues)
