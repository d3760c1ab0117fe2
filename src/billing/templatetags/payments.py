"""Words and parts of payments: online, by code, on slips and statements."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from billing.invoicing.policy.account_statement import Movement
from billing.invoicing.policy.sepa_qr import sepa_qr_svg
from billing.invoicing.queries.balances import has_money
from billing.invoicing.queries.credits import cheque_fees_left
from billing.money.labels import method_name
from billing.orders.queries.trial import invoice_to_pay, trial_offered
from billing.payments.gateways.stripe_checkout import is_configured
from billing.payments.models import BankStatement, BankStatementLine, Checkout, MethodSetup, Refund
from billing.payments.policy.matching import Proposal
from billing.payments.queries.bank import Matched, Named, matched, named_by
from billing.payments.queries.online import online_methods
from billing.subscriptions.models import Trial
from contracts.templatetags.ui import chip
from exports.gateways.pdf import data_uri

register = template.Library()

REFUND_STATES = {
    "asked": (pgettext_lazy("refund", "to be made"), "wait", ""),
    "made": (pgettext_lazy("refund", "made"), "good", ""),
    "failed": (pgettext_lazy("refund", "came back"), "wrong", ""),
    "dropped": (pgettext_lazy("refund", "not made"), "", "ban"),
}

LINE_STATES = {
    "waiting": (gettext_lazy("to be matched"), "wait", ""),
    "applied": (gettext_lazy("applied"), "good", ""),
    "set_aside": (gettext_lazy("set aside"), "", "ban"),
}

ATTEMPT_STATES = {
    "open": (pgettext_lazy("online payment", "begun"), "wait", ""),
    "processing": (pgettext_lazy("online payment", "on its way"), "wait", ""),
    "paid": (pgettext_lazy("online payment", "paid"), "good", ""),
    "saved": (pgettext_lazy("online payment", "method saved"), "good", ""),
    "failed": (pgettext_lazy("online payment", "refused"), "wrong", ""),
    "expired": (pgettext_lazy("online payment", "left alone"), "", ""),
}

TRIAL_STATES = {
    "running": (pgettext_lazy("trial", "running"), "accent", ""),
    "ended": (pgettext_lazy("trial", "ended by the client"), "", ""),
    "activated": (pgettext_lazy("trial", "became the first term"), "good", ""),
}

REASONS = {
    "reference": (pgettext_lazy("match", "reference"), "good", ""),
    "amount": (pgettext_lazy("match", "amount"), "good", ""),
    "name": (pgettext_lazy("match", "name"), "accent", ""),
    "payer": (pgettext_lazy("match", "payer known"), "accent", ""),
}


@register.simple_tag
def reason_chip(reason: str) -> SafeString:
    """Return why a proposal was made as a chip."""
    return chip(*REASONS[reason])


@register.filter
def movement_words(movement: Movement) -> str:
    """Return what a movement of an account is, in words."""
    method, _sep, reference = movement.label.partition("|")
    details = {"number": movement.label, "method": method_name(method), "reference": reference}
    words = {
        "invoice": _("Invoice %(number)s"),
        "credit_note": _("Credit note %(number)s"),
        "payment": _("Payment by %(method)s %(reference)s"),
        "refused": _("Payment by %(method)s %(reference)s, refused by the bank"),
        "refund": _("Given back, of the payment by %(method)s %(reference)s"),
        "taken_back": _("Taken back by the payer’s bank, of the payment by %(method)s %(reference)s"),
        "refund_failed": _("Given back, and come back: payment by %(method)s %(reference)s"),
        "claim": _("Claim for late interest %(number)s"),
        "claim_credit": _("Claim for late interest %(number)s, corrected"),
        "written_off": _("Balance closed: %(number)s"),
        "write_off_undone": _("Balance open again: %(number)s"),
    }
    return (words[movement.kind] % details).strip()


@register.filter
def payout_value(line: BankStatementLine) -> str:
    """Return the value of the choice that a line is the payment provider's payout."""
    return f"payout:{line.pk}"


@register.filter
def choice_value(proposal: Proposal) -> str:
    """Return how a form names a proposal."""
    return f"{proposal.candidate.kind}:{proposal.candidate.key}"


