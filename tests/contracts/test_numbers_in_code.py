"""A number of a contract stands in its profile: all the code takes it from there.

What is written in code and equals a parameter of a profile, in its unit, is refused, unless it is on the list
below with the word that says why it is no parameter.
"""

import ast
from dataclasses import fields, is_dataclass
from functools import lru_cache
from pathlib import Path

import pytest
from django.conf import settings

from contracts.registry import load

SRC = Path(settings.BASE_DIR) / "src"
APART = {"migrations", "demo", "cases"}  # what was once, what is invented, what a clause's page works out
FIRST = {"default", "initial"}
UNITS = {"minutes", "hours", "days", "months", "cents"}

# Said by a clause or a law, the same in every offer: no profile has it.
SAID = {
    "billing/catalogue/policy/catalogue.py:MAJOR_NOTICE_DAYS": "MC-1s",
    "billing/catalogue/policy/catalogue.py:PHASEOUT_MONTHS": "MC-1s",
    "billing/catalogue/policy/shelves.py:ANSWER_DAYS": "LG-S10.1",
    "billing/fulfilment/policy/delivery.py:IMPOSSIBLE_REFUND_DAYS": "LG-S10.1",
    "billing/fulfilment/policy/delivery.py:LATEST_DAYS": "LG-S7c; code de la consommation, art. L216-1",
    "contracts/policy/profile_reader.py:_agree.hours": "LG-DBr: no offer may promise more",
    "dpa/policy/processors.py:OBJECTION_BUSINESS_DAYS": "LG-D8",
    "people/policy/protection.py:REVIEW_MONTHS": "LG-DCa",
}

# Our own pace or habit, promised to nobody: how soon a step is looked at, how long a draft is kept.
OURS = {
    "dpa/policy/rotation.py:REMIND_BEFORE",
    "dpa/policy/requests.py:REMIND_BEFORE",
    "dpa/policy/breaches.py:ALARM_AFTER",
    "dpa/policy/breaches.py:NOTICE_WITHIN",
    "dpa/policy/breaches.py:PEOPLE_WITHIN",
    "dpa/policy/breaches.py:REMINDER_AFTER",
    "billing/payments/policy/funds.py:PROVED_FUNDS_DAYS",
    "billing/payments/policy/line_identity.py:DAYS_APART",
    "billing/accounting/actions/write_entries.py:VALIDATED_WITHIN",
    "billing/accounting/views/revenue.py:SHOWN_MONTHS",
    "billing/api/models.py:LASTS",
    "billing/catalogue/actions/phase_out_product.py:NOTIFY_WITHIN",
    "billing/catalogue/policy/catalogue.py:TERM_MONTHS",
    "billing/catalogue/views/price_lists.py:NewPriceList.get",
    "billing/desk/queries/todo.py:DUE_WITHIN",
    "billing/desk/queries/todo.py:ENDS_WITHIN",
    "billing/desk/queries/todo_rows.py:CLAIMED_AFTER",
    "billing/invoicing/actions/finalize_invoice.py:SENT_WITHIN",
    "billing/invoicing/actions/transmit_document.py:ANSWERED_WITHIN",
    "billing/invoicing/policy/due.py:PAYMENT_DAYS",
    "billing/orders/actions/fill_cart.py:KEPT_FOR",
    "billing/payments/actions/refund_payment.py:MADE_WITHIN",
    "billing/payments/actions/revoke_method.py:FORGOTTEN_WITHIN",
    "billing/quotes/policy/validity.py:VALID_FOR",
    "billing/returns/policy/withdrawal.py:DECIDED_WITHIN",
    "billing/workflows/actions/charge_saved_method.py:CHARGED_WITHIN",
    "billing/workflows/actions/charge_saved_method.py:SUSPENDED_FOR",
    "classrooms/actions/confirm_import.py:SOON",
    "classrooms/policy/waiting.py:WEEK",
    "classrooms/queries/class_page.py:_to_do",
    "contracts/policy/evidence.py:WINDOW",
    "contracts/templatetags/ui.py:_days_ago.days",
    "dpa/actions/erase_tenant.py:WITHIN",
    "dpa/actions/request_erasure.py:REMIND_BEFORE",
    "exports/policy/keeping.py:BUILT_WITHIN",
    "exports/policy/keeping.py:LINK_DAYS",
    "tenants/actions/keep_after_end.py:WITHIN",
    "website/queries.py:A_WHILE",
}
ELSEWHERE = OURS | set(SAID)


@lru_cache(maxsize=1)
def promised():
    """Return (unit, number) of every parameter of every version of a profile, 0 and 1 left out."""
    found = set()

    def read(part):
        for each in fields(part):
            value = getattr(part, each.name)
            if is_dataclass(value):
                read(value)
            elif isinstance(value, int) and not isinstance(value, bool) and value > 1:
                found.add((unit_of(each.name), value))

    for versions in load().values():
        for version in versions:
            read(version)
    return frozenset((unit, number) for unit, number in found if unit in UNITS)


def whole(node):
    return node.value if isinstance(node, ast.Constant) and type(node.value) is int else None


