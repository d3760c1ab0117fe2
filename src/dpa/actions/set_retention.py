"""Set how long a category of data is kept, and what else the annex lists."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from audit.actions import log_action
from dpa.models import AnnexAddition, RetentionRule
from dpa.policy.retention import accepted
from isolation.context import current_tenant_id
from people.models import Person


@transaction.atomic
def set_retention(
    *, category: str, days: int | None, promised_days: int, by: Person, now: datetime
) -> RetentionRule | None:
    """Return the rule, or None when the category goes back to what was promised (`days` None).

    Raises LongerThanPromised.
    """
    before = RetentionRule.objects.select_for_update().filter(category=category).first()
    old = before.days if before else None
    if days == old:
        return before
    rule = None
    if days is None:
        RetentionRule.objects.filter(category=category).delete()
    else:
        kept = accepted(days=days, promised_days=promised_days)
        values = {"days": kept, "set_by": by.pk, "set_at": now}
        rule, _made = RetentionRule.objects.update_or_create(category=category, defaults=values)
    on = rule or before
    if on is not None:  # never: what changed was there, or is now
        facts = {"category": category, "from": old, "to": days}
        log_action("retention.set", by=by, on=on, at=now, facts=facts)
    return rule


@transaction.atomic
def add_to_annex(*, subject: str, fields: Collection[str], by: Person, now: datetime) -> AnnexAddition | None:
    """Return the addition to annex B for a kind of person, None when there is none any more."""
    wanted = sorted(fields)
    before = AnnexAddition.objects.select_for_update().filter(subject=subject).first()
    if (before.fields if before else []) == wanted:
        return before
    addition = None
    if wanted:
        values = {"fields": wanted, "added_by": by.pk, "added_at": now}
        addition, _made = AnnexAddition.objects.update_or_create(subject=subject, defaults=values)
    else:
        AnnexAddition.objects.filter(subject=subject).delete()
    changed = addition or before
    log_action(
        "annex.changed",
        by=by,
        on=changed.pk if changed else current_tenant_id(),
        at=now,
        facts={"subject": subject, "fields": wanted},
    )
    return addition
