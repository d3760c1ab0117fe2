"""Keep which column of a bank's CSV is what."""

from datetime import datetime

from django.db import transaction

from audit.actions import log_action
from audit.policy.actor import Actor
from billing.payments.models import CsvMapping
from billing.payments.policy.bank import digest_of


@transaction.atomic
def save_mapping(
    *,
    mapping: CsvMapping | None,
    name: str,
    delimiter: str,
    day_format: str,
    columns: dict[str, str],
    by: Actor,
    iban: str = "",
    now: datetime,
) -> CsvMapping:
    """Return the mapping, new or changed. Raises IntegrityError when another has its name.

    Of the account's number a digest and the last four signs are kept; none leaves what is known.
    """
    kept = mapping or CsvMapping(created_at=now)
    kept.name = name
    kept.delimiter = delimiter
    kept.day_format = day_format
    kept.says_sides = kept.says_sides and kept.columns == columns
    kept.columns = columns
    if iban:
        kept.account = digest_of(iban)
        kept.account_hint = iban[-4:]
    kept.save()
    log_action("mapping.kept", by=by, on=kept, at=now, facts={"columns": sorted(columns)})
    return kept
