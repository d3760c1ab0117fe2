"""What people promises for a time, and the messages it sends."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailConfirmation
from allauth.account.utils import user_pk_to_url_str

from agenda.models import Obligation
from agenda.registry import Kept, Mail, Outcome, keeper, message, recurs
from people.actions.invite import CLAUSE, KINDS, expire_invitation
from people.actions.review_access import CLAUSE as REVIEW
from people.actions.review_access import KIND as REVIEW_KIND
from people.actions.review_access import NOTICE, ask_for_review, review_due_at
from people.models import Invitation, Person
from people.queries import house_name, url_here, zone_here
from tenants.models import Tenant

Ids = Mapping[str, str]


@keeper(CLAUSE, kind=KINDS["tenant"], where="tenant")
def keep_invitation_expiry(obligation: Obligation, *, now: datetime) -> Outcome:
    """Note what became of an invitation when its time is over."""
    return Kept(state=expire_invitation(invitation_id=obligation.subject_id, now=now))


@keeper(CLAUSE, kind=KINDS["operator"], where="operator")
def keep_staff_invitation_expiry(obligation: Obligation, *, now: datetime) -> Outcome:
    """Note what became of an invitation to the operator's staff when its time is over."""
    return Kept(state=expire_invitation(invitation_id=obligation.subject_id, now=now))


@keeper(REVIEW, kind=REVIEW_KIND, where="tenant")
def keep_access_review(obligation: Obligation, *, now: datetime) -> Outcome:
    """Ask the administrators to look through who holds what."""
    asked = ask_for_review(tenant_id=obligation.subject_id, occurrence=obligation.occurrence, now=now)
    return Kept(asked=asked)


def _mail(person: Person | None, **context: Any) -> Mail | None:
    if person is None or not person.email or not person.is_active:
        return None
    return Mail([person.email], {"person": person, "house": house_name(), **context}, person.language)


def _person(ids: Ids) -> Person | None:
    return Person.objects.filter(pk=ids["person"]).first()


@message("people/invitation")
def invitation_message(ids: Ids) -> Mail | None:
    """Return the mail that invites, unless the invitation was answered, taken back or sent again since."""
    rows = Invitation.objects.unanswered().select_related("role", "invited_by")
    invitation = rows.filter(pk=ids["invitation"], nonce=ids["nonce"]).first()
    if invitation is None:
        return None
    context = {
        "invitation": invitation,
        "house": house_name(),
        "zone": zone_here(),
        "url": url_here("people:invited", token=invitation.token),
    }
    return Mail([invitation.email], context, invitation.language)


@message("people/password_reset")
def password_reset_message(ids: Ids) -> Mail | None:
    """Return the mail with a link to set a new password; the link is made when the mail is."""
    person = _person(ids)
    if person is None:
        return None
    key = {"uidb36": user_pk_to_url_str(person), "key": default_token_generator.make_token(person)}
    return _mail(person, url=url_here("account_reset_password_from_key", **key))


@message("people/confirm_address")
def confirm_address_message(ids: Ids) -> Mail | None:
    """Return the mail that asks whether an address is the person's own."""
    row = (
        EmailConfirmation.objects.select_related("email_address__user").filter(pk=ids["confirmation"]).first()
    )
    if row is None:
        return None
    person = row.email_address.user
    url = url_here("account_confirm_email", key=row.key)
    return Mail(
        [row.email_address.email], {"person": person, "house": house_name(), "url": url}, person.language
    )


@message("people/notice")
def notice_message(ids: Ids) -> Mail | None:
    """Return the mail that tells a person what changed about their sign-in."""
    return _mail(_person(ids), what=ids["what"], url=url_here("people:account"))


@message("people/administrator")
def administrator_message(ids: Ids) -> Mail | None:
    """Return the mail that tells who holds the keys that a new administrator was asked for, or is named.

    It goes to those too whose account that closes.
    """
    person = _person(ids)
    if person is None or not person.email:
        return None
    context = {"person": person, "house": house_name(), "stage": ids["stage"], "closed": not person.is_active}
    return Mail([person.email], context, person.language)


@message("people/review")
def review_message(ids: Ids) -> Mail | None:
    """Return the mail that asks an administrator to look through who holds what."""
    return _mail(_person(ids), url=url_here("people:review"))


@recurs(REVIEW, kind=REVIEW_KIND)
def next_review(obligation: Obligation, ran_at: datetime) -> datetime:
    """Return when the review after one that nobody makes is asked for."""
    tenant = Tenant.objects.get(pk=obligation.subject_id)
    return review_due_at(tenant, now=ran_at + NOTICE) - NOTICE
