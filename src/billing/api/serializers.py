"""What documents and payments look like to programs."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from billing.api.fields import Day, Money, Strict
from billing.api.quote_in import QuoteIn
from billing.api.quote_out import quote_body
from billing.invoicing.models import Invoice
from billing.invoicing.queries.balances import state_of
from billing.orders.models import Order
from billing.payments.models import Payment
from billing.quotes.models import QuoteVersion
from tenants.models import Customer

PAYMENT_STATES = ("received", "proved", "credited", "bounced")


class LineOut(serializers.Serializer[Any]):
    """A line of a document."""

    position = serializers.IntegerField()
    kind = serializers.CharField()
    product = serializers.UUIDField(source="product_id", allow_null=True)
    description = serializers.CharField()
    quantity = serializers.IntegerField()
    unit_net = Money("unit_net_cents")
    net = Money("net_cents")
    vat_rate = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True)
    tax_category = serializers.CharField()


class SiteOut(serializers.Serializer[Any]):
    """A school or an organisation a document is for."""

    name = serializers.CharField()
    slug = serializers.CharField()
    tenant = serializers.UUIDField(source="tenant_id", allow_null=True)


class CustomerOut(serializers.Serializer[Customer]):
    """Whose a document is."""

    id = serializers.UUIDField()
    name = serializers.CharField()


class QuoteOut(serializers.ModelSerializer[QuoteVersion]):
    """The version in hand of a quote."""

    number = serializers.CharField(source="quote.number")
    customer = CustomerOut(source="quote.customer")
    contact = serializers.UUIDField(source="quote.contact_id")
    net = Money("net_cents")
    vat = Money("vat_cents")
    gross = Money("gross_cents")
    sites = SiteOut(many=True)
    lines = LineOut(many=True)
    deposit_pct = serializers.IntegerField(source="down_payment_pct")
    deferred_until = serializers.DateField(source="extended_until", allow_null=True)

    class Meta:
        model = QuoteVersion
        fields = (
            "id",
            "number",
            "version",
            "state",
            "customer",
            "contact",
            "language",
            "method",
            "issued_on",
            "valid_until",
            "payment_days",
            "deposit_pct",
            "term_months",
            "deferred_until",
            "warranty",
            "note",
            "net",
            "vat",
            "gross",
            "created_at",
            "sent_at",
            "sites",
            "lines",
        )


class OneQuoteOut(QuoteOut):
    """The version in hand of a quote, and under `draft` all that writing it again takes."""

    draft = serializers.SerializerMethodField()

    @extend_schema_field(QuoteIn)
    def get_draft(self, version: QuoteVersion) -> dict[str, Any]:
        """Return the body a PUT of this quote takes to change nothing."""
        return quote_body(version)

    class Meta(QuoteOut.Meta):
        fields = (*QuoteOut.Meta.fields, "draft")  # type: ignore[assignment]


class OrderOut(serializers.ModelSerializer[Order]):
    """An order."""

    customer = CustomerOut()
    quote = serializers.UUIDField(source="version_id", allow_null=True)
    net = Money("net_cents")
    vat = Money("vat_cents")
    gross = Money("gross_cents")
    sites = SiteOut(many=True)
    lines = LineOut(many=True)
    opened_at = serializers.DateTimeField(source="fulfilled_at", allow_null=True)

    class Meta:
        model = Order
        fields = (
            "id",
            "number",
            "state",
            "customer",
            "quote",
            "method",
            "term_months",
            "confirmed_at",
            "confirmed_on",
            "cancellable_on",
            "cancelled_at",
            "opened_at",
            "net",
            "vat",
            "gross",
            "sites",
            "lines",
        )


class InvoiceOut(serializers.ModelSerializer[Invoice]):
    """An invoice or a credit note, with what was paid of it."""

    customer = CustomerOut()
    order = serializers.UUIDField(source="order_id", allow_null=True)
    corrects = serializers.UUIDField(source="corrects_id", allow_null=True)
    falls_due_on = serializers.DateField()
    is_deposit = serializers.BooleanField(source="is_down_payment")
    net = Money("net_cents")
    vat = Money("vat_cents")
    gross = Money("gross_cents")
    paid = Money("paid_cents")
    written_off = Money("written_off_cents")
    balance = Money("balance_cents")
    state = serializers.SerializerMethodField()
    lines = LineOut(many=True)

    def get_state(self, invoice: Invoice) -> str:
        """Return the state it is filtered by; a disputed one tells what is left to pay of it."""
        return state_of(invoice, today=self.context["request"].today)

    class Meta:
        model = Invoice
        fields = (
            "id",
            "kind",
            "number",
            "customer",
            "order",
            "corrects",
            "is_deposit",
            "method",
            "language",
            "issued_on",
            "due_on",
            "falls_due_on",
            "reference",
            "net",
            "vat",
            "gross",
            "paid",
            "written_off",
            "balance",
            "state",
            "lines",
        )


class PaidOut(serializers.Serializer[Any]):
    """How much of a payment pays which invoice."""

    invoice = serializers.UUIDField(source="invoice_id")
    amount = Money("amount_cents")


class PaidClaimOut(serializers.Serializer[Any]):
    """How much of a payment pays which claim for late interest."""

    claim = serializers.CharField(source="claim.number")
    amount = Money("amount_cents")


class PaymentOut(serializers.ModelSerializer[Payment]):
    """A payment, and what it pays."""

    state = serializers.ChoiceField(PAYMENT_STATES, read_only=True)
    customer = CustomerOut()
    amount = Money("amount_cents")
    pays = serializers.SerializerMethodField()
    pays_claims = serializers.SerializerMethodField()

    class Meta:
        model = Payment
        fields = (
            "id",
            "state",
            "customer",
            "method",
            "amount",
            "reference",
            "received_on",
            "proof_on",
            "credited_on",
            "bounced_on",
            "pays",
            "pays_claims",
        )

    def get_pays(self, payment: Payment) -> list[dict[str, Any]]:
        """Return the shares that stand."""
        rows = [row for row in payment.allocations.all() if row.released_at is None]
        return [dict(each) for each in PaidOut(rows, many=True).data]

    def get_pays_claims(self, payment: Payment) -> list[dict[str, Any]]:
        """Return the shares that pay claims for late interest, and stand."""
        rows = [row for row in payment.claim_allocations.all() if row.released_at is None]
        return [dict(each) for each in PaidClaimOut(rows, many=True).data]


class PaymentIn(Strict):
    """A cheque or a transfer that came in."""

    invoice = serializers.PrimaryKeyRelatedField(queryset=Invoice.objects.invoices())
    method = serializers.ChoiceField(["cheque", "transfer"])
    amount = Money()
    received_on = Day()
    reference = serializers.CharField(max_length=60, allow_blank=True, default="")
    credited_on = Day(allow_null=True, default=None, help_text=_("Of a transfer: the day its funds came."))
    proof_document = serializers.CharField(
        max_length=200,
        allow_blank=True,
        default="",
        help_text=_("Of a transfer: the reference of its written proof."),
    )
    keep_surplus = serializers.BooleanField(
        default=False, help_text=_("Keep what is too much as the client’s credit.")
    )

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        """Ask a transfer for its credit or its proof; a cheque is credited in a second step."""
        today: date = self.context["today"]
        wrong = {
            name: [_("This day is still to come.")]
            for name in ("received_on", "credited_on")
            if _later(data[name], today)
        }
        shown = bool(data["credited_on"] or data["proof_document"])
        if data["method"] == "transfer" and not shown:
            wrong["credited_on"] = [_("Say when it was credited, or name the written proof.")]
        if data["method"] == "cheque" and shown:
            wrong["credited_on"] = [_("A cheque is received first, and credited in a second step.")]
        if data["credited_on"] and data["credited_on"] < data["received_on"]:
            wrong["credited_on"] = [_("It can’t be credited before it was received.")]
        if wrong:
            raise serializers.ValidationError(wrong)
        return data


def _later(day: date | None, today: date) -> bool:
    return day is not None and day > today


class CreditIn(Strict):
    """The day the funds of a payment came."""

    credited_on = Day()
