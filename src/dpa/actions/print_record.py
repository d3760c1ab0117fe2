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
    for one in record.observations[:OBSERVATIONS_ON_PAPER]:
        there = [photo for photo in one.photos.all() if storage.exists(str(photo.file.name))]
        shown = there[: min(PHOTOS_EACH, max(left, 0))]
        photos_left_off += len(there) - len(shown)
        left -= len(shown)
        pictures = [(pdf.thumbnail(storage.read(str(photo.file.name))), photo.caption) for photo in shown]
        observations.append((one, [(source, caption) for source, caption in pictures if source]))
    context = {
        "tenant": tenant,
        "record": record,
        "observations": observations,
        "results": capped(record.results),
        "photos_left_off": photos_left_off,
        "observations_left_off": max(0, len(record.observations) - len(observations)),
        "now": now,
        "today": tenant.today(now),
    }
    return pdf.render("exports/pdf/pupil.html", context, language=language)
