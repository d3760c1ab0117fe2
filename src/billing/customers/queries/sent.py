"""What was sent to a customer, and what it says."""

from collections.abc import Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from uuid import UUID

from django.db.models import QuerySet

from billing.customers.models import SentDocument


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that went with a mail."""

    name: str
    kind: str
    content: bytes


def sent_to(customer_id: UUID) -> QuerySet[SentDocument]:
    """Return what was sent to a customer, the newest first, without its bytes."""
    return SentDocument.objects.filter(customer_id=customer_id).defer("content")


def sent_about(subject: UUID) -> QuerySet[SentDocument]:
    """Return what was sent about an invoice, a quote, an order…, the newest first, without its bytes."""
    return SentDocument.objects.all().about(subject).defer("content")


def text_of(document: SentDocument) -> str:
    """Return the words of a mail as it was sent, "" for a letter."""
    body = _mail(document).get_body(preferencelist=("plain",)) if _is_mail(document) else None
    return str(body.get_content()) if body else ""


def enclosures_of(document: SentDocument) -> Sequence[Enclosure]:
    """Return the files that went with a mail, none for a letter."""
    parts = _mail(document).iter_attachments() if _is_mail(document) else ()
    return [
        Enclosure(part.get_filename() or "", part.get_content_type(), bytes(part.get_payload(decode=True)))
        for part in parts
    ]


def _is_mail(document: SentDocument) -> bool:
    return document.channel == SentDocument.Channel.EMAIL


def _mail(document: SentDocument) -> EmailMessage:
    found = message_from_bytes(bytes(document.content), policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found
