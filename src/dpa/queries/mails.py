"""What the privacy centre's messages say, and to whom."""

from datetime import date
from typing import Any
from uuid import UUID

from django.core import signing
from django.urls import reverse

from agenda.registry import Mail
from audit.policy.published import KEYS, VERIFIER
from classrooms.models import Guardian, Student
from dpa.models import Erasure
from dpa.models.erasure import reference_of
from dpa.queries.subjects import with_last_links
from isolation.policy.guards import guards
from people.models import Membership, Person
from tenants.models import Tenant
from tenants.queries import asked_erasure_of, public_url, tenant_row, tenant_url

SALT = "dpa.undo"
URLS = "config.urls_tenant"


def erasure_requested(deletion: Erasure | None) -> Mail | None:
    """Return the confirmation of a deletion to the person who asked for it."""
    asker = _asker(deletion)
    if deletion is None or asker is None or not asker.email:
        return None
    tenant = tenant_row()
    own = asker.pk in deletion.subjects  # who has no page of deletions
    by_link = deletion.origin == Erasure.Origin.USER
    undo = (
        reverse("dpa:undo_by_link", args=[undo_token(deletion)], urlconf=URLS)
        if own or by_link
        else _page(deletion)
    )
    context = {**_context(tenant, deletion, asker), "own": own, "link": tenant_url(tenant, undo)}
    return Mail(to=[asker.email], context=context, language=asker.language)


def child_leaves(deletion: Erasure | None, guardian_id: str) -> Mail | None:
    """Return what a guardian is told of the deletion of children they look after; None once it was undone."""
    guardian = (
        Guardian.objects.select_related("person").filter(pk=guardian_id, person__is_active=True).first()
    )
    if deletion is None or guardian is None or guardian.person is None:
        return None
    rows = Student._base_manager.filter(pk__in=deletion.subjects, guardianships__guardian=guardian)
    children = sorted(rows.values_list("first_name", flat=True))
    if not children:
        return None
    tenant = tenant_row()
    goes_too = guardian.pk in with_last_links(deletion.subjects)
    context = {"tenant": tenant, "deletion": deletion, "children": ", ".join(children), "goes_too": goes_too}
    return Mail(
        to=[guardian.person.email or guardian.email], context=context, language=guardian.person.language
    )


def to_administrators(deletion: Erasure | None) -> Mail | None:
    """Return a message to all administrators about a deletion that needs their eye."""
    if deletion is None:
        return None
    tenant = tenant_row()
    people = administrators()
    if not people:
        return None
    context = {**_context(tenant, deletion, None), "link": tenant_url(tenant, _page(deletion))}
    return Mail(
        to=[person.email for person in people if person.email], context=context, language=people[0].language
    )


def to_the_house(*, tenant_id: UUID, deletion_id: UUID) -> Mail | None:
    """Return a message to the operator's people who watch over personal data: an erasure waits.

    As the operator.
    """
    held = Membership.objects.filter(role__permissions__contains=["console.audit"], ends_on=None).values(
        "person_id"
    )
    people = list(Person.objects.active().filter(pk__in=held).exclude(email=None))
    tenant = Tenant.objects.filter(pk=tenant_id).first()
    if not people or tenant is None:
        return None
    context = {"tenant": tenant, "reference": reference_of(deletion_id)}
    return Mail(
        to=[person.email for person in people if person.email], context=context, language=people[0].language
    )


def reopening_waits() -> Mail | None:
    """Return the question to all administrators whether an early deletion stands: all could go on."""
    tenant = tenant_row()
    asked = asked_erasure_of(tenant.pk)
    people = administrators()
    if asked is None or not people:
        return None
    link = tenant_url(tenant, reverse("dpa:after_end", urlconf=URLS))
    context = {"tenant": tenant, "gone_by": asked.due_at, "link": link}
    return Mail(
        to=[person.email for person in people if person.email], context=context, language=people[0].language
    )


