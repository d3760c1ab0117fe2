"""Draw a client's account, or a slip of cheques, on paper."""

from typing import Any

from billing.money.gateways.seller import seller
from billing.payments.models import ChequeDeposit
from exports.gateways.pdf import render


def account_pdf(context: dict[str, Any]) -> bytes:
    """Return the PDF of a client's account as it stood on a day."""
    details = {key: context[key] for key in context if key not in {"form", "currencies"}}
    return render(
        "billing/payments/pdf/account.html",
        details | {"seller": seller()},
        language=context["customer"].language,
    )


def cheque_deposit_pdf(slip: ChequeDeposit) -> bytes:
    """Return the PDF of a slip: what the bank is given with the cheques."""
    cheques = list(slip.cheques.select_related("customer", "meant_for").order_by("received_on", "created_at"))
    context = {"slip": slip, "cheques": cheques, "cents": sum(cheque.amount_cents for cheque in cheques)}
    return render("billing/payments/pdf/slip.html", context | {"seller": seller()}, language="fr")
