"""The fixed catalogue of rights: what a role can be made of, in a tenant and in the operator's house."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Right:
    """A verb on a thing; `group` is the heading it stands under when a role is edited."""

    key: str
    group: str


TENANT_RIGHTS = (
    Right("classes.read", "school"),
    Right("classes.write", "school"),
    Right("students.read", "school"),
    Right("students.write", "school"),
    Right("imports.write", "school"),
    Right("record.read", "learning"),
    Right("record.write", "learning"),
    Right("results.read", "learning"),
    Right("results.write", "learning"),
    Right("exports.ask", "learning"),
    Right("family.read", "learning"),
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

# Who holds the first may give the second: a parent's pages show less than the record they are drawn from.
COVERS = {"record.read": frozenset({"family.read"})}

# Whoever holds this right, everywhere and without an end date, keeps the keys of the place.
KEYS_OF = {"tenant": "roles.write", "operator": "console.people"}

# What is said of a view instead of a right.
ANYONE, SIGNED_IN, CONTACT = "anyone", "signed-in", "contact"
RULINGS = TENANT_KEYS | OPERATOR_KEYS | {ANYONE, SIGNED_IN, CONTACT}


def catalogue(area: str) -> tuple[Right, ...]:
    """Return the rights of an area ("tenant" or "operator"), in the order they are shown."""
    return {"tenant": TENANT_RIGHTS, "operator": OPERATOR_RIGHTS}[area]


def unknown(rights: frozenset[str], *, area: str) -> frozenset[str]:
    """Return the rights that don't exist in an area."""
    return rights - {right.key for right in catalogue(area)}
