"""Both records of processing, as they stand now: the controller's (GDPR 30-1), the processor's (30-2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from contracts.registry import operator_name
from dpa.labels import annex_title, country_name, field_label, item_title, value_text
from dpa.models import AnnexVersion
from dpa.policy.annexes import Annex, Content, Item, activities, transfers
from dpa.queries.annexes import Line, Section, ShownItem, lines, processor_item, sections, texts
from dpa.queries.processors import LIVE, concerned_by_tenant, processors_by_tenant
from tenants.models import Tenant


def controllers_data(content: Content) -> dict[str, Any]:
    """Return the controller's record as plain data, for other programs."""
    return {
        "controller": dict(content[Annex.CONTACTS]["controller"]),
        "activities": [
            {
                "category": one.key,
                **one.item,
                "recipients": [item.get("name", "") for item in one.recipients],
                "transfers": [_transfer(item) for item in one.transfers],
            }
            for one in activities(content)
        ],
        "security": {key: dict(item) for key, item in content[Annex.SECURITY].items()},
    }


def _transfer(item: Item) -> dict[str, Any]:
    return {name: item.get(name, "") for name in ("name", "country", "mechanism", "mechanism_words")}


def controllers_sections(content: Content) -> list[Section]:
    """Return the controller's record as it is read."""
    by_annex = {one.annex: one for one in sections(content)}
    rows = [ShownItem(item_title("b", key, {}), found) for key, found in activity_lines(content).items()]
    return [by_annex["a"], Section("b", _("Processing activities"), rows), by_annex["d"]]


def activity_lines(content: Content) -> dict[str, list[Line]]:
    """Return what is read of each activity, by category."""
    return {
        one.key: [
            *lines("b", one.item),
            Line(_("Recipients"), ", ".join(str(item.get("name", "")) for item in one.recipients)),
            Line(_("Transfers outside the EEA"), transfers_text(one.transfers)),
        ]
        for one in activities(content)
    }


def transfers_text(items: Iterable[Item]) -> str:
    """Return who outside of the EEA gets data, where, and by which mechanism."""
    return ", ".join(
        f"{item.get('name')} ({country_name(str(item.get('country')))}, "
        f"{value_text('c', 'mechanism', item.get('mechanism', ''))})"
        for item in items
    )


@dataclass(frozen=True, slots=True)
class Controller:
    """A tenant for which data is processed: its contacts as it accepted them, who works on its data."""

    tenant: Tenant
    version: AnnexVersion | None
    contacts: Mapping[str, Any]
    categories: list[str]
    processors: list[dict[str, Any]]

    @property
    def name(self) -> str:
        """Return what it is called."""
        return str(self.contacts.get("controller") or self.tenant.name)


def controllers(now: datetime) -> list[Controller]:
    """Return the tenants in life that decide on their data. As the operator, in few statements."""
    tenants = list(Tenant.objects.filter(state__in=LIVE))
    facts = concerned_by_tenant(tenants, now)
    ours = [one for one in tenants if facts[one.pk].is_controller]
    working = processors_by_tenant(ours, now)
    last: dict[Any, AnnexVersion] = {}
    for version in AnnexVersion.objects.defer("paper_fr", "paper_en").order_by("number"):
        last[version.tenant_id] = version
    return [
        _controller(one, last.get(one.pk), [processor_item(each) for each in working[one.pk]]) for one in ours
    ]


def _controller(tenant: Tenant, version: AnnexVersion | None, processors: list[dict[str, Any]]) -> Controller:
    content = version.content if version else {}
    contacts = content.get("a", {}).get("controller", {})
    return Controller(tenant, version, contacts, sorted(content.get("b", {})), processors)


def processors_data(now: datetime) -> dict[str, Any]:
    """Return the processor's record as plain data, for other programs."""
    return {
        "processor": operator_name(),
        "controllers": [
            {
                "tenant": str(one.tenant.pk),
                "controller": one.name,
                "contacts": dict(one.contacts),
                "version": one.version.number if one.version else None,
                "accepted_at": one.version.accepted_at.isoformat() if one.version else None,
                "categories": one.categories,
                "sub_processors": [item["name"] for item in one.processors],
                "transfers": [_transfer(item) for item in transfers(one.processors)],
            }
            for one in controllers(now)
        ],
        "security": texts()["measure"],
    }


def controller_lines(one: Controller) -> list[Line]:
    """Return what is read of one controller in the processor's record."""
    names = ("address", "representative", "email", "phone", "officer", "officer_email")
    shown = [
        Line(field_label("a", name), value_text("a", name, one.contacts.get(name, ""))) for name in names
    ]
    number = (
        _("Version %(number)s") % {"number": one.version.number} if one.version else _("none accepted yet")
    )
    return [
        *shown,
        Line(_("Annexes accepted"), number),
        Line(_("Categories of processing"), value_text("c", "categories", one.categories)),
        Line(_("Sub-processors"), ", ".join(item["name"] for item in one.processors)),
        Line(_("Transfers outside the EEA"), transfers_text(transfers(one.processors))),
    ]


def security_section() -> Section:
    """Return the measures that protect all of it, as they are read."""
    measures = texts()["measure"]
    rows = [ShownItem(item_title("d", key, item), lines("d", item)) for key, item in measures.items()]
    return Section("d", annex_title("d"), rows)


def processors_sections(now: datetime) -> list[Section]:
    """Return the processor's record as it is read."""
    rows = [ShownItem(one.name, controller_lines(one)) for one in controllers(now)]
    return [Section("controllers", _("Controllers"), rows), security_section()]
