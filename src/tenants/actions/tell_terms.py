"""Tell a customer that the terms of a contract that runs change; tell them again when the mail came back."""

from datetime import date, datetime

from django.db import transaction

from agenda.actions import enqueue_message
from agenda.loop import wake_worker
from audit.actions import log_action
from audit.policy.actor import Actor
from contracts.models import TermsVersion
from contracts.policy.clauses import keeps
from tenants.models import Contract, TermsNotice


@keeps("LG-S30")
def tell_terms(*, terms: TermsVersion, contract: Contract, now: datetime) -> TermsNotice:
    """Return the notice of new terms, its mail in the outbox: it counts from the day it leaves."""
    times = TermsNotice.objects.filter(contract=contract, terms=terms.pk).count()
    key = f"terms-change-{terms.pk}-{contract.pk}" + (f"-{times}" if times else "")
    notice = TermsNotice.objects.create(contract=contract, terms=terms.pk, message_key=key, created_at=now)
    ids = {"terms": terms.pk, "contract": contract.pk}
    enqueue_message("tenants/terms_change", ids=ids, now=now, key=key)
    return notice


@transaction.atomic
@keeps("LG-S30")
def note_terms_bounce(*, notice: TermsNotice, by: Actor, now: datetime, today: date) -> TermsNotice:
    """Return the notice that leaves now instead of one that came back: that one told nothing, binds nobody.

    As often as wanted: one that came back already is told again once.
    """
    held = TermsNotice.objects.select_for_update(of=("self",)).select_related("contract").get(pk=notice.pk)
    if held.bounced_on is not None:
        return held
    held.mark_bounced(on=today)
    terms = TermsVersion.objects.get(pk=held.terms)
    facts = {"kind": terms.kind, "version": terms.version}
    log_action("terms.notice_bounced", by=by, on=held.contract, at=now, facts=facts)
    again = tell_terms(terms=terms, contract=held.contract, now=now)
    wake_worker()
    return again
