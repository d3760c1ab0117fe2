"""The history of a thing with the notes people wrote on it, and the place to write one."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import template

from billing.desk.policy.notes import RIGHTS
from billing.desk.queries.notes import with_notes

register = template.Library()


@register.inclusion_tag("billing/parts/console/noted_history.html", takes_context=True)
def noted_history(
    context: dict[str, Any], kind: str, subject_id: UUID, entries: Sequence[Any]
) -> dict[str, Any]:
    """Return the section of a page that tells what happened to a thing, notes and all."""
    request = context["request"]
    return {
        "entries": with_notes(entries, kind=kind, subject_id=subject_id),
        "kind": kind,
        "subject_id": subject_id,
        "may_write": {"customers.write", RIGHTS[kind]} <= set(request.permissions),
        "csrf_token": context.get("csrf_token"),
    }
