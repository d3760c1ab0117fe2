"""The API's views: what each may be asked is ruled by `right`, as on the pages.

They call the pages' actions.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.views import APIView

from billing.api import filters
from billing.api.idempotent import idempotent
from billing.api.quote_in import QuoteIn, quote_context
from billing.api.serializers import (
    CreditIn,
    InvoiceOut,
    OneQuoteOut,
    OrderOut,
    PaymentIn,
    PaymentOut,
    QuoteOut,
)
from billing.invoicing.actions.render_documents import invoice_pdf
from billing.invoicing.models import Invoice
from billing.invoicing.queries.balances import with_state
from billing.invoicing.queries.refusals import lack_words
from billing.invoicing.views.documents import xml_answer
from billing.money.policy.closed import PeriodClosed
from billing.money.policy.money import format_amount
from billing.money.views.answers import closed_text, pdf
from billing.orders.models import Order
from billing.payments.actions.clear_payment import ClearedTooEarly, NotInHand, clear_payment
from billing.payments.actions.receive_cheque import NothingToPay, NotInEuros, TooMuch, receive_cheque
from billing.payments.actions.record_transfer import record_transfer
from billing.payments.models import Payment
from billing.quotes.actions.send_quote import BuyerIncomplete, BuyerMoved, ValidityPassed, send_quote
from billing.quotes.actions.write_quote import AlreadySent, rewrite_quote, write_quote
from billing.quotes.labels import BUYER_MOVED
from billing.quotes.models import QuoteVersion
from billing.quotes.views.error_messages import REFUSED, error_message
from people.api.problems import Conflict
from people.api.requests import ApiRequest

SENT_AS = {"extended_until": "deferred_until", "down_payment_pct": "deposit_pct"}  # fields by their API names


def _told(request: ApiRequest) -> dict[str, Any]:
    return {"by": request.user, "now": request.now}


def _today(request: ApiRequest) -> date:
    return request.today


class _Quotes(generics.GenericAPIView[QuoteVersion]):
    permission = "quotes.write"
    serializer_class = QuoteOut
    lookup_url_kwarg = "version_id"

    def get_queryset(self) -> QuerySet[QuoteVersion]:
        """Return the versions in hand."""
        rows = QuoteVersion.objects.current().select_related("quote__customer")
        return rows.prefetch_related("sites", "lines").order_by("-created_at", "id")

    def written(self, request: ApiRequest, version: QuoteVersion | None) -> QuoteVersion:
        """Return the quote that was sent, kept as a new draft or in place of one."""
        today = _today(request)
        context = quote_context(request.data, today=today)
        context["customer_id"] = version.quote.customer_id if version else None
        asked = QuoteIn(data=request.data, context=context)
        asked.is_valid(raise_exception=True)
        details = {"draft": asked.draft(), "today": today, **_told(request)}
        try:
            return rewrite_quote(version_id=version.pk, **details) if version else write_quote(**details)
        except AlreadySent:
            raise Conflict("already-sent", _("This version was sent already.")) from None
        except REFUSED as refused:
            field, words = error_message(refused)
            raise ValidationError({SENT_AS.get(field or "", field) or "non_field_errors": [words]}) from None

    def shown(self, version: QuoteVersion, status: int = 200) -> Response:
        """Return a quote as it is now."""
        return Response(OneQuoteOut(self.get_queryset().get(pk=version.pk)).data, status=status)


class Quotes(_Quotes, generics.ListAPIView[QuoteVersion]):
    """Quotes, each by its version in hand."""

    filterset_class = filters.QuoteFilter

    @extend_schema(summary="Write a quote, as a draft", request=QuoteIn, responses={201: OneQuoteOut})
    @idempotent
    def post(self, request: ApiRequest) -> Response:
        """Keep a new draft."""
        return self.shown(self.written(request, None), 201)


class OneQuote(_Quotes, generics.RetrieveAPIView[QuoteVersion]):
    """One quote, with all that writing it again takes."""

    serializer_class = OneQuoteOut

    @extend_schema(summary="Write a draft again, whole", request=QuoteIn, responses=OneQuoteOut)
    def put(self, request: ApiRequest, version_id: UUID) -> Response:
        """Replace what a draft says."""
        version = get_object_or_404(QuoteVersion.objects.select_related("quote"), pk=version_id)
        if version.is_amendment:
            raise Conflict("amendment", _("An amendment of a running contract is written in the console."))
        return self.shown(self.written(request, version))


class SendQuote(_Quotes):
    """Send a quote to the buyer."""

    filter_backends = ()

    @extend_schema(summary="Send a draft to the buyer", request=None, responses=OneQuoteOut)
    @idempotent
    def post(self, request: ApiRequest, version_id: UUID) -> Response:
        """Send it: the buyer gets its PDF and a link to sign."""
        version = get_object_or_404(QuoteVersion, pk=version_id)
        try:
            send_quote(version_id=version.pk, today=_today(request), **_told(request))
        except AlreadySent:
            raise Conflict("already-sent", _("This version was sent already.")) from None
        except ValidityPassed:
            text = _("Its validity has passed: choose a later date first.")
            raise Conflict("validity-passed", text) from None
        except BuyerIncomplete as lack:
            text = _("The invoice would lack: %(words)s. Complete the customer, then try again.")
            words = {"words": lack_words(lack.missing, lack.broken)}
            raise Conflict("buyer-incomplete", text % words) from None
        except BuyerMoved:
            raise Conflict("buyer-moved", str(BUYER_MOVED)) from None
        return self.shown(version)


class _Orders(generics.GenericAPIView[Order]):
    permission = "orders.write"
    serializer_class = OrderOut
    lookup_url_kwarg = "order_id"

    def get_queryset(self) -> QuerySet[Order]:
        """Return the orders."""
        rows = Order.objects.select_related("customer").prefetch_related("sites", "lines")
        return rows.order_by("-confirmed_at", "id")


class Orders(_Orders, generics.ListAPIView[Order]):
    """Orders."""

    filterset_class = filters.OrderFilter


class OneOrder(_Orders, generics.RetrieveAPIView[Order]):
    """One order."""


class _Invoices(generics.GenericAPIView[Invoice]):
    permission = "invoices.write"
    serializer_class = InvoiceOut
    lookup_url_kwarg = "invoice_id"

    def get_queryset(self) -> QuerySet[Invoice]:
        """Return the documents with their balances."""
        request: ApiRequest = self.request  # type: ignore[assignment]
        rows = with_state(Invoice.objects.select_related("customer"), today=request.today)
        return rows.prefetch_related("lines").order_by("-issued_on", "-number", "id")


class Invoices(_Invoices, generics.ListAPIView[Invoice]):
    """Invoices and credit notes."""

    filterset_class = filters.InvoiceFilter


class OneInvoice(_Invoices, generics.RetrieveAPIView[Invoice]):
    """One invoice or credit note."""


class InvoicePdf(APIView):
    """An issued document on paper (Factur-X)."""

    permission = "invoices.write"

    @extend_schema(summary="The PDF of a document", responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request: ApiRequest, invoice_id: UUID) -> HttpResponse:
        """Return the PDF."""
        invoice = get_object_or_404(Invoice, pk=invoice_id)
        return pdf(invoice_pdf(invoice), invoice.number, download=True)


class InvoiceXml(APIView):
    """The electronic invoice of a document."""

    permission = "invoices.write"

    @extend_schema(
        summary="The electronic invoice", responses={(200, "application/xml"): OpenApiTypes.BINARY}
    )
    def get(self, request: ApiRequest, invoice_id: UUID) -> HttpResponse:
        """Return the XML."""
        return xml_answer(get_object_or_404(Invoice, pk=invoice_id))


class _Payments(generics.GenericAPIView[Payment]):
    permission = "payments.write"
    serializer_class = PaymentOut
    lookup_url_kwarg = "payment_id"

    def get_queryset(self) -> QuerySet[Payment]:
        """Return the payments."""
        rows = Payment.objects.select_related("customer").prefetch_related(
            "allocations", "claim_allocations__claim"
        )
        return rows.order_by("-received_on", "-created_at", "id")

    def shown(self, payment: Payment, status: int = 200) -> Response:
        """Return a payment as it is now."""
        return Response(PaymentOut(self.get_queryset().get(pk=payment.pk)).data, status=status)


class Payments(_Payments, generics.ListAPIView[Payment]):
    """Payments."""

    filterset_class = filters.PaymentFilter

    @extend_schema(summary="Receive a cheque or a transfer", request=PaymentIn, responses={201: PaymentOut})
    @idempotent
    def post(self, request: ApiRequest) -> Response:
        """Keep a payment that came in; it flows to its invoice."""
        asked = PaymentIn(data=request.data, context={"today": _today(request), **_currency_of(request.data)})
        asked.is_valid(raise_exception=True)
        try:
            return self.shown(_received(request, dict(asked.validated_data)), 201)
        except NothingToPay:
            text = _("Nothing is left to pay on it, or a payment for all of it is waiting.")
            raise Conflict("nothing-to-pay", text) from None
        except NotInEuros as other:
            text = _(
                "A cheque is in euros only, and this invoice is in %(currency)s: it is paid another way."
            )
            raise ValidationError({"method": [text % {"currency": other.currency}]}) from None
        except TooMuch as much:
            text = _("Only %(amount)s is left to pay on this invoice.") % {
                "amount": format_amount(much.owed_cents)
            }
            raise ValidationError({"amount": {"amount": [text]}}) from None
        except PeriodClosed as closed:
            raise Conflict("period-closed", closed_text(closed)) from None


def _currency_of(data: Any) -> dict[str, str]:
    """Return the currency of the invoice a payment names, nothing where it names none we know."""
    try:
        row = Invoice.objects.filter(pk=UUID(str(data.get("invoice")))).first()
    except (AttributeError, ValueError):
        return {}
    return {"currency": row.currency} if row else {}


def _received(request: ApiRequest, data: dict[str, Any]) -> Payment:
    details = {
        "invoice": data["invoice"],
        "amount_cents": data["amount"],
        "received_on": data["received_on"],
        "reference": data["reference"],
        "keep_surplus": data["keep_surplus"],
        **_told(request),
    }
    if data["method"] == "cheque":
        return receive_cheque(**details)
    proof = {"credited_on": data["credited_on"], "proof_document": data["proof_document"]}
    return record_transfer(today=_today(request), **proof, **details)


class OnePayment(_Payments, generics.RetrieveAPIView[Payment]):
    """One payment."""


class CreditPayment(_Payments):
    """Say that the funds of a payment are there."""

    filter_backends = ()

    @extend_schema(summary="Credit a payment", request=CreditIn, responses=PaymentOut)
    @idempotent
    def post(self, request: ApiRequest, payment_id: UUID) -> Response:
        """Credit it; what it pays in full is settled."""
        payment = get_object_or_404(Payment, pk=payment_id)
        asked = CreditIn(data=request.data)
        asked.is_valid(raise_exception=True)
        day = asked.validated_data["credited_on"]
        try:
            clear_payment(payment_id=payment.pk, credited_on=day, today=_today(request), **_told(request))
        except NotInHand:
            raise Conflict("not-in-hand", _("It was credited or refused already.")) from None
        except ClearedTooEarly:
            text = _("Credit it on a day between its receipt and today.")
            raise ValidationError({"credited_on": [text]}) from None
        except PeriodClosed as closed:
            raise Conflict("period-closed", closed_text(closed)) from None
        return self.shown(payment)
