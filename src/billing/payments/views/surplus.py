"""What of a payment pays nothing and stays as the client's credit: said before it is applied, and after."""

from __future__ import annotations

from django.contrib import messages
from django.utils.translation import gettext as _

from billing.payments.models import BankStatementLine, Payment
from billing.payments.queries.bank import named_by
from billing.payments.queries.money import unallocated_of
from contracts.templatetags.ui import money_text
from people.requests import ConsoleRequest


def surplus_words(payment: Payment) -> list[str]:
    """Return the sentence that names what of a payment pays nothing, none where all of it does."""
    left = unallocated_of(payment)
    if not left:
        return []
    text = _("%(amount)s pay nothing and stay as the client’s credit.")
    return [text % {"amount": money_text(left, payment.currency)}]


def say_surplus(request: ConsoleRequest, line: BankStatementLine) -> None:
    """Say what of a line that came in pays nothing and stays as the client's credit."""
    if line.payment is not None and line.amount_cents > 0:
        for text in surplus_words(line.payment):
            messages.info(request, f"{line.position} · {line.text or line.name}: {text}"[:300])


def surplus_unsaid(request: ConsoleRequest, line: BankStatementLine) -> str | None:
    """Return the number typed for a line that pays more than it asks, until that was said and confirmed."""
    number = typed(request, f"number-{line.pk}")
    if typed(request, f"choose-{line.pk}") != "other" or not number or line.amount_cents < 0:
        return None
    named = named_by(number, line)
    if named is None or not named.left_cents:
        return None
    told = typed(request, f"surplus-{line.pk}")
    return None if told == f"{named.number} {named.left_cents}" else number


def typed(request: ConsoleRequest, name: str) -> str:
    """Return what somebody typed in a field, without the signs no text has, cut to what is kept."""
    return request.POST.get(name, "").replace("\0", "").strip()[:300]
