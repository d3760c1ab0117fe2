"""The annexes of the agreement on data as they stand now, as they were accepted, and as they are read."""

import tomllib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import get_language

from classrooms.queries.annex import allowed_fields
from contracts.policy.annex_b import FIELDS, Category
from contracts.registry import declarations
from dpa.labels import ANNEX_FIELDS, annex_title, field_label, item_title, value_text
from dpa.models import AnnexDraft, AnnexVersion, ProcessorVersion
from dpa.policy.annexes import CONTROLLER, Annex, Content, Difference, Item, Missing, differences
from dpa.queries.processors import CUSTOMER, processors_for
from dpa.queries.promises import retention_days
from tenants.models import Tenant

TEXTS = Path(__file__).parents[1] / "data" / "annexes.toml"


@cache
def texts() -> dict[str, dict[str, dict[str, str]]]:
    """Return our own words of the annexes: the measures of annex D, the purposes offered for annex B."""
    return tomllib.loads(TEXTS.read_text(encoding="utf-8"))


def offered_purpose(category: str) -> str:
    """Return a purpose offered for a category, in the reader's language; "" where none is."""
    return (
        texts()["purpose"].get(category, {}).get("fr" if (get_language() or "fr")[:2] == "fr" else "en", "")
    )


def draft_row() -> AnnexDraft | None:
    """Return what the controller has filled in, None before it did."""
    return AnnexDraft.objects.first()


def is_controller(tenant: Tenant, now: datetime) -> bool:
    """Return whether the tenant decides on its data: where the operator does there is nothing to agree."""
    return any(profile.controller == CUSTOMER for profile in tenant.profiles(tenant.today(now)))


def current_content(tenant: Tenant, now: datetime) -> dict[str, dict[str, dict[str, Any]]]:
    """Return the annexes as they stand now, in the tenant we are in."""
    row = draft_row()
    contacts = row.contacts if row else {}
    return {
        Annex.CONTACTS.value: {CONTROLLER: {"controller": tenant.name} | contacts},
        Annex.PROCESSING.value: _processing(tenant, row.purposes if row else {}, now),
        Annex.PROCESSORS.value: {
            str(one.processor): processor_item(one)
            for one in sorted(processors_for(tenant, now), key=lambda each: str(each.processor))
        },
        Annex.SECURITY.value: {key: dict(said) for key, said in texts()["measure"].items()},
    }


def _processing(
    tenant: Tenant, purposes: dict[str, dict[str, str]], now: datetime
) -> dict[str, dict[str, Any]]:
    """Return annex B by category: about whom, which fields and tables, how long, what for, on what basis."""
    today = tenant.today(now)
    listed = {subject: fields for subject, fields in allowed_fields(tenant, today).items() if fields}
    days = retention_days(tenant.profiles(today))
    found: dict[str, dict[str, Any]] = {}
    for category in Category:
        declared = [one for one in declarations() if one.category == category]
        subjects = {subject for one in declared for subject in one.subjects}
        fields = {
            f"{subject}.{name}"
            for subject, names in listed.items()
            for name in names
            if FIELDS[name] == category
        }
        people = (subjects & set(listed)) | {name.split(".")[0] for name in fields}
        if not people:
            continue
        said = purposes.get(str(category), {})
        found[str(category)] = {
            "purpose": said.get("purpose", ""),
            "legal_basis": said.get("legal_basis", ""),
            "subjects": sorted(people),
            "fields": sorted(fields),
            "tables": sorted(one.label for one in declared if set(one.subjects) & people),
            "retention_days": days[str(category)],
        }
    return found


def processor_item(version: ProcessorVersion) -> dict[str, Any]:
    """Return what annex C says of a sub-processor."""
    return {
        "name": version.name,
        "registration": version.registration,
        "activity": version.activity,
        "categories": sorted(version.categories),
        "country": version.country,
        "mechanism": version.mechanism,
        "mechanism_words": version.mechanism_words,
        "contract_on": version.contract_on.isoformat(),
    }


