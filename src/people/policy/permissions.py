"""The fixed catalogue of rights: what a role can be made of, in a tenant and in the operator's house."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Permission:
    """A verb on a thing; `group` is the heading it stands under when a role is edited.

    `in_circle`: it can be about somebody's own classes, groups or children; any other is about the whole
    place.
    """

    key: str
    group: str
    in_circle: bool = False


TENANT_PERMISSIONS = (
    Permission("classes.read", "school", in_circle=True),
    Permission("classes.write", "school", in_circle=True),
    Permission("students.read", "school", in_circle=True),
    Permission("students.write", "school", in_circle=True),
    Permission("imports.write", "school"),
    Permission("record.read", "learning", in_circle=True),
    Permission("record.write", "learning", in_circle=True),
    Permission("results.read", "learning", in_circle=True),
    Permission("results.write", "learning", in_circle=True),
    Permission("exports.ask", "learning", in_circle=True),
    Permission("family.read", "learning", in_circle=True),
    Permission("household.write", "learning", in_circle=True),
    Permission("people.read", "people"),
    Permission("people.write", "people"),
    Permission("roles.write", "people"),
    Permission("invitations.write", "people"),
    Permission("sessions.revoke", "people"),
    Permission("licences.read", "account"),
    Permission("invoices.read", "account"),
    Permission("tenant.settings", "account"),
    Permission("privacy.read", "privacy"),
    Permission("privacy.write", "privacy"),
    Permission("erasures.write", "privacy"),
    Permission("audit.read", "evidence"),
    Permission("agenda.read", "evidence"),
    Permission("promises.read", "evidence"),
)
OPERATOR_PERMISSIONS = (
    Permission("console.home", "house"),
    Permission("console.people", "house"),
    Permission("console.audit", "house"),
    Permission("console.privacy", "house"),
    Permission("agenda.run", "house"),
    Permission("promises.read", "house"),
    Permission("customers.write", "customers"),
    Permission("tenants.write", "customers"),
    Permission("quotes.write", "money"),
    Permission("orders.write", "money"),
    Permission("invoices.write", "money"),
    Permission("payments.write", "money"),
)
TENANT_KEYS = frozenset(permission.key for permission in TENANT_PERMISSIONS)
OPERATOR_KEYS = frozenset(permission.key for permission in OPERATOR_PERMISSIONS)
IN_A_CIRCLE = frozenset(permission.key for permission in TENANT_PERMISSIONS if permission.in_circle)

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
VIEW_PERMISSIONS = TENANT_KEYS | OPERATOR_KEYS | {ANYONE, SIGNED_IN, CONTACT}


def catalogue(area: str) -> tuple[Permission, ...]:
    """Return the rights of an area ("tenant" or "operator"), in the order they are shown."""
    return {"tenant": TENANT_PERMISSIONS, "operator": OPERATOR_PERMISSIONS}[area]


def unknown(permissions: frozenset[str], *, area: str) -> frozenset[str]:
    """Return the rights that don't exist in an area."""
    return permissions - {permission.key for permission in catalogue(area)}


def beyond_a_circle(permissions: Iterable[str]) -> frozenset[str]:
    """Return the rights that make no sense in a circle: they are about the whole place, or about nothing."""
    return frozenset(permissions) - IN_A_CIRCLE
