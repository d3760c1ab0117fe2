"""What was sent to a customer, as it was sent."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.views import View

from billing.customers.models import SentDocument
from billing.customers.queries.sent import enclosures_of, text_of
from people.requests import ConsoleRequest


class SentDocumentPage(View):
    """One document that was sent: to whom, when, its words and what went with it."""

    permission = "customers.write"

    def get(self, request: ConsoleRequest, document_id: UUID) -> HttpResponse:
        """Return the page."""
        document = _found(document_id)
        context = {
            "document": document,
            "customer": document.customer,
            "text": text_of(document),
            "enclosures": enclosures_of(document),
        }
        return render(request, "billing/customers/console/sent.html", context)


class SentDocumentFile(View):
    """The very bytes: a mail, or a letter's PDF."""

    permission = "customers.write"

    def get(self, request: ConsoleRequest, document_id: UUID) -> HttpResponse:
        """Return the file, to keep."""
        document = _found(document_id)
        is_mail = document.channel == SentDocument.Channel.EMAIL
        kind, ending = ("message/rfc822", "eml") if is_mail else ("application/pdf", "pdf")
        return _file(
            bytes(document.content), kind, f"{document.sent_at:%Y-%m-%d}-{document.sha256[:8]}.{ending}"
        )


class SentEnclosure(View):
    """A file that went with a mail."""

    permission = "customers.write"

    def get(self, request: ConsoleRequest, document_id: UUID, number: int) -> HttpResponse:
        """Return the file, to keep."""
        enclosures = enclosures_of(_found(document_id))
        if not 1 <= number <= len(enclosures):
            raise Http404
        each = enclosures[number - 1]
        return _file(each.content, each.kind, each.name)


def _found(document_id: UUID) -> SentDocument:
    return get_object_or_404(SentDocument.objects.select_related("customer"), pk=document_id)


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    response.headers["Cache-Control"] = "private, no-store"
    return response
