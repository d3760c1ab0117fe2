"""The roles that every place starts with; a customer's administrator may rename, copy and edit them."""

from dataclasses import dataclass

from people.policy.permissions import OPERATOR_KEYS, TENANT_KEYS

ALL = "all"
CIRCLE = "circle"


@dataclass(frozen=True, slots=True)
class ShippedRole:
    """A role as it is seeded. `dated`: a membership of it needs an end; `of_circles`.

    Only where households live.
    """

    key: str
    permissions: frozenset[str]
    scope: str
    dated: bool = False
    of_circles: bool = False


_TEACHING = frozenset(
    {
        "classes.read",
        "students.read",
        "record.read",
        "record.write",
        "results.read",
        "results.write",
        "exports.ask",
    }
)
_MONEY = frozenset({"quotes.write", "orders.write", "invoices.write", "payments.write", "customers.write"})

TENANT_ROLES = (
    ShippedRole("administrator", TENANT_KEYS - {"family.read", "household.write"}, ALL),
    ShippedRole("teacher", _TEACHING, CIRCLE),
    ShippedRole("professional", _TEACHING, CIRCLE),
    ShippedRole("guardian", frozenset({"family.read", "exports.ask"}), CIRCLE),
    ShippedRole(
        "parent", frozenset({"family.read", "household.write", "exports.ask"}), CIRCLE, of_circles=True
    ),
    ShippedRole("student", frozenset({"results.read"}), CIRCLE),
    ShippedRole("finance_contact", frozenset({"licences.read", "invoices.read"}), ALL),
    ShippedRole(
        "auditor", frozenset({"audit.read", "agenda.read", "promises.read", "privacy.read"}), ALL, dated=True
    ),
)
OPERATOR_ROLES = (
    ShippedRole("operator_administrator", OPERATOR_KEYS, ALL),
    ShippedRole("finance", _MONEY | {"console.home", "promises.read"}, ALL),
    ShippedRole("support", frozenset({"console.home", "customers.write", "promises.read"}), ALL),
    ShippedRole("dpo", frozenset({"console.home", "console.audit", "console.privacy", "promises.read"}), ALL),
)


def shipped(area: str, *, with_circles: bool = False) -> tuple[ShippedRole, ...]:
    """Return the roles an area starts with.

    A parent's role of running a household only where households live.
    """
    roles = {"tenant": TENANT_ROLES, "operator": OPERATOR_ROLES}[area]
    return tuple(role for role in roles if with_circles or not role.of_circles)


def everything(area: str) -> frozenset[str]:
    """Return the rights whoever runs a place holds: with them every role it starts with can be given."""
    key = {"tenant": "administrator", "operator": "operator_administrator"}[area]
    return next(role.permissions for role in shipped(area) if role.key == key)


def needs_an_end(role_key: str) -> bool:
    """Return whether a membership of a shipped role is only ever for a time."""
    return any(role.key == role_key and role.dated for role in (*TENANT_ROLES, *OPERATOR_ROLES))
