"""Tell a client, in time, when a subscription renews, at which price and under which terms."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from agenda.actions import enqueue_message, open_obligation
from agenda.loop import wake_worker
from audit.actions import log_action
from audit.policy.actor import Actor
from billing.money.policy.days import AT_ONCE, OFFICE_OPENS, PARIS, day_starts_at, paris_day
from billing.subscriptions.actions.apply_told_renewal import apply_told_renewal
from billing.subscriptions.models import RenewalNotice, Subscription, Termination
from billing.subscriptions.policy.renewal import (
    Term,
    is_in_time,
    is_last_term,
    next_term,
    notice_leaves_on,
    told_by,
)
from billing.subscriptions.queries.renewals import method_at_renewal
from billing.subscriptions.queries.subscriptions import (
    access_until_of,
    options_at_renewal,
    options_told_for,
    price_at_renewal,
    profile_of,
    terms_at_renewal,
    told_for,
)
from contracts.policy.clauses import keeps


@transaction.atomic
@keeps("LG-S14.2n")
def announce_renewal(
    *, subscription_id: UUID, renews_on: date, now: datetime, today: date
) -> RenewalNotice | None:
    """Return the notice, its mail in the outbox; None when there is nothing to announce any more.

    A subscription that ended or was terminated isn't announced; a fixed term is told that it ends by itself
    and how to go on. As often as wanted: one notice per renewal day, and one more for each that came back.
    """
    subscription = Subscription.objects.select_for_update().get(pk=subscription_id)
    if not _goes_on(subscription, renews_on):
        return None
    notice, made = _notice(subscription, renews_on, now, today)
    if made:
        _leave_mail(notice, subscription, now)
    if _is_too_late(notice, subscription, today):
        _restate(notice, subscription)
    return notice


def _goes_on(subscription: Subscription, renews_on: date) -> bool:
    """Return whether there is something to announce.

    Nobody ended it, nor agreed to what follows already, nor was its product withdrawn.
    """
    if subscription.renewal_order_id is not None:
        return False
    if subscription.ended_on or Termination.objects.filter(subscription=subscription).exists():
        return False
    return not is_last_term(renews_on, access_until=access_until_of(subscription.product_id))


def _notice(
    subscription: Subscription, renews_on: date, now: datetime, today: date
) -> tuple[RenewalNotice, bool]:
    """Return the notice of a renewal, and whether it was written now."""
    returned = _returned(subscription, renews_on)
    told = _told(subscription, renews_on, now, today)
    key = _first_key(subscription, renews_on) + (f":{returned}" if returned else "")
    return RenewalNotice.objects.get_or_create(message_key=key, defaults=told)


def _first_key(subscription: Subscription, renews_on: date) -> str:
    return f"renewal-notice:{subscription.id}:{renews_on}"


def _told(subscription: Subscription, renews_on: date, now: datetime, today: date) -> dict[str, Any]:
    """Return what a notice written now tells of a renewal."""
    return {
        "subscription": subscription,
        "renews_on": renews_on,
        "quantity": subscription.next_quantity,
        "currency": subscription.term.currency,
        "unit_net_cents": price_at_renewal(subscription, renews_on=renews_on),
        "sent_on": today,
        "options": options_at_renewal(subscription, renews_on=renews_on),
        "terms_version": terms_at_renewal(subscription, renews_on=renews_on),
        "method": method_at_renewal(subscription),
        "created_at": now,
    }


@transaction.atomic
@keeps("LG-S14.2n", "LG-S15")
def announce_change(*, contract_id: UUID, now: datetime) -> list[RenewalNotice]:
    """Return the notices that take the place of those whose renewal is for something else by now.

    More or fewer of it, or paid in another way, at the price and under the terms that were told. The mail of
    each says so; one whose mail waits still is put right. None where nothing was announced, or what was told
    stands.
    """
    rows = Subscription.objects.select_for_update(of=("self",)).filter(contract=contract_id)
    subscription = rows.first()
    if subscription is None:
        return []
    notices = subscription.notices.filter(renews_on__gte=subscription.term.ends_on, bounced_on=None)
    last = {each.renews_on: each for each in notices.order_by("created_at")}
    changed = (
        _changed(subscription, each, now) for day, each in sorted(last.items()) if _goes_on(subscription, day)
    )
    return [each for each in changed if each is not None]


def _changed(subscription: Subscription, last: RenewalNotice, now: datetime) -> RenewalNotice | None:
    told = _told(subscription, last.renews_on, now, paris_day(now))
    if last.asks == RenewalNotice(**told).asks:
        return None
    prices = {str(row["product"]): row["unit_net_cents"] for row in last.options}
    for row in told["options"]:
        row["unit_net_cents"] = prices.get(str(row["product"]), row["unit_net_cents"])
    if not subscription.notices.told().filter(pk=last.pk).exists():
        last.restate(**{name: told[name] for name in ("quantity", "options", "method")})
        return last
    count = subscription.notices.filter(renews_on=last.renews_on).count()
    told |= {"unit_net_cents": last.unit_net_cents, "terms_version": last.terms_version}
    told["message_key"] = f"{_first_key(subscription, last.renews_on)}:change-{count}"
    notice = RenewalNotice.objects.create(**told)
    _leave_mail(notice, subscription, now)
    return notice


def _leave_mail(notice: RenewalNotice, subscription: Subscription, now: datetime) -> None:
    key = notice.message_key
    enqueue_message("billing/renewal_notice", ids={"notice": notice.id}, now=now, key=key)
    facts = {
        "renews_on": str(notice.renews_on),
        "unit_net_cents": notice.unit_net_cents,
        "currency": notice.currency,
    }
    log_action("subscription.renewal_announced", by=None, on=subscription, at=now, facts=facts)
    wake_worker()


def _is_too_late(notice: RenewalNotice, subscription: Subscription, today: date) -> bool:
    """Return whether its last day has passed and its mail did not leave: what renews anyway is told."""
    rules = profile_of(subscription.contract).renewal
    if is_in_time(notice.renews_on, told_on=today, renewal=rules):
        return False
    return not subscription.notices.told().filter(pk=notice.pk).exists()


@transaction.atomic
@keeps("LG-S14.2n")
def note_notice_bounce(*, notice: RenewalNotice, by: Actor, now: datetime) -> None:
    """Keep that the mail of a notice came back: it announced nothing, and the renewal is announced again.

    Told after its last day it changes nothing any more: the old price and the old terms renew. What renewed
    on its strength meanwhile is brought to them.
    """
    notice = RenewalNotice.objects.select_for_update().select_related("subscription").get(pk=notice.pk)
    if notice.bounced_on is not None:
        return
    notice.mark_bounced(on=paris_day(now))
    log_action(
        "subscription.notice_bounced",
        by=by,
        on=notice.subscription,
        at=now,
        facts={"renews_on": str(notice.renews_on)},
    )
    subscription = notice.subscription
    apply_told_renewal(subscription=subscription, by=by, now=now)
    term = subscription.term.as_policy
    if term.ends_on < notice.renews_on:
        term = next_term(term, activated_on=subscription.activated_on, months=subscription.term_months)
    if subscription.ended_on is None and term.ends_on == notice.renews_on:
        times = _returned(subscription, notice.renews_on)
        promise_notice(subscription, term, now=now, times=times)


def _returned(subscription: Subscription, renews_on: date) -> int:
    """Return how many notices of a renewal came back."""
    return subscription.notices.filter(renews_on=renews_on).exclude(bounced_on=None).count()


def promise_notice(subscription: Subscription, term: Term, *, now: datetime, times: int = 0) -> None:
    """Promise to announce the renewal at the end of a term on its last day at the latest, some days ahead; at
    once where that has passed. `times` is how often it was announced in vain.
    """
    rules = profile_of(subscription.contract).renewal
    is_fixed = subscription.renewal == Subscription.Renewal.FIXED
    last_day = told_by(term, renewal=rules, is_fixed=is_fixed)
    leaves_on = notice_leaves_on(term, renewal=rules, is_fixed=is_fixed)
    ahead = datetime.combine(leaves_on, OFFICE_OPENS, PARIS)
    run_at = max(ahead, now) if not times else now
    open_obligation(
        "LG-S14.2n",
        kind="renewal-notice",
        subject=subscription.id,
        now=now,
        run_at=run_at,
        due_at=max(day_starts_at(last_day + timedelta(days=1)), run_at + AT_ONCE),
        occurrence=f"{term.ends_on} {times}" if times else str(term.ends_on),
        tenant_id=subscription.contract.tenant_id,
    )


def _restate(notice: RenewalNotice, subscription: Subscription) -> None:
    """Let a notice whose last day has passed tell the price, the options and the terms that renew anyway.

    What a mail says is what binds.
    """
    told = told_for(subscription, subscription.term)
    options = options_told_for(subscription, subscription.term)
    notice.restate(
        unit_net_cents=told.unit_net_cents,
        terms_version=told.terms_version or None,
        options=[
            {"product": str(option.product_id), "quantity": option.renewed_quantity, "unit_net_cents": cents}
            for option, cents in options
        ],
    )
