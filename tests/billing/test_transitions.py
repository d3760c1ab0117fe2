"""Every state and every act of what has states: what the table allows is done, all else is refused."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from billing.fulfilment.policy.states import DELIVERY, RETURN
from billing.invoicing.policy.channels import TRANSMISSION
from billing.models import (
    BankStatementLine,
    Delivery,
    Order,
    Payment,
    QuoteVersion,
    Return,
    Transmission,
    UnavailableLine,
)
from billing.orders.policy.states import ORDER, UNAVAILABLE_LINE
from billing.payments.policy.states import BANK_STATEMENT_LINE, PAYMENT
from billing.quotes.policy.states import QUOTE_VERSION
from contracts.policy.transitions import WrongMove

TABLES = {
    QuoteVersion: QUOTE_VERSION,
    Order: ORDER,
    UnavailableLine: UNAVAILABLE_LINE,
    Transmission: TRANSMISSION,
    BankStatementLine: BANK_STATEMENT_LINE,
    Delivery: DELIVERY,
    Return: RETURN,
}

# What is allowed, once more and by hand: a state, and where each act leads from there. All else is refused.
QUOTE = {
    "draft": {"send": "sent", "revoke": "withdrawn"},
    "sent": {"sign": "signed", "expire": "expired", "revoke": "withdrawn", "supersede": "superseded"},
    "signed": {"supersede": "superseded"},
    "expired": {"supersede": "superseded"},
    "withdrawn": {"supersede": "superseded"},
    "superseded": {},
}
PLACED = {
    "waiting": {
        "ready": "funded",
        "cancel": "cancelled",
        "drop": "cancelled",
        "empty": "cancelled",
        "refuse": "cancelled",
    },
    "funded": {"unready": "waiting", "fulfil": "open", "empty": "cancelled", "refuse": "cancelled"},
    "open": {"refuse": "cancelled", "unopen": "waiting"},
    "cancelled": {},
}
ON_ITS_WAY = {
    "waiting": {"send": "sent"},
    "sent": {"receive": "received", "refuse": "refused", "pay": "paid"},
    "received": {"refuse": "refused", "pay": "paid"},
    "refused": {"send": "sent", "send_again": "sent"},
    "paid": {"unpay": "received"},
}
MONEY = {
    "received": {"credit": "credited", "bounce": "bounced"},
    "proved": {"credit": "credited", "bounce": "bounced"},
    "credited": {"bounce": "bounced"},
    "bounced": {},
}
PARCEL = {
    "planned": {"ship": "shipped", "cancel": "cancelled", "end": "cancelled"},
    "shipped": {"arrive": "delivered", "end": "cancelled"},
    "delivered": {},
    "cancelled": {},
}
COMING_BACK = {
    "open": {"receive": "received"},
    "received": {"complete": "received", "settle": "ended", "refuse": "refused"},
    "ended": {},
    "refused": {},
}
NOT_TO_BE_HAD = {
    "asked": {"agree": "agreed", "decline": "refunded", "refund": "refunded"},
    "agreed": {},
    "refunded": {"refund": "refunded"},
}
ON_A_STATEMENT = {
    "waiting": {"reconcile": "applied", "set_aside": "set_aside"},
    "applied": {"take_back": "waiting"},
    "set_aside": {},
}

PAIRS = [
    pytest.param(table, state, act, led.get(act), id=f"{name}-{state}-{act}")
    for name, table, allowed in (
        ("quote", QUOTE_VERSION, QUOTE),
        ("order", ORDER, PLACED),
        ("dispatch", TRANSMISSION, ON_ITS_WAY),
        ("payment", PAYMENT, MONEY),
        ("delivery", DELIVERY, PARCEL),
        ("return", RETURN, COMING_BACK),
        ("unavailable", UNAVAILABLE_LINE, NOT_TO_BE_HAD),
        ("bank_line", BANK_STATEMENT_LINE, ON_A_STATEMENT),
    )
    for state, led in allowed.items()
    for act in table.acts
]


@pytest.mark.parametrize(("table", "state", "act", "to"), PAIRS)
def test_each_act_in_each_state(table, state, act, to):
    assert table.allows(act, state) == (to is not None)
    if to is None:
        with pytest.raises(WrongMove):
            table.after(act, state)
    else:
        assert table.after(act, state) == to


@pytest.mark.parametrize("model", TABLES)
def test_a_table_knows_every_state_of_its_model(model):
    assert TABLES[model].states == set(model.State.values)


def test_an_act_there_is_not_is_a_mistake():
    with pytest.raises(KeyError):
        ORDER.after("forget", "waiting")


@pytest.mark.parametrize("state", sorted(PAYMENT.states))
def test_a_payments_days_say_its_state(state):
    days = {"received": {}, "proved": {"proof_on": 1}, "credited": {"credited_on": 1}}
    payment = Payment(**days.get(state, {"credited_on": 1, "bounced_on": 1}))
    assert payment.state == state


# States of our own that no table says: what another tells us, and steps of one row that nobody else moves.
ELSEWHERE = {
    "billing/desk/actions/erase_contact.py": "a mail that waits in the outbox, which the agenda keeps",
    "billing/desk/models.py": "a recipient of a sending: waiting, then what became of it",
    "billing/payments/models/online.py": "the provider's word, taken as it is",
    "billing/payments/models/saved.py": "the provider's word, taken as it is",
    "billing/subscriptions/actions/end_subscription.py": "a contract's state, which tenants keep",
    "billing/subscriptions/actions/undo_termination.py": "the same, taken back",
}


def written(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield what writes a state without asking a table: an assignment, a setattr, an update in SQL."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            asked = isinstance(node.value, ast.Call) and ast.unparse(node.value.func).endswith(".after")
            if not asked and any(
                isinstance(each, ast.Attribute) and each.attr == "state" for each in targets
            ):
                yield node
        elif isinstance(node, ast.Call):
            name = ast.unparse(node.func).rpartition(".")[2]
            words = {each.arg for each in node.keywords} | {
                each.value for each in node.args if isinstance(each, ast.Constant)
            }
            if name in {"update", "setattr", "update_or_create", "bulk_update"} and "state" in words:
                yield node


def test_no_state_of_billing_is_written_past_its_table():
    src = Path(settings.BASE_DIR) / "src"
    found = {
        str(path.relative_to(src))
        for path in (src / "billing").rglob("*.py")
        if "migrations" not in path.parts and any(written(ast.parse(path.read_text(encoding="utf-8"))))
    }
    assert found == set(ELSEWHERE)


@pytest.mark.parametrize(
    "source",
    [
        "order.state = Order.State.FULFILLED",
        "order.state: str = 'open'",
        "a.state = b = 'open'",
        "setattr(order, 'state', 'open')",
        "Order.objects.filter(pk=1).update(state='open')",
    ],
)
def test_a_write_past_the_table_is_found(source):
    assert list(written(ast.parse(source)))
    assert not list(written(ast.parse("order.state = ORDER.after('fulfil', order.state)")))
