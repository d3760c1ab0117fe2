"""Write entries, each once; their number comes with their validation."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from agenda.actions import open_obligation
from agenda.models import Obligation
from billing.accounting.gateways.chart import chart
from billing.accounting.models import JournalEntry, JournalLine
from billing.accounting.policy.entries import WITH_CUSTOMER, Draft
from billing.accounting.queries.ledger import written_events
from billing.money.policy.days import paris_day, within_day

VALIDATION = "LPF-A47A"  # article of the French book of tax procedures: the file of validated entries

VALIDATED_WITHIN = timedelta(hours=24)


def write_entries(
    drafts: Iterable[Draft],
    *,
    source: str,
    source_id: UUID,
    customer_id: UUID | None,
    currency: str,
    now: datetime,
    about_id: UUID | None = None,
) -> list[JournalEntry]:
    """Return the entries that weren't written yet, written; they are validated soon after."""
    wanted = list(drafts)
    known = written_events(source_id) if wanted else set()
    made = [
        _write(
            JournalEntry(
                id=uuid4(),
                journal=draft.journal,
                fiscal_year=chart().fiscal_year(draft.on),
                on=draft.on,
                source=source,
                source_id=source_id,
                event=draft.event,
                about_id=about_id,
                reference=draft.reference[:60],
                label=draft.label[:200],
                currency=currency,
                created_at=now,
            ),
            draft,
            customer_id,
        )
        for draft in wanted
        if draft.event not in known
    ]
    for day in {each.on for each in made if each.on > paris_day(now)}:
        _promise_on(day, now)
    if made:
        _promise_validation(made[0].id, now)
    return made


def _write(entry: JournalEntry, draft: Draft, customer_id: UUID | None) -> JournalEntry:
    """Return the entry, kept: its lines come first, it seals them."""
    accounts = chart().accounts
    JournalLine.objects.bulk_create(
        JournalLine(
            entry_id=entry.id,
            position=position,
            role=each.role,
            account=accounts[each.role].number,
            customer_id=customer_id if each.role in WITH_CUSTOMER else None,
            kind=each.kind,
            cents=each.cents,
        )
        for position, each in enumerate(draft.postings, start=1)
    )
    entry.save(force_insert=True)
    return entry


def _promise_validation(entry_id: UUID, now: datetime) -> None:
    """Promise to validate what is written, at the next round; what a round just missed, on the day after."""
    _promise_on(paris_day(now) + timedelta(days=1), now)
    waiting = Obligation.objects.waiting().filter(clause=VALIDATION, kind="validation", run_at__lte=now)
    if not waiting.exists():
        due_at = now + VALIDATED_WITHIN
        open_obligation(VALIDATION, kind="validation", subject=entry_id, run_at=now, due_at=due_at, now=now)


def _promise_on(day: date, now: datetime) -> None:
    """Promise to validate on a day what waits then, once."""
    open_obligation(
        VALIDATION,
        kind="validation",
        subject=uuid5(NAMESPACE_URL, f"preau:entries until:{day}"),
        now=now,
        **within_day(day, now=now),
    )
