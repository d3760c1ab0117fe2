"""Bring the shared schema, its grants and the template for new tenants up to date."""

from datetime import datetime

from django.conf import settings

from isolation.gateways.grants import apply_grants
from isolation.policy.names import SHARED_SCHEMA, TEMPLATE_SCHEMA
from isolation.router import migrating
from tenants.gateways.schema import migrate_schema, template_ddl, wanted_version
from tenants.models import SchemaTemplate
from tenants.registry import migrated_hooks


def prepare_schemas(*, now: datetime, verbosity: int = 0) -> str:
    """Return the version new tenants are made at: shared schema migrated, granted, and the template stored.

    Raises ToolFailed when pg_dump can't be run.
    """
    migrate_schema(SHARED_SCHEMA, verbosity=verbosity)
    migrate_schema(TEMPLATE_SCHEMA, verbosity=verbosity)
    apply_grants(app_role=settings.DATABASE_APP_ROLE)
    version = wanted_version()
    ddl = template_ddl()
    with migrating():
        SchemaTemplate.objects.update_or_create(version=version, defaults={"ddl": ddl, "created_at": now})
    for finish in migrated_hooks():
        finish(now)
    return version
