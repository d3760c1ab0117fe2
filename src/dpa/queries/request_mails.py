"""What messages about people's requests say, and to whom."""

from typing import Any
from uuid import UUID

from django.urls import reverse

from agenda.registry import Mail
from contracts.policy.clauses import keeps
from contracts.registry import operator_name
from dpa.models import DataRequest, Instruction, ReceivedRequest
from dpa.queries.breach_mails import administrators_of
from dpa.queries.breaches import customers_addresses, is_ours
from dpa.queries.mails import URLS, administrators, house_people
from isolation.context import inside
from people.models import Person
from tenants.models import Tenant
from tenants.queries import public_url, tenant_row, tenant_url

PUBLIC = "config.urls_public"


@keeps("LG-D10.1")
def to_controller(received: ReceivedRequest | None) -> Mail | None:
    """Return the forwarding of a request: to the administrators and, after one came back or where there are
    none, to the customer's address. As the operator.
    """
    if received is None or received.tenant_id is None or received.request_id is None:
        return None
    tenant = Tenant.objects.get(pk=received.tenant_id)
    to, language = administrators_of(tenant)
    if received.attempt > 1 or not to:
        to = sorted({*to, *customers_addresses(tenant.pk)})
    with inside(tenant):
        request = DataRequest.objects.filter(pk=received.request_id).first()
    if request is None or not to:
        return None
    context = {
        "tenant": tenant,
        "request": request,
        "received": received,
        "link": tenant_url(tenant, _page(request.pk)),
        "operator": operator_name(),
    }
    return Mail(to=to, context=context, language=language)


def alarm(received: ReceivedRequest | None) -> Mail | None:
    """Return the alarm that a request isn't forwarded. As the operator."""
    if received is None:
        return None
    link = public_url(reverse("dpa:received", args=[received.pk], urlconf=PUBLIC))
    return _to_the_house({"received": received, "link": link})


def to_staff(request: DataRequest | None) -> Mail | None:
    """Return what tells, or reminds, the administrators of a request that waits."""
    people = administrators()
    if request is None or not request.is_open or not people:
        return None
    tenant = tenant_row()
    context = {"tenant": tenant, "request": request, "link": tenant_url(tenant, _page(request.pk))}
    return Mail(to=[one.email for one in people if one.email], context=context, language=people[0].language)


def to_the_house(tenant_id: str, request_id: str) -> Mail | None:
    """Return the same for the operator's people, where the operator is the controller. As the operator."""
    tenant = Tenant.objects.get(pk=tenant_id)
    with inside(tenant):
        request = DataRequest.objects.open().filter(pk=request_id).first()
    if request is None:
        return None
    link = public_url(reverse("dpa:our_request", args=[tenant.pk, request.pk], urlconf=PUBLIC))
    return _to_the_house({"tenant": tenant, "request": request, "link": link})


def _to_the_house(context: dict[str, Any]) -> Mail | None:
    people = house_people()
    if not people:
        return None
    return Mail(to=[one.email for one in people if one.email], context=context, language=people[0].language)


def to_asker(request: DataRequest | None) -> Mail | None:
    """Return what is said to who asked, in their language; None without an address."""
    if request is None:
        return None
    person = Person.objects.filter(pk=request.person_id).first() if request.person_id else None
    address = (person.email if person else "") or request.contact
    if not address:
        return None
    tenant = tenant_row()
    ours = is_ours(tenant, request.received_at)
    context = {
        "tenant": tenant,
        "request": request,
        "controller": operator_name() if ours else tenant.name,
        "is_refused": request.state == DataRequest.State.REFUSED,
    }
    return Mail(to=[address], context=context, language=person.language if person else tenant.language)


def instruction_given(instruction: Instruction | None) -> Mail | None:
    """Return what tells the operator's people of an instruction. As the operator."""
    if instruction is None:
        return None
    link = public_url(reverse("dpa:instruction", args=[instruction.pk], urlconf=PUBLIC))
    tenant = Tenant.objects.get(pk=instruction.tenant_id)
    return _to_the_house({"instruction": instruction, "tenant": tenant, "link": link})


def instruction_settled(instruction: Instruction | None) -> Mail | None:
    """Return what tells a controller the outcome of its instruction. As the operator."""
    if instruction is None:
        return None
    tenant = Tenant.objects.get(pk=instruction.tenant_id)
    to, language = administrators_of(tenant)
    to = to or customers_addresses(tenant.pk)
    if not to:
        return None
    context = {"instruction": instruction, "tenant": tenant, "operator": operator_name()}
    return Mail(to=to, context=context, language=language)


def _page(request_id: UUID) -> str:
    return reverse("dpa:request", args=[request_id], urlconf=URLS)
