"""What the tenant's contracts, and what its controller added, allow to be kept and shown."""

from collections.abc import Mapping
from datetime import date

from classrooms.policy.sharing import widest
from classrooms.registry import added_to_annex
from contracts.policy.annex_b import union
from tenants.models import Tenant


def allowed_fields(tenant: Tenant, on: date) -> Mapping[str, frozenset[str]]:
    """Return per data subject the fields of the tenant's annex B.

    Its profiles' union and the controller's additions.

    An addition counts as far as a profile lets the controller make it.
    """
    profiles = tenant.profiles(on)
    added = added_to_annex()
    additions = [
        {subject: fields & added.get(subject, frozenset()) for subject, fields in p.may_add.items()}
        for p in profiles
    ]
    together = union([*(p.fields for p in profiles), *additions])
    return {subject: together.get(subject, frozenset()) for subject in {"student", "guardian", *together}}


def guardians_see(tenant: Tenant, on: date) -> str:
    """Return what guardians see in this tenant: "nothing", "shared" or "all"."""
    added = bool(added_to_annex().get("guardian"))
    return widest(p.guardians_see_if_added if added else p.guardians_see for p in tenant.profiles(on))