@register.simple_tag(takes_context=True)
def named_before(context: Any, line: BankStatementLine) -> Named | None:
    """Return what was typed by hand for a line and asks to be confirmed, None where nothing was."""
    number = context["request"].GET.get(f"number-{line.pk}", "")
    return named_by(number, line) if number else None


@register.filter
def left_of(line: BankStatementLine, proposal: Proposal) -> int:
    """Return what of a line is more than what it is proposed for, and stays as the client's credit."""
    pays = proposal.candidate.kind in {"invoice", "claim"}
    found = proposal.candidate
    return max(0, line.amount_cents - found.cents - found.beside_cents) if pays else 0


@register.filter
def proposal_words(proposal: Proposal) -> str:
    """Return what a proposal is, in words."""
    details = {"number": proposal.candidate.number, "name": proposal.candidate.name}
    words = {
        "invoice": _("Invoice %(number)s · %(name)s"),
        "claim": _("Claim for late interest %(number)s · %(name)s"),
        "payment": _("Payment in hand for %(number)s · %(name)s"),
        "written": _("Written down by hand already: %(number)s · %(name)s"),
        "slip": _("Slip %(number)s"),
        "refund": _("Money given back to %(name)s"),
        "bounce": _("Taken back by the bank: payment %(number)s · %(name)s"),
    }
    return words[proposal.candidate.kind] % details


@register.filter
def minus(cents: int) -> int:
    """Return an amount with its sign turned."""
    return -cents


@register.simple_tag
def refund_state(refund: Refund) -> SafeString:
    """Return the state of a refund as a chip."""
    return chip(*REFUND_STATES[refund.state])


@register.simple_tag
def attempt_state(attempt: Checkout | MethodSetup) -> SafeString:
    """Return the state of an attempt to pay online as a chip."""
    return chip(*ATTEMPT_STATES[attempt.state])


@register.simple_tag
def attempt_words(attempt: Checkout | MethodSetup) -> str:
    """Return how somebody tried to pay: on the provider's page, on a saved method, or by leaving one."""
    if isinstance(attempt, MethodSetup):
        return _("Payment method left for the trial")
    if attempt.method is not None:
        return _("Charged on the saved method: %(method)s") % {"method": method_name(attempt.method.kind)}
    return _("On the provider’s page")


@register.simple_tag
def trial_state(trial: Trial) -> SafeString:
    """Return the state of a trial as a chip."""
    return chip(*TRIAL_STATES[trial.state])


@register.simple_tag
def line_state(line: BankStatementLine) -> SafeString:
    """Return the state of a bank's line as a chip."""
    return chip(*LINE_STATES[line.state])


@register.inclusion_tag("billing/parts/portal/pay_online.html", takes_context=True)
def pay_online(context: Any, invoice: Any) -> dict[str, Any]:
    """Draw the button that leads to the provider's page, where an invoice can be paid there."""
    methods = online_methods(invoice) if is_configured() and invoice.balance_cents > 0 else ()
    on_its_way = bool(methods) and invoice.checkouts.filter(state="processing").exists()
    return {
        "invoice": invoice,
        "methods": methods,
        "without_fee": bool(methods) and bool(cheque_fees_left(invoice)) and not has_money(invoice),
        "on_its_way": on_its_way,
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("billing/parts/portal/pay_online.html", takes_context=True)
def pay_order(context: Any, order: Any) -> dict[str, Any]:
    """Draw the button of an order that waits to be paid online, or tried, and has no invoice yet."""
    waits = is_configured() and order.state == "waiting" and invoice_to_pay(order) is None
    return {
        "order": order,
        "methods": online_methods(order) if waits else (),
        "on_its_way": False,
        "trial_days": trial_offered(order),
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("billing/parts/sepa_qr.html")
def sepa_qr(bank: dict[str, str], cents: int, currency: str, reference: str) -> dict[str, Any]:
    """Draw the code a bank's app reads; nothing where the transfer isn't one in euros."""
    if currency != "EUR" or cents <= 0:
        return {"code": ""}
    drawing = sepa_qr_svg(
        cents=cents, holder=bank["holder"], iban=bank["iban"], bic=bank["bic"], reference=reference
    )
    return {"code": data_uri(drawing.encode(), "image/svg+xml")}


@register.simple_tag
def matches(statement: BankStatement, shown: Iterable[BankStatementLine]) -> list[Matched]:
    """Return the lines shown of a bank's file, each with what it may pay."""
    return matched(statement, shown)
