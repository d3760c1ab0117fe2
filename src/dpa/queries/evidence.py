"""What proves an erasure, found by the reference people wrote down."""

from dpa.models import ErasureEvidence
from tenants.models import Tenant


def evidence_called(reference: str) -> tuple[ErasureEvidence, Tenant] | None:
    """Return the evidence with a reference and whose it is, a destroyed tenant's too; None for none."""
    wanted = reference.strip().upper()
    rows = ErasureEvidence.objects.iterator(chunk_size=2000)
    found = next((row for row in rows if row.reference.upper() == wanted), None)
    tenant = Tenant.objects.filter(pk=found.tenant_id).first() if found else None
    return (found, tenant) if found and tenant else None
