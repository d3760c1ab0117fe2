"""What a controller does about a breach: see it, decide on the authority and on the people, tell them.

A tenant in its own schema, or the operator in the shared one where it is the controller (LG-D1).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from agenda.actions import enqueue_message, open_obligation
from agenda.loop import wake_worker
from audit.actions import log_action
from contracts.policy.clauses import keeps
from dpa.models import BreachResponse, DataBreach
from dpa.policy.breaches import PEOPLE_WITHIN, check_telling_people
from dpa.queries.breach_figures import Scope, recipients_here
from dpa.queries.breaches import keys_of_people, people_key, scope_of
from isolation.context import inside
from people.models import Person
from tenants.models import Tenant

PEOPLE = ("QW-6", "people")


def note_seen(*, response: BreachResponse, by: Person, now: datetime) -> None:
    """Keep when the controller saw it first: they know from then on, if they didn't before."""
    found, made = BreachResponse.objects.get_or_create(
        breach_id=response.breach_id, defaults={"seen_at": now, "is_drill": response.is_drill}
    )
    if made or found.seen_at is None:
        found.seen_at = found.seen_at or now
        found.save(update_fields=["seen_at"])
        log_action("data_breach.seen", by=by, on=found, at=now, facts=_facts(found))


@transaction.atomic
@keeps("LG-D10.2", "LG-D1")
def decide_on_authority(
    *, response: BreachResponse, notifies: bool, reason: str, by: Person, now: datetime
) -> BreachResponse:
    """Return the response with the decision to notify the authority or not, and why (GDPR 33-1, 33-5)."""
    row = _locked(response)
    row.authority = BreachResponse.Decision.YES if notifies else BreachResponse.Decision.NO
    row.authority_reason = reason
    row.authority_decided_at = now
    row.decided_by = by.pk
    row.save()
    log_action(
        "data_breach.authority_decided", by=by, on=row, at=now, facts={**_facts(row), "notifies": notifies}
    )
    return row


@transaction.atomic
@keeps("LG-D10.2", "LG-D1")
def mark_authority_notified(
    *, response: BreachResponse, at: datetime, receipt: str, by: Person, now: datetime
) -> BreachResponse:
    """Return the response with the moment the authority was notified, and its receipt."""
    row = _locked(response)
    row.authority = BreachResponse.Decision.YES
    row.notified_at = at
    row.receipt = receipt
    row.save()
    log_action("data_breach.authority_notified", by=by, on=row, at=now, facts=_facts(row))
    return row


@transaction.atomic
def save_authority_draft(
    *, response: BreachResponse, language: str, texts: Mapping[str, str], by: Person, now: datetime
) -> BreachResponse:
    """Return the response with the draft for the authority in a language, by heading."""
    row = _locked(response)
    row.authority_texts = {**row.authority_texts, language: dict(texts)}
    row.save(update_fields=["authority_texts"])
    facts = {**_facts(row), "language": language}
    log_action("data_breach.authority_drafted", by=by, on=row, at=now, facts=facts)
    return row


@transaction.atomic
@keeps("QW-6")
def decide_on_people(
    *,
    response: BreachResponse,
    tells: bool,
    reason: str,
    texts: Mapping[str, str],
    by: Person,
    now: datetime,
) -> BreachResponse:
    """Return the response with the decision to tell the people or not, why, and in which words (GDPR 34)."""
    row = _locked(response)
    if row.people_sent_at is None:
        row.people = BreachResponse.Decision.YES if tells else BreachResponse.Decision.NO
        row.people_texts = dict(texts)
        row.people_reason = reason
        row.people_decided_at = now
        row.save()
        facts = {**_facts(row), "tells": tells}
        log_action("data_breach.people_decided", by=by, on=row, at=now, facts=facts)
    return row


@transaction.atomic
@keeps("QW-6", "LG-D10.2")
def tell_people(
    *, response: BreachResponse, scope: Scope, counted: Mapping[str, int], by: Person | None, now: datetime
) -> int:
    """Return to how many people a message leaves, inside a tenant, that weren't written to before.

    Raises OnlyADrill, NotDecided, NothingToSay. A child is told through who looks after it.
    """
    row = _locked(response)
    decided = row.people == BreachResponse.Decision.YES
    check_telling_people(is_decided=decided, is_drill=row.is_drill, texts=row.people_texts)
    written = keys_of_people(row.breach_id)
    told = {
        one: kind
        for one, kind in recipients_here(scope, counted).items()
        if f"{people_key(row.breach_id)}{one}" not in written
    }
    for person_id, kind in sorted(told.items(), key=lambda pair: pair[0].hex):
        ids = {"breach": row.breach_id, "person": person_id, "kind": kind}
        key = f"{people_key(row.breach_id)}{person_id}"
        enqueue_message("dpa/breach_people", ids=ids, now=now, key=key)
    row.people_sent_at = row.people_sent_at or now
    row.save(update_fields=["people_sent_at"])
    facts = {**_facts(row), "count": len(told)}
    log_action("data_breach.people_told", by=by, on=row, at=now, facts=facts)
    open_obligation(
        PEOPLE[0], kind=PEOPLE[1], subject=row.pk, run_at=now, due_at=now + PEOPLE_WITHIN, now=now
    )
    wake_worker()
    return len(told)


@transaction.atomic
@keeps("LG-D1", "QW-6")
def tell_our_people(*, breach: DataBreach, response: BreachResponse, by: Person, now: datetime) -> int:
    """Return to how many people the operator writes as their controller, in all tenants it answers for.

    Raises OnlyADrill, NotDecided, NothingToSay. As the operator.
    """
    row = _locked(response)
    decided = row.people == BreachResponse.Decision.YES
    check_telling_people(is_decided=decided, is_drill=breach.is_drill, texts=row.people_texts)
    told = 0
    for one in breach.affected.filter(is_controller_ours=True):
        tenant = Tenant.objects.exclude(state=Tenant.State.ERASED).filter(pk=one.tenant_id).first()
        if tenant is None:
            continue
        with inside(tenant):
            told += _told_inside(breach, row, one.people, now)
    row.people_sent_at = row.people_sent_at or now
    row.save(update_fields=["people_sent_at"])
    facts = {**_facts(row), "count": told}
    log_action("data_breach.people_told", by=by, on=row, at=now, facts=facts)
    return told


def _told_inside(breach: DataBreach, ours: BreachResponse, people: dict[str, int], now: datetime) -> int:
    values = {"people": ours.people, "people_texts": ours.people_texts, "people_decided_at": now}
    theirs, _made = BreachResponse.objects.update_or_create(breach_id=breach.pk, defaults=values)
    return tell_people(response=theirs, scope=scope_of(breach, now), counted=people, by=None, now=now)


def _locked(response: BreachResponse) -> BreachResponse:
    """Return the row of a response, made where there is none yet, ours until we commit."""
    BreachResponse.objects.get_or_create(
        breach_id=response.breach_id, defaults={"is_drill": response.is_drill}
    )
    return BreachResponse.objects.select_for_update().get(breach_id=response.breach_id)


def _facts(row: BreachResponse) -> dict[str, Any]:
    return {"breach": _reference(row.breach_id), "drill": row.is_drill}


def _reference(breach_id: UUID) -> str:
    return breach_id.hex[:8].upper()
