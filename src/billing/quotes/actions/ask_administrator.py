"""Ask a client's signatory to confirm a new administrator, and do what they answer."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from agenda.actions import enqueue_message
from agenda.loop import wake_worker
from audit.actions import log_action
from billing.customers.models import Contact
from billing.quotes.models import AdministratorDemand
from billing.quotes.queries.signatories import contacts_of
from people.actions.name_administrator import drop_administrator, name_administrator, prepare_administrator
from people.models import Person
from tenants.models import Tenant

VALID_FOR = timedelta(days=14)


class NotWaiting(Exception):
    """Raised when a demand was answered, replaced or has expired; says which."""


@transaction.atomic
def ask_administrator(
    *,
    tenant: Tenant,
    signatory: Contact,
    email: str,
    document: str,
    close_former: bool,
    by: Person,
    now: datetime,
) -> AdministratorDemand:
    """Return the demand that waits for the signatory's own word; the client and its administrators are told.

    `document` says where the written demand is kept. Nothing changes until it is confirmed, within 14 days.
    Raises AlreadyHere when the address signs in there already.
    """
    invitation = prepare_administrator(tenant=tenant, email=email, document=document, by=by, now=now)
    demand = AdministratorDemand.objects.create(
        tenant_id=tenant.pk,
        invitation_id=invitation.pk,
        contact=signatory,
        document=document,
        close_former=close_former,
        asked_by=by.pk,
        created_at=now,
        expires_at=now + VALID_FOR,
    )
    facts = {"invitation": str(invitation.pk), "contact": str(signatory.pk), "close_former": close_former}
    told = {"document": document}
    log_action("tenant.administrator_asked_for", by=by, on=tenant, at=now, facts=facts, personal=told)
    _tell(demand, tenant, now, stage="asked")
    return demand


@transaction.atomic
def confirm_administrator(*, demand_id: UUID, by: Contact, now: datetime) -> AdministratorDemand:
    """Return the demand its signatory confirmed: the invitation leaves.

    Raises NotWaiting, InvitationClosed.
    """
    demand, tenant = _waiting(demand_id, now)
    closed = name_administrator(
        tenant=tenant,
        invitation_id=demand.invitation_id,
        close_former=demand.close_former,
        confirmed_by=by.pk,
        now=now,
    )
    demand.mark_confirmed(at=now)
    facts = {"invitation": str(demand.invitation_id), "contact": str(by.pk), "closed": closed}
    log_action("tenant.administrator_named", by=None, on=tenant, at=now, facts=facts)
    _tell(demand, tenant, now, stage="named")
    return demand


@transaction.atomic
def refuse_administrator(*, demand_id: UUID, by: Contact, now: datetime) -> AdministratorDemand:
    """Return the demand its signatory refused: nobody is invited. Raises NotWaiting."""
    demand, tenant = _waiting(demand_id, now)
    drop_administrator(tenant=tenant, invitation_id=demand.invitation_id, now=now)
    demand.mark_refused(at=now)
    log_action("tenant.administrator_refused", by=None, on=tenant, at=now, facts={"contact": str(by.pk)})
    _tell(demand, tenant, now, stage="refused")
    return demand


def _waiting(demand_id: UUID, now: datetime) -> tuple[AdministratorDemand, Tenant]:
    rows = AdministratorDemand.objects.select_for_update(of=("self",))
    demand = rows.get(pk=demand_id)
    state = demand.state(now)
    if state != "waiting":
        raise NotWaiting(state)
    return demand, Tenant.objects.get(pk=demand.tenant_id)


def _tell(demand: AdministratorDemand, tenant: Tenant, now: datetime, *, stage: str) -> None:
    """Tell all who speak for the client; the signatory is asked instead, while it waits."""
    for contact in contacts_of(tenant):
        ids = {"demand": demand.pk, "contact": contact.pk, "stage": stage}
        key = f"administrator:{stage}:{demand.pk}:{contact.pk}"
        enqueue_message("billing/administrator", ids=ids, now=now, key=key)
    wake_worker()
