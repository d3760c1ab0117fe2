"""What messages about breaches say, and to whom."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import override

from agenda.registry import Filing, Mail
from classrooms.models import Guardian, Student
from contracts.context import speaking
from contracts.registry import operator_name
from dpa.models import BreachDelivery, BreachNotice, BreachResponse, DataBreach
from dpa.policy.breaches import authority_clock
from dpa.queries.breach_texts import Told
from dpa.queries.breaches import customers_addresses
from dpa.queries.mails import URLS, administrators, house_people
from isolation.context import inside
from people.models import Person
from tenants.models import Tenant
from tenants.queries import public_url, tenant_row, tenant_url

PUBLIC = "config.urls_public"


def told_in(notice: BreachNotice) -> Told:
    """Return what a notice says, for pages, mails and drafts."""
    return Told(notice.reference, notice.number, notice.told)


def to_controller(delivery: BreachDelivery | None) -> Mail | None:
    """Return one sending of a notice: to the administrators and, after one came back or where there are none,
    to the customer's address. As the operator.
    """
    if delivery is None:
        return None
    notice = delivery.notice
    tenant = Tenant.objects.get(pk=notice.tenant_id)
    to, language = administrators_of(tenant)
    if delivery.attempt > 1 or not to:
        to = sorted({*to, *customers_addresses(tenant.pk)})
    with override(language), speaking(tenant.words(tenant.today(notice.written_at))):
        told = told_in(notice)
        lines = {"people": told.people, "records": told.records}
    context = {
        "tenant": tenant,
        "notice": notice,
        "told": told,
        **lines,
        "link": tenant_url(tenant, _page(notice.breach_id)),
        "operator": operator_name(),
        "is_gone": tenant.state == Tenant.State.ERASED,
    }
    return Mail(to=to, context=context, language=language, filing=Filing(tenant.pk))


def administrators_of(tenant: Tenant) -> tuple[list[str], str]:
    """Return the addresses of a tenant's administrators, and their language. As the operator."""
    if tenant.state in {Tenant.State.ERASED, Tenant.State.OPENING}:
        return [], tenant.language
    with inside(tenant):
        people = administrators()
    return [one.email for one in people if one.email], people[0].language if people else tenant.language


def to_the_house(breach_id: UUID, *, tenant_id: str | None) -> Mail | None:
    """Return the alarm to the operator's people who deal with breaches. As the operator."""
    breach = DataBreach.objects.filter(pk=breach_id).first()
    people = house_people()
    if breach is None or not people:
        return None
    context = {
        "breach": breach,
        "tenant": Tenant.objects.filter(pk=tenant_id).first() if tenant_id else None,
        "due_at": authority_clock(known_at=breach.known_at).due_at,
        "link": public_url(reverse("dpa:breach_desk", args=[breach.pk], urlconf=PUBLIC)),
    }
    return Mail(to=[one.email for one in people if one.email], context=context, language=people[0].language)


def reminder(notice: BreachNotice | None) -> Mail | None:
    """Return the reminder to the administrators of the tenant we are in."""
    people = administrators()
    if notice is None or not people:
        return None
    tenant = tenant_row()
    context = {"tenant": tenant, "notice": notice, "link": tenant_url(tenant, _page(notice.breach_id))}
    return Mail(to=[one.email for one in people if one.email], context=context, language=people[0].language)


def to_person(response: BreachResponse | None, person_id: UUID, *, kind: str) -> Mail | None:
    """Return the message to somebody a breach is about, in their language; None without an address."""
    address, language = _address(person_id, kind)
    if response is None or response.is_drill or not address:
        return None
    text = response.people_texts.get(language) or next(iter(response.people_texts.values()), "")
    tenant = tenant_row()
    return Mail(to=[address], context={"tenant": tenant, "text": text}, language=language)


def _address(person_id: UUID, kind: str) -> tuple[str, str]:
    language = tenant_row().language
    if kind == "guardian":
        guardian = Guardian.objects.select_related("person").filter(pk=person_id).first()
        account: Any = guardian.person if guardian else None
        return guardian.email if guardian else "", account.language if account else language
    if kind == "student":
        student = Student._base_manager.filter(pk=person_id).first()
        person_id = student.person_id if student and student.person_id else person_id
    person = Person.objects.filter(pk=person_id).first()
    return (person.email or "", person.language) if person else ("", language)


def _page(breach_id: UUID) -> str:
    return reverse("dpa:breach", args=[breach_id], urlconf=URLS)
