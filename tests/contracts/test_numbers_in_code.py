"""A number of a contract stands in its profile: the rules and the actions take it from there.

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
LAYERS = {"policy", "actions"}
UNITS = {"minutes", "hours", "days", "months", "cents"}

# Said by a clause or a law, the same in every offer: no profile has it.
SAID = {
    "billing/catalogue/policy/catalogue.py:MAJOR_NOTICE_DAYS": "MC-1s",
    "billing/catalogue/policy/catalogue.py:PHASEOUT_MONTHS": "MC-1s",
    "billing/catalogue/policy/shelves.py:ANSWER_DAYS": "LG-S10.1",
    "billing/collections/policy/letters.py:BREACH_DAYS": "LG-S20.1",
    "billing/fulfilment/policy/delivery.py:IMPOSSIBLE_REFUND_DAYS": "LG-S10.1",
    "billing/fulfilment/policy/delivery.py:LATEST_DAYS": "LG-S7c; code de la consommation, art. L216-1",
    "billing/subscriptions/policy/termination.py:FORCE_MAJEURE_DAYS": "LG-S20.3m",
    "billing/subscriptions/policy/termination.py:SUSPENDED_DAYS": "LG-S20.3s",
    "billing/subscriptions/policy/renewal.py:NOTICE_DAYS": "LG-S14.2n; terms.notice_days is LG-S30's",
    "billing/subscriptions/policy/trial.py:REMINDER_DAYS": "LG-S14.3",
    "people/policy/protection.py:REVIEW_MONTHS": "LG-DCa",
    "tenants/policy/keeping.py:KEPT_DAYS": "LG-S21.2, where no contract says anything",
}

# Our own pace or habit, promised to nobody: how soon a step is looked at, how long a draft is kept.
OURS = {
    "billing/catalogue/actions/phase_out_product.py:TOLD_WITHIN",
    "billing/invoicing/actions/transmit_document.py:ANSWERED_WITHIN",
    "billing/invoicing/actions/finalize_invoice.py:SENT_WITHIN",
    "billing/orders/actions/fill_cart.py:KEPT_FOR",
    "billing/orders/policy/cart.py:DEFAULT_MONTHS",
    "billing/payments/actions/refund_payment.py:MADE_WITHIN",
    "billing/payments/actions/revoke_method.py:FORGOTTEN_WITHIN",
    "billing/quotes/actions/request_quote.py:TERM_MONTHS",
    "billing/quotes/actions/request_quote.py:VALID",
    "billing/quotes/actions/order_renewal.py:VALID_DAYS",
    "billing/quotes/actions/revise_quote.py:VALID_DAYS",
    "billing/workflows/actions/charge_saved_method.py:CHARGED_WITHIN",
    "classrooms/actions/confirm_import.py:SOON",
    "classrooms/policy/waiting.py:WEEK",
    "contracts/policy/evidence.py:WINDOW",
    "dpa/actions/erase_tenant.py:WITHIN",
    "dpa/actions/request_erasure.py:REMIND_BEFORE",
    "exports/policy/keeping.py:BUILT_WITHIN",
    "exports/policy/keeping.py:LINK_DAYS",
    "tenants/actions/keep_after_end.py:WITHIN",
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


def spans(node):
    """Yield (unit, number) of each `timedelta(days=30)` in a piece of code."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and ast.unparse(call.func).endswith("timedelta"):
            yield from ((each.arg, whole(each.value)) for each in call.keywords)


def unit_of(name):
    return name.lower().rpartition("_")[2]


def written(tree):
    """Yield (name, unit, number) of what a module writes: its constants, its spans, its defaults."""
    for node in tree.body:
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
            name = ast.unparse(node.targets[0] if isinstance(node, ast.Assign) else node.target)
            yield name, unit_of(name), whole(node.value)
            yield from ((name, *each) for each in spans(node.value))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            takes = node.args
            given = [*zip(takes.args[::-1], takes.defaults[::-1], strict=False)]
            given += zip(takes.kwonlyargs, takes.kw_defaults, strict=True)
            yield from ((f"{node.name}.{arg.arg}", unit_of(arg.arg), whole(value)) for arg, value in given)
            yield from ((node.name, *each) for each in spans(node))


def refused(text):
    """Return the names under which a module writes a number that a profile has."""
    return {name for name, unit, number in written(ast.parse(text)) if (unit, number) in promised()}


def test_no_number_of_a_contract_is_written_in_a_rule_or_an_action():
    found = {
        f"{path.relative_to(SRC)}:{name}"
        for path in SRC.rglob("*.py")
        if LAYERS & set(path.parts) and path.is_relative_to(SRC)
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
    ],
)
def test_a_number_that_a_profile_has_is_seen(text, name):
    assert refused(text) == {name}


@pytest.mark.parametrize("text", ["MOST = 30", "WAIT = timedelta(days=29)", "A_CENTS = 30", "B_DAYS = 0"])
def test_another_number_is_left_alone(text):
    assert refused(text) == set()


def test_the_profiles_give_what_is_looked_for():
    assert {("hours", 24), ("days", 8), ("days", 7), ("cents", 1800), ("cents", 4000)} <= promised()
