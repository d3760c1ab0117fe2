"""A pupil's record on paper."""

from datetime import datetime

from dpa.queries.record import Record
from exports.gateways import pdf, storage
from exports.policy.rows import capped
from tenants.models import Tenant

OBSERVATIONS_ON_PAPER = 200
PHOTOS_ON_PAPER = 40
PHOTOS_EACH = 3


def record_pdf(record: Record, *, tenant: Tenant, now: datetime, language: str) -> bytes:
    """Return the PDF of a record: who, progress, competencies, observations with photos, results."""
    left = PHOTOS_ON_PAPER
    observations = []
    photos_left_off = 0
    for part in record.parts[:OBSERVATIONS_ON_PAPER]:
        there = [one for one in part.photos if storage.exists(str(one.photo.file.name))]
        shown = there[: min(PHOTOS_EACH, max(left, 0))]
        photos_left_off += len(there) - len(shown)
        left -= len(shown)
        pictures = [(pdf.thumbnail(storage.read(str(one.photo.file.name))), one.caption) for one in shown]
        observations.append((part, [(source, caption) for source, caption in pictures if source]))
    context = {
        "tenant": tenant,
        "record": record,
        "observations": observations,
        "results": capped(record.results),
        "photos_left_off": photos_left_off,
        "observations_left_off": max(0, len(record.parts) - len(observations)),
        "family": record.is_for_family,
        "now": now,
        "today": tenant.today(now),
    }
    return pdf.render("exports/pdf/pupil.html", context, language=language)
