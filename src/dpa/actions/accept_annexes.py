"""Accept the annexes of the agreement on data, in the name of the controller."""

from datetime import datetime

from django.db import transaction

from audit.actions import log_action
from contracts.policy.clauses import keeps
from dpa.actions.fill_annexes import locked_draft
from dpa.actions.print_annexes import annexes_pdf
from dpa.models import AnnexVersion
from dpa.policy.annexes import check_acceptance, digest
from dpa.queries.annexes import current_content, last_accepted
from people.models import Person
from tenants.models import Tenant


@transaction.atomic
@keeps("LG-D4")
def accept_annexes(*, tenant: Tenant, read: str, by: Person, now: datetime) -> AnnexVersion:
    """Return the version accepted: its number, its content and its papers stay as they are issued here.

    `read` is the digest of what was read. Raises Incomplete, ChangedSince, NothingNew.
    """
    locked_draft(now)
    content = current_content(tenant, now)
    before = last_accepted(tenant)
    check_acceptance(content, read=read, accepted=before.content if before else None)
    number = before.number + 1 if before else 1
    name = by.get_full_name() or by.username
    papers = {
        language: annexes_pdf(
            content, tenant=tenant, number=number, accepted=(name, now), now=now, language=language
        )
        for language in ("fr", "en")
    }
    version = AnnexVersion.objects.create(
        tenant_id=tenant.pk,
        number=number,
        content=content,
        digest=digest(content),
        paper_fr=papers["fr"],
        paper_en=papers["en"],
        accepted_by=by.pk,
        accepted_name=name,
        accepted_at=now,
    )
    facts = {"number": number, "digest": version.digest}
    log_action("annex.accepted", by=by, on=version, at=now, facts=facts)
    return version