def signed_heads(note: str | None, *, month: str) -> Mail | None:
    """Return the mail that brings the head of the trail to who decides on deletions, None where none is."""
    tenant = tenant_row()
    people = administrators()
    if note is None or not people:
        return None
    context = {
        "tenant": tenant,
        "month": date.fromisoformat(f"{month}-01"),
        "trail_url": tenant_url(tenant, reverse("audit:trail", urlconf=URLS)),
        "keys_url": public_url(KEYS),
        "verifier_url": public_url(VERIFIER),
    }
    return Mail(
        to=[person.email for person in people if person.email],
        context=context,
        language=people[0].language,
        attachments=[(f"head-{month}.txt", note.encode(), "text/plain")],
    )


def request_refused(deletion: Erasure | None) -> Mail | None:
    """Return the refusal, with its reason, to the person who wished to be deleted."""
    asker = _asker(deletion)
    if deletion is None or asker is None or not asker.email:
        return None
    tenant = tenant_row()
    context = {
        **_context(tenant, deletion, asker),
        "link": tenant_url(tenant, reverse("dpa:my_data", urlconf=URLS)),
    }
    return Mail(to=[asker.email], context=context, language=asker.language)


def administrators() -> list[Person]:
    """Return the active administrators of the tenant we are in."""
    held = Membership.objects.filter(role__permissions__contains=["erasures.write"], ends_on=None).values(
        "person_id"
    )
    return list(Person.objects.active().filter(pk__in=held).exclude(email=None))


def house_people() -> list[Person]:
    """Return the operator's people who watch over personal data. As the operator."""
    held = Membership.objects.filter(role__permissions__contains=["console.privacy"], ends_on=None)
    return list(Person.objects.active().filter(pk__in=held.values("person_id")).exclude(email=None))


def drill_waits(month: str) -> Mail | None:
    """Return what tells the operator's people that a month's restore drill is to be done. As the operator."""
    people = house_people()
    if not people:
        return None
    link = public_url(reverse("dpa:backups", urlconf="config.urls_public"))
    context = {"month": date.fromisoformat(f"{month}-01"), "link": link}
    return Mail(to=[one.email for one in people if one.email], context=context, language=people[0].language)


def undo_token(deletion: Erasure) -> str:
    """Return the signed word by which a person whose account is closed takes their deletion back."""
    return signing.dumps(str(deletion.pk), salt=SALT)


@guards("token")
def erasure_of_token(token: str) -> Erasure | None:
    """Return the deletion a signed word is for, None when it is forged."""
    try:
        return Erasure.objects.filter(pk=UUID(signing.loads(token, salt=SALT))).first()
    except (signing.BadSignature, ValueError):
        return None


def names_in(deletion: Erasure) -> list[str]:
    """Return the names of those whose data is to go, while they are still known."""
    students = list(Student._base_manager.filter(pk__in=deletion.subjects))
    accounts = {student.person_id for student in students}
    people = [
        person for person in Person.objects.filter(pk__in=deletion.subjects) if person.pk not in accounts
    ]
    known = {person.pk for person in people}
    guardians = Guardian.objects.filter(pk__in=deletion.subjects)
    names = [str(student) for student in students] + [person.name for person in people]
    return sorted(names + [one.email for one in guardians if one.person_id not in known])


def _asker(deletion: Erasure | None) -> Person | None:
    return (
        Person.objects.filter(pk=deletion.requested_by).first()
        if deletion and deletion.requested_by
        else None
    )


def _page(deletion: Erasure) -> str:
    return reverse("dpa:erasure", args=[deletion.pk], urlconf=URLS)


def _context(tenant: Tenant, deletion: Erasure, person: Person | None) -> dict[str, Any]:
    names = ", ".join(names_in(deletion))
    return {"tenant": tenant, "deletion": deletion, "person": person, "names": names}
