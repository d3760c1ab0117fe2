"""Publish a version of the terms at a person's word: audited, and the customers it concerns are told."""

from datetime import date, datetime

from django.db import transaction

from audit.actions import log_action
from audit.policy.actor import Actor
from contracts.actions.publish_terms import publish_terms
from contracts.models import TermsVersion
from contracts.policy.terms import PREVAILING, NoFrench, check_in_force, tells_running
from contracts.registry import profile as profile_of
from tenants.actions.tell_terms import tell_terms
from tenants.queries import concerned_by


@transaction.atomic
def publish_version(
    *,
    kind: str,
    profile: str,
    language: str,
    version: str,
    text: str,
    in_force_on: date,
    is_substantial: bool,
    by: Actor,
    now: datetime,
    today: date,
) -> tuple[TermsVersion, int]:
    """Return the version published today and how many customers are told of it by e-mail.

    Of a substantial one, all.

    Where terms change for new orders only (MC-0), running subscriptions keep theirs and nobody is told.

    A translation follows its French text: the same day, the same weight; nobody is told twice. Raises
    NoFrench, AlreadyPublished, TooSoon. As the operator.
    """
    promise = profile_of(profile, on=today).terms
    french = TermsVersion.objects.of(kind, profile, PREVAILING).filter(version=version).first()
    if language != PREVAILING:
        if french is None:
            raise NoFrench(version)
        in_force_on = max(french.in_force_on, today)
        is_substantial = french.is_substantial
    else:
        check_in_force(
            in_force_on,
            published_on=today,
            is_substantial=is_substantial,
            change=promise.change,
            notice_days=promise.notice_days,
        )
    terms = publish_terms(
        kind=kind,
        profile=profile,
        language=language,
        version=version,
        text=text,
        published_on=today,
        in_force_on=in_force_on,
        is_substantial=is_substantial,
    )
    concerns = tells_running(promise.change, is_substantial=is_substantial)
    told = _tell(terms, today, now) if concerns and language == PREVAILING else 0
    what = {"kind": kind, "profile": profile, "language": language, "version": version}
    weight = {"told": told, "in_force_on": in_force_on.isoformat(), "is_substantial": is_substantial}
    facts: dict[str, object] = what | weight
    log_action("terms.published", by=by, on=terms, at=now, facts=facts)
    return terms, told


def _tell(terms: TermsVersion, today: date, now: datetime) -> int:
    contracts = concerned_by(terms.profile, on=today)
    for contract in contracts:
        tell_terms(terms=terms, contract=contract, now=now)
    return len({contract.customer_id for contract in contracts})
