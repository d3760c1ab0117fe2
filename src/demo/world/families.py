"""The families of both places are invited; some of them come."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from unittest.mock import patch

from django.contrib.auth.hashers import make_password

from classrooms.actions.add_child import add_child
from classrooms.actions.invite_guardians import invite_guardians
from classrooms.models import Guardian, Household
from contracts.models import TermsVersion
from demo.factories.families import circle_of, family_contact, household_of, join
from demo.factories.people import PASSWORD
from demo.world.cast import HEADS, TILLEULS
from demo.world.days import Days
from demo.world.school import person, tenant_of
from isolation.context import inside
from people.actions.accept_invitation import accept_invitation
from people.models import Invitation
from people.queries import terms_in_force_here

INVITED = {TILLEULS: {"students__enrolments__school_class__name": "CE1 Érable"}}  # at the others, everybody
FAMILY = "nadia@roussel.example"
JOINING = 5  # four in five of those invited come


def invite_the_families(days: Days) -> None:
    """Both heads invite guardians: at the school those of one class, at the nursery all."""
    ago = min(72, days.term_started - 1)
    for head in HEADS:
        tenant = tenant_of(head.where)
        with inside(tenant):
            asked = Guardian.objects.filter(**INVITED.get(tenant.slug, {})).distinct().order_by("email")
            invite_guardians(
                guardians=asked, tenant=tenant, by=person(head), now=days.at(ago), today=days.ago(ago)
            )


def let_families_join(days: Days) -> None:
    """Four guardians in five accept."""
    ago = min(70, days.term_started - 1)
    for head in HEADS:
        tenant = tenant_of(head.where)
        at = days.at(ago, hour=18, minute=20)
        with inside(tenant), hashed_once():
            documents = [languages[0] for languages in terms_in_force_here(tenant, now=at)]
            waiting = Invitation.objects.unanswered().filter(role__shipped="guardian").order_by("email")
            for number, invitation in enumerate(waiting):
                if number % JOINING:
                    _join(invitation, documents, at)


def let_a_family_buy(days: Days) -> None:
    """Let a mother buy for her two children: their household is one of many to come in a tenant of its own
    kind.
    """
    at = days.at(30)
    today = days.ago(30)
    circle = circle_of(household_of(family_contact("Roussel", FAMILY), count=2, now=at))
    with hashed_once():
        parent = join(circle.tenant, FAMILY, password=PASSWORD, now=at)
    with inside(circle.tenant):
        household = Household.objects.get(pk=circle.pk)
        for first_name, birth_on in (("Lina", date(2019, 5, 4)), ("Sami", date(2021, 9, 17))):
            fields = {"first_name": first_name, "last_name": "Roussel", "birth_on": birth_on}
            add_child(
                fields=fields, household=household, tenant=circle.tenant, by=parent, now=at, today=today
            )


@contextmanager
def hashed_once() -> Iterator[None]:
    """Make the slow hash of the passphrase, which is everybody's, only once."""
    known = make_password(PASSWORD)
    with patch("django.contrib.auth.base_user.make_password", return_value=known):
        yield


def _join(invitation: Invitation, documents: list[TermsVersion], at: datetime) -> None:
    accept_invitation(
        token=invitation.token,
        password=PASSWORD,
        now=at,
        required=documents,
        accepted=documents,
        ip="127.0.0.1",
    )
