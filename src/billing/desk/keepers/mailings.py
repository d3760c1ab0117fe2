"""Mails to many: the keeper that gives them to the outbox, and what each says when it leaves."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse

from agenda.models import Obligation
from agenda.registry import Again, Kept, Mail, Outcome, keeper, message
from billing.collections.actions.issue_interest_claim import interest_claim_pdf
from billing.collections.models import InterestClaim
from billing.customers.keepers.mail import PDF, PUBLIC, amount_text, mail_to
from billing.desk.actions.send_many import CLAUSE, send_next
from billing.desk.models import Mailing, MailingRow
from billing.desk.queries.mailings import outcome, progress, still_wanted
from billing.invoicing.actions.render_documents import invoice_pdf
from billing.invoicing.models import Invoice
from billing.money.policy.days import paris_day
from billing.quotes.actions.draw_quote import quote_pdf
from people.models import Person
from tenants.queries import public_url

MAX_ATTACHED = 10


@keeper(CLAUSE, kind="mailing", where="operator")
def keep_mailing(obligation: Obligation, *, now: datetime) -> Outcome:
    """Give the next recipients to the outbox; come back at once while some are left."""
    if send_next(mailing_id=obligation.subject_id, now=now, today=paris_day(now)):
        return Again(now)
    return Kept(at=now, **progress(Mailing.objects.get(pk=obligation.subject_id)))


def _row(ids: Mapping[str, str]) -> tuple[MailingRow, list[Any]]:
    row = MailingRow.objects.select_related("mailing", "contact__customer").get(pk=ids["row"])
    return row, still_wanted(row.mailing.kind, row.keys, today=paris_day(row.mailing.asked_at))


def _invoices(ids: Mapping[str, str]) -> Mail | None:
    """Return the mail about invoices, and about claims for late interest where they are reminded of."""
    row, found = _row(ids)
    if row.contact is None or not found:
        return None
    told = [(each, amount_text(_cents(each), each.currency)) for each in found]
    invoices = [pair for pair in told if isinstance(pair[0], Invoice)]
    claims = [pair for pair in told if isinstance(pair[0], InterestClaim)]
    page = "portal_claims" if not invoices else "portal" if claims else "portal_invoices"
    return mail_to(
        row.contact,
        to_page=reverse(f"billing:{page}", urlconf=PUBLIC),
        attachments=[(f"{each.number}.pdf", _pdf(each), PDF) for each in found[:MAX_ATTACHED]],
        about=found,
        invoices=invoices,
        claims=claims,
        count=len(found),
        first=found[0],
        left_off=max(0, len(found) - MAX_ATTACHED),
    )


def _cents(asked: Any) -> int:
    """Return what is left of an invoice or a claim; all of an invoice that is only sent again."""
    left = getattr(asked, "left_cents", getattr(asked, "balance_cents", None))
    return int(asked.gross_cents if left is None else left)


def _pdf(asked: Any) -> bytes:
    return interest_claim_pdf(asked) if isinstance(asked, InterestClaim) else invoice_pdf(asked)


@message("billing/many_invoices", template="billing/desk/mail/many_invoices")
def invoices_sent_again(ids: Mapping[str, str]) -> Mail | None:
    """Return the mail with a client's invoices once more, all of theirs in one."""
    return _invoices(ids)


@message("billing/many_reminders", template="billing/desk/mail/many_reminders")
def invoices_reminded(ids: Mapping[str, str]) -> Mail | None:
    """Return the mail that reminds of what is still unpaid and not contested.

    None when all was paid meanwhile.
    """
    return _invoices(ids)


@message("billing/many_quotes", template="billing/desk/mail/many_quotes")
def quotes_reminded(ids: Mapping[str, str]) -> Mail | None:
    """Return the mail that reminds of quotes to sign; none when all were answered meanwhile."""
    row, found = _row(ids)
    if row.contact is None or not found:
        return None
    told = [(each, amount_text(each.gross_cents, each.currency)) for each in found]
    attached = [
        (f"{each.label.replace(' ', '-')}.pdf", quote_pdf(each), PDF) for each in found[:MAX_ATTACHED]
    ]
    page = reverse("billing:portal_quotes", urlconf=PUBLIC)
    return mail_to(
        row.contact,
        to_page=page,
        attachments=attached,
        about=found,
        quotes=told,
        first=found[0],
        left_off=max(0, len(found) - MAX_ATTACHED),
    )


@message("billing/mailing_done", template="billing/desk/mail/mailing_done")
def many_are_done(ids: Mapping[str, str]) -> Mail | None:
    """Return the mail that tells who asked for a sending how it ended; none when they are no longer there."""
    mailing = Mailing.objects.get(pk=ids["mailing"])
    asked_by = mailing.asked_by
    person = Person.objects.active().filter(pk=asked_by).first() if asked_by else None
    if person is None or not person.email:
        return None
    link = public_url(reverse("billing:mailing", args=[mailing.pk], urlconf=PUBLIC))
    context = {"mailing": mailing, "person": person, "link": link, **outcome(mailing), **progress(mailing)}
    return Mail([person.email], context, person.language)
