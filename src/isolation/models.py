"""The three scopes a model can have: the shared schema, each tenant's schema, or both."""

from uuid import uuid4

from django.db import models


class UuidModel(models.Model):
    """A row named by a random uuid: an integer key would be another row in the next tenant."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)

    class Meta:
        abstract = True


class SharedModel(UuidModel):
    """A row of the shared schema, read and written as the operator unless it is granted by name."""

    schema_scope = "shared"

    class Meta:
        abstract = True


class TenantModel(UuidModel):
    """A row that lies in one tenant's schema, out of every other tenant's reach."""

    schema_scope = "tenant"

    class Meta:
        abstract = True


class SharedAndTenantModel(UuidModel):
    """A row that lies in each tenant's schema and, for the operator's own, in the shared one."""

    schema_scope = "both"

    class Meta:
        abstract = True
