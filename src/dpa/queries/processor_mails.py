"""What the messages about sub-processors say, and to whom."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from agenda.registry import Mail
from dpa.models import ProcessorChange
from dpa.queries.mails import URLS, administrators
from dpa.queries.processors import last_day
from tenants.queries import public_url, tenant_row, tenant_url


def change_announced(change: ProcessorChange | None, left_at: datetime) -> Mail | None:
    """Return the notice of a change to the administrators of the tenant we are in.

    None where there is none, or nobody.
    """
    tenant = tenant_row()
    if change is None:
        return None
    last_on = last_day(tenant.today(left_at), tenant)
    return _to_administrators({"change": change, "version": change.version, "last_on": last_on})


def change_withdrawn(change: ProcessorChange | None) -> Mail | None:
    """Return the message that an announced change will not come."""
    return None if change is None else _to_administrators({"change": change, "version": change.version})


def _to_administrators(context: dict[str, Any]) -> Mail | None:
    people = administrators()
    if not people:
        return None
    tenant = tenant_row()
    context |= {
        "tenant": tenant,
        "link": tenant_url(tenant, reverse("dpa:processors", urlconf=URLS)),
        "list_url": public_url(reverse("dpa:sub_processors", urlconf="config.urls_public")),
    }
    return Mail(
        to=[person.email for person in people if person.email], context=context, language=people[0].language
    )