def accepted_versions(tenant: Tenant) -> list[AnnexVersion]:
    """Return what the tenant accepted, the last first, without the papers themselves."""
    return list(AnnexVersion.objects.of(tenant.pk).defer("paper_fr", "paper_en"))


def last_accepted(tenant: Tenant) -> AnnexVersion | None:
    """Return what the tenant accepted last."""
    return AnnexVersion.objects.of(tenant.pk).defer("paper_fr", "paper_en").first()


@dataclass(frozen=True, slots=True)
class Line:
    """A field of an item as it is read; in a comparison, with what stood there before."""

    label: str
    text: str
    before: str = ""


@dataclass(frozen=True, slots=True)
class ShownItem:
    """An item of an annex as it is read; in a comparison, with what became of it."""

    title: str
    lines: list[Line]
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """An annex as it is read."""

    annex: str
    title: str
    items: list[ShownItem]


def sections(content: Content) -> list[Section]:
    """Return the annexes as they are read, in the reader's language."""
    return [
        Section(
            annex,
            annex_title(annex),
            [
                ShownItem(item_title(annex, key, item), lines(annex, item))
                for key, item in _ordered(content, annex)
            ],
        )
        for annex in Annex
    ]


def _ordered(content: Content, annex: Annex) -> list[tuple[str, Item]]:
    """Return the items of an annex in the order they are read; what is stored keeps none."""
    items = content.get(annex, {})
    known = [*(str(one) for one in Category), *texts()["measure"]]
    place = {key: number for number, key in enumerate(known)}
    return sorted(items.items(), key=lambda pair: (place.get(pair[0], 0), item_title(annex, *pair)))


def lines(annex: str, item: Item) -> list[Line]:
    """Return the fields of an item as they are read: those that have words, filled in or not."""
    found = [(name, field_label(annex, name)) for name in item]
    return [
        Line(label, value_text(annex, name, item[name])) for name, label in _in_order(annex, found) if label
    ]


def _in_order(annex: str, found: list[tuple[str, str]]) -> list[tuple[str, str]]:
    place = {name: number for number, name in enumerate(ANNEX_FIELDS[annex])}
    return sorted(found, key=lambda pair: place.get(pair[0], len(place)))


def compared(before: Content, after: Content) -> list[Section]:
    """Return what differs between two contents as it is read: annexes that are alike are left out."""
    found: dict[str, dict[str, list[Difference]]] = {}
    for one in differences(before, after):
        found.setdefault(one.annex, {}).setdefault(one.key, []).append(one)
    return [
        Section(
            annex,
            annex_title(annex),
            [_item_compared(annex, key, rows, before, after) for key, rows in by_key.items()],
        )
        for annex, by_key in found.items()
    ]


def _item_compared(
    annex: str, key: str, rows: list[Difference], before: Content, after: Content
) -> ShownItem:
    item = after.get(annex, {}).get(key) or before.get(annex, {}).get(key, {})
    kind = rows[0].kind
    if kind != "changed":
        return ShownItem(item_title(annex, key, item), lines(annex, item), kind)
    changed = [
        Line(
            field_label(annex, row.field),
            value_text(annex, row.field, row.after),
            value_text(annex, row.field, row.before),
        )
        for row in rows
        if field_label(annex, row.field)
    ]
    return ShownItem(item_title(annex, key, item), changed, kind)


@dataclass(frozen=True, slots=True)
class ToFill:
    """A field that is missing, as it is read, and the page where it is filled in."""

    words: str
    url_name: str


def to_fill(missing: list[Missing]) -> list[ToFill]:
    """Return what is missing as it is read, with the page of each."""
    pages = {Annex.CONTACTS: "dpa:annex_contacts", Annex.PROCESSING: "dpa:annex_purposes"}
    found = []
    for one in missing:
        label = field_label(one.annex, one.field)
        title = item_title(one.annex, one.key, {})
        words = label if one.annex == Annex.CONTACTS else f"{title} · {label}"
        found.append(ToFill(words, pages[one.annex]))
    return found
