"""The fixed catalogue of rights: what a role can be made of, in a tenant and in the operator's house."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Right:
    """A verb on a thing; `group` is the heading it stands under when a role is edited.

    `in_circle`: it can be about somebody's own classes, groups or children; any other is about the whole
    place.
    """

    key: str
    group: str
    in_circle: bool = False


TENANT_RIGHTS = (
    Right("classes.read", "school", in_circle=True),
    Right("classes.write", "school", in_circle=True),
    Right("students.read", "school", in_circle=True),
    Right("students.write", "school", in_circle=True),
    Right("imports.write", "school"),
    Right("record.read", "learning", in_circle=True),
    Right("record.write", "learning", in_circle=True),
    Right("results.read", "learning", in_circle=True),
    Right("results.write", "learning", in_circle=True),
    Right("exports.ask", "learning", in_circle=True),
    Right("family.read", "learning", in_circle=True),
    Right("household.write", "learning", in_circle=True),
    Right("people.read", "people"),
    Right("people.write", "people"),
    Right("roles.write", "people"),
    Right("invitations.write", "people"),
    Right("sessions.revoke", "people"),
    Right("licences.read", "account"),
    Right("invoices.read", "account"),
    Right("tenant.settings", "account"),
    Right("privacy.read", "privacy"),
    Right("privacy.write", "privacy"),
    Right("erasures.write", "privacy"),
    Right("audit.read", "evidence"),
    Right("agenda.read", "evidence"),
    Right("promises.read", "evidence"),
)
OPERATOR_RIGHTS = (
    Right("console.home", "house"),
    Right("console.people", "house"),
    Right("console.audit", "house"),
    Right("agenda.run", "house"),
    Right("promises.read", "house"),
    Right("customers.write", "customers"),
    Right("tenants.write", "customers"),
    Right("quotes.write", "money"),
    Right("orders.write", "money"),
    Right("invoices.write", "money"),
    Right("payments.write", "money"),
)
TENANT_KEYS = frozenset(right.key for right in TENANT_RIGHTS)
OPERATOR_KEYS = frozenset(right.key for right in OPERATOR_RIGHTS)
IN_A_CIRCLE = frozenset(right.key for right in TENANT_RIGHTS if right.in_circle)

# Who holds the first may give the second: a parent's pages show less than the record they are drawn from.
# A parent who runs a household opens its children's accounts, which read their own results.
COVERS = {"record.read": frozenset({"family.read"}), "household.write": frozenset({"results.read"})}

# Whoever holds this right, everywhere and without an end date, keeps the keys of the place.
KEYS_OF = {"tenant": "roles.write", "operator": "console.people"}
KEY_OF_A_CIRCLE = "household.write"  # and this one those of a household in a shared tenant

# What is said of a view instead of a right.
ANYONE = "anyone"
SIGNED_IN = "signed-in"
CONTACT = "contact"
RULINGS = TENANT_KEYS | OPERATOR_KEYS | {ANYONE, SIGNED_IN, CONTACT}


def catalogue(area: str) -> tuple[Right, ...]:
    """Return the rights of an area ("tenant" or "operator"), in the order they are shown."""
    return {"tenant": TENANT_RIGHTS, "operator": OPERATOR_RIGHTS}[area]


def unknown(rights: frozenset[str], *, area: str) -> frozenset[str]:
    """Return the rights that don't exist in an area."""
    return rights - {right.key for right in catalogue(area)}


def beyond_a_circle(rights: Iterable[str]) -> frozenset[str]:
    """Return the rights that make no sense in a circle: they are about the whole place, or about nothing."""
    return frozenset(rights) - IN_A_CIRCLE
