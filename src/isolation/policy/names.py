"""Names of roles and schemas; roles are cluster-wide, so theirs carry the database."""

import re
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

TEMPLATE_SCHEMA = "zq_tenant_template_schema"
SHARED_SCHEMA = "public"


@dataclass(frozen=True, slots=True)
class Roles:
    """The roles of one database: who owns, who signs in, who sells, and the group all tenants belong to."""

    migrator: str
    app: str
    operator: str
    tenants: str
    tenant_prefix: str


def roles(database: str) -> Roles:
    """Return the names of a database's roles, each at most 63 bytes and safe to quote."""
    stem = f"preau_{sha256(database.encode()).hexdigest()[:8]}"
    return Roles(f"{stem}_migrator", f"{stem}_app", f"{stem}_operator", f"{stem}_tenants", f"{stem}_t_")


def tenant_role(database: str, tenant_id: UUID) -> str:
    """Return the role of a tenant; its last 32 characters are the tenant's uuid, which row policies read."""
    return f"{roles(database).tenant_prefix}{tenant_id.hex}"


def tenant_schema(tenant_id: UUID) -> str:
    """Return the schema of a tenant: made from its uuid, so a slug that is used again never meets old
    rows.
    """
    return f"t_{tenant_id.hex}"


def safe_identifier(name: str) -> str:
    """Return the name when it needs no escaping inside double quotes; raise ValueError otherwise."""
    if not re.fullmatch(r"[a-z_][a-z0-9_-]{0,62}", name):
        raise ValueError(f"not a plain identifier: {name!r}")
    return name
