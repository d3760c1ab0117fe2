"""The roles that every place starts with; a customer's administrator may rename, copy and edit them."""

from dataclasses import dataclass

from people.policy.rights import OPERATOR_KEYS, TENANT_KEYS

ALL, CIRCLE = "all", "circle"


@dataclass(frozen=True, slots=True)
class ShippedRole:
    """A role as it is seeded. `dated`: a membership of it needs an end."""

    key: str
    rights: frozenset[str]
    reach: str
    dated: bool = False


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
    ShippedRole("administrator", TENANT_KEYS - {"family.read"}, ALL),
    ShippedRole("teacher", _TEACHING, CIRCLE),
    ShippedRole("professional", _TEACHING, CIRCLE),
    ShippedRole("guardian", frozenset({"family.read", "exports.ask"}), CIRCLE),
    ShippedRole("student", frozenset({"results.read"}), CIRCLE),
    ShippedRole("finance_contact", frozenset({"licences.read", "invoices.read"}), ALL),
    ShippedRole("auditor", frozenset({"audit.read", "agenda.read", "promises.read", "privacy.read"}), ALL, dated=True),
)
OPERATOR_ROLES = (
    ShippedRole("operator_administrator", OPERATOR_KEYS, ALL),
    ShippedRole("finance", _MONEY | {"console.home", "promises.read"}, ALL),
    ShippedRole("support", frozenset({"console.home", "customers.write", "promises.read"}), ALL),
    ShippedRole("dpo", frozenset({"console.home", "console.audit", "promises.read"}), ALL),
)


def shipped(area: str) -> tuple[ShippedRole, ...]:
    """Return the roles an area starts with."""
    return {"tenant": TENANT_ROLES, "operator": OPERATOR_ROLES}[area]


def needs_an_end(role_key: str) -> bool:
    """Return whether a membership of a shipped role is only ever for a time."""
    return any(role.key == role_key and role.dated for role in (*TENANT_ROLES, *OPERATOR_ROLES))
