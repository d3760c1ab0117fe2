"""Keep that a person accepted the terms: which version, when, and the proof."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from audit.actions import log_action
from contracts.models import TermsVersion
from people.models import Acceptance, Person
from people.policy.acceptance import proof


@transaction.atomic
def accept_terms(
    *,
    person: Person,
    versions: Iterable[TermsVersion],
    now: datetime,
    ip: str | None,
    by: Person | None = None,
) -> list[Acceptance]:
    """Return the acceptances, one a version, kept once however often it is sent.

    `by` is the adult who accepts for a pupil, else the person.
    """
    kept = [
        Acceptance(
            person=person,
            terms_version=version.pk,
            accepted_at=now,
            ip=ip,
            proof=proof(person_id=person.pk, terms_id=version.pk, text=version.text, at=now),
        )
        for version in versions
    ]
    already = set(Acceptance.objects.filter(person=person).values_list("terms_version", flat=True))
    fresh = [row for row in kept if row.terms_version not in already]
    Acceptance.objects.bulk_create(fresh, ignore_conflicts=True)
    for row in fresh:
        facts = {"version": str(row.terms_version), "proof": row.proof}
        log_action("terms.accepted", by=by or person, on=person, at=now, facts=facts, about=[person.pk])
    return fresh