def unit_of(name):
    return name.lower().rpartition("_")[2]


def name_of(node):
    """Return the last word of a name or an attribute, empty for anything else."""
    return getattr(node, "attr", getattr(node, "id", ""))


def defaults(node):
    """Yield (name, number) of a function's parameters."""
    takes = node.args
    given = [*zip(takes.args[::-1], takes.defaults[::-1], strict=False)]
    given += zip(takes.kwonlyargs, takes.kw_defaults, strict=True)
    yield from ((arg.arg, whole(value)) for arg, value in given)


def assigned(node):
    """Yield (name, number) of what an assignment says: a value, or the default of a field."""
    name = name_of(node.targets[0] if isinstance(node, ast.Assign) else node.target)
    yield name, whole(node.value)
    if isinstance(node.value, ast.Call):
        yield from ((name, whole(each.value)) for each in node.value.keywords if each.arg in FIRST)


def called(node):
    """Yield (name, number) of a call's arguments, and of what stands in for what a `min` reads."""
    yield from ((each.arg, whole(each.value)) for each in node.keywords if each.arg)
    for each in node.keywords:
        if each.arg == "default":
            yield from ((name_of(read), whole(each.value)) for read in ast.walk(node))


def beside(nodes):
    """Yield (name, number) of what is compared, or stands in when the other is nothing."""
    yield from ((name_of(one), whole(other)) for one in nodes for other in nodes)


def said(node):
    """Yield (name, number) of a piece of code."""
    match node:
        case ast.FunctionDef():
            yield from defaults(node)
        case ast.Assign() | ast.AnnAssign():
            yield from assigned(node)
        case ast.Call():
            yield from called(node)
        case ast.Compare():
            yield from beside([node.left, *node.comparators])
        case ast.BoolOp():
            yield from beside(node.values)
        case ast.IfExp():
            yield from beside([node.body, node.orelse])
        case ast.Dict():
            yield from ((key.value, whole(value)) for key, value in keyed(node))


def keyed(node):
    """Return the pairs of a dict whose key is a word."""
    pairs = zip(node.keys, node.values, strict=True)
    return [(key, value) for key, value in pairs if isinstance(getattr(key, "value", None), str)]


def written(node, inside=""):
    """Yield (where, unit, number) of what a module writes, each in the functions and classes it stands in."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        inside = f"{inside}.{node.name}".strip(".")
    is_span = isinstance(node, ast.Call) and name_of(node.func) == "timedelta"
    for name, number in said(node):
        yield (inside if is_span else f"{inside}.{name}".strip(".")), unit_of(name), number
    if not inside and isinstance(node, ast.Assign | ast.AnnAssign):
        inside = name_of(node.targets[0] if isinstance(node, ast.Assign) else node.target)
    for child in ast.iter_child_nodes(node):
        yield from written(child, inside)


def refused(text):
    """Return the names under which a module writes a number that a profile has."""
    return {name for name, unit, number in written(ast.parse(text)) if (unit, number) in promised()}


def test_no_number_of_a_contract_is_written_in_code():
    found = {
        f"{path.relative_to(SRC)}:{name}"
        for path in SRC.rglob("*.py")
        if not APART & set(path.relative_to(SRC).with_suffix("").parts)
        for name in refused(path.read_text(encoding="utf-8"))
    }
    assert found - ELSEWHERE == set(), "read it from the profile"
    assert ELSEWHERE - found == set(), "it is gone: take it off the list"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("FLAT_FEE_CENTS = 4000", "FLAT_FEE_CENTS"),
        ("WITHIN: timedelta = timedelta(hours=24)", "WITHIN"),
        ("WAIT = datetime.timedelta(days=30)", "WAIT"),
        ("def wait(*, business_days: int = 7): ...", "wait.business_days"),
        ("def fee(cheque_fee_cents=1800): ...", "fee.cheque_fee_cents"),
        ("def late(day):\n    return day + timedelta(days=15)", "late"),
        ("def late(day):\n    return f(business_days=8)", "late.business_days"),
        ("class Row(Model):\n    payment_days = IntegerField(default=30)", "Row.payment_days"),
        ("class Form:\n    paid_days = IntegerField(initial=30)", "Form.paid_days"),
        ("def clock(all):\n    return min((each.hours for each in all), default=24)", "clock.hours"),
        ("def kept(row):\n    return row.left_days or 730", "kept.left_days"),
        ("def kept(row):\n    return row.left_days if row else 730", "kept.left_days"),
        ("def is_late(days):\n    return days > 8", "is_late.days"),
        ("def start():\n    return {'payment_days': 30}", "start.payment_days"),
    ],
)
def test_a_number_that_a_profile_has_is_seen(text, name):
    assert refused(text) == {name}


@pytest.mark.parametrize("text", ["MOST = 30", "WAIT = timedelta(days=29)", "A_CENTS = 30", "B_DAYS = 0"])
def test_another_number_is_left_alone(text):
    assert refused(text) == set()


def test_the_profiles_give_what_is_looked_for():
    assert {("hours", 24), ("days", 8), ("days", 7), ("cents", 1800), ("cents", 4000)} <= promised()
