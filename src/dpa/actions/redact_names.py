"""Take the names of people about to be erased out of the texts that stay."""

from collections.abc import Collection
from functools import cache
from itertools import count
from typing import Any

from django.db import IntegrityError, transaction

from dpa.policy.doubts import goes
from dpa.queries.named_texts import NamedText, names_borne, texts_naming
from dpa.queries.subjects import Subjects
from people.policy.mentions import without

IN_TEXTS = "names_in_texts"  # what is counted of it in the evidence


def redact_names(subjects: Subjects, *, answered: Collection[str] = ()) -> int:
    """Return how many texts were changed: their names in whatever spelling are taken out.

    `answered` says which doubtful ones go and which stay (`dpa.policy.doubts`). A name that another pupil of
    the same observation bears stays: it is theirs.
    """

    @cache
    def borne() -> frozenset[str]:
        return names_borne(subjects)

    return sum(_redacted(one, answered, borne) for one in texts_naming(subjects))


def _redacted(named: NamedText, answered: Collection[str], borne: Any) -> bool:
    text = named.text
    gone = {one for one in named.mentions if one.is_certain}
    for doubt in named.doubts:
        said = text[doubt.mention.start : doubt.mention.end]
        if goes(doubt, said, answered=answered, borne=borne()):
            gone.add(doubt.mention)
    if not gone:
        return False
    _save(named, without(text, [one for one in named.mentions if one in gone]))
    return True


def _save(named: NamedText, text: str) -> None:
    """Keep the text, no longer than its column; a name that must be the only one gets a number."""
    longest = named.row._meta.get_field(named.field).max_length
    rows = type(named.row)._base_manager.filter(pk=named.row.pk)
    if named.observation_id is not None:
        rows.update(**{named.field: text[:longest]})
        return
    for number in count(1):
        end = f" {number}" if number > 1 else ""
        said = (text[: longest - len(end)] if longest else text) + end
        try:
            with transaction.atomic():
                rows.update(**{named.field: said})
        except IntegrityError:
            continue
        return
