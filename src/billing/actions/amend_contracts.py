"""Change the contracts that run, as a signed amendment says; and take it back when the amendment is cancelled."""

from datetime import date, datetime

from audit.actions import write
from billing.models import Order, OrderLine, QuoteVersion
from billing.policy.amendment import still_true
from tenants.models import Contract


class ContractChanged(Exception):
    """Raised when a contract is no longer what the amendment found: it needs a new version."""


def check_contracts(version: QuoteVersion, *, today: date) -> None:
    """Lock the contracts an amendment changes; raise ContractChanged unless each still is as it was found."""
    lines = list(version.lines.filter(contract_id__isnull=False))
    found = {
        each.pk: each for each in Contract.objects.select_for_update().filter(pk__in=[x.contract_id for x in lines])
    }
    for line in lines:
        contract = found.get(line.contract_id) if line.contract_id else None
        before = (line.licences_after or 0) - line.quantity
        if contract is None or not still_true(
            licences_now=contract.licences, licences_before=before, ends_on=contract.ends_on, today=today
        ):
            raise ContractChanged(line.description)


def amend_contracts(*, order: Order, now: datetime) -> int:
    """Return how many contracts now hold the licences that were signed for. Clause: LG-S15"""
    lines = _amended(order)
    for line in lines:
        _put(line, line.licences_after or 0, "contract.amended", order, now)
    return len(lines)


def take_back_amendments(*, order: Order, now: datetime) -> int:
    """Return how many contracts lost again what a cancelled amendment had added."""
    lines = _amended(order)
    for line in lines:
        take_back_line(line=line, order=order, now=now)
    return len(lines)


def take_back_line(*, line: OrderLine, order: Order, now: datetime) -> None:
    """Take from a contract what one line had added to it."""
    _put(line, max(0, _locked(line).licences - line.quantity), "contract.amendment_cancelled", order, now)


def _amended(order: Order) -> list[OrderLine]:
    return list(order.lines.filter(licences_after__isnull=False, contract_id__isnull=False))


def _locked(line: OrderLine) -> Contract:
    assert line.contract_id is not None
    return Contract.objects.select_for_update().get(pk=line.contract_id)


def _put(line: OrderLine, licences: int, verb: str, order: Order, now: datetime) -> None:
    contract = _locked(line)
    before, contract.licences = contract.licences, licences
    contract.save(update_fields=["licences"])
    facts = {"order": order.number, "from": before, "to": licences}
    for about in (contract.pk, order.customer_id):
        write(verb, by=None, on=about, at=now, facts=facts)
