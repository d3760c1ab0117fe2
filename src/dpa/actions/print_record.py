"""A pupil's record on paper."""

from datetime import datetime
from typing import Any

from dpa.queries.record import Record
from exports.gateways import pdf, storage
from exports.policy.rows import capped

PHOTOS_ON_PAPER = 40
PHOTOS_EACH = 3


def record_pdf(record: Record, *, tenant: Any, now: datetime, language: str) -> bytes:
    """Return the PDF of a record: who, progress, competencies, observations with photos, results."""
    left = PHOTOS_ON_PAPER
    observations = []
    for one in record.observations[:200]:
        shown = [
            photo for photo in list(one.photos.all())[:PHOTOS_EACH] if storage.exists(str(photo.file.name))
        ][: max(left, 0)]
        left -= len(shown)
        pictures = [(pdf.thumbnail(storage.read(str(photo.file.name))), photo.caption) for photo in shown]
        observations.append((one, [(source, caption) for source, caption in pictures if source]))
    context = {
        "tenant": tenant,
        "record": record,
        "observations": observations,
        "results": capped(record.results),
        "observations_left_off": max(0, len(record.observations) - len(observations)),
        "now": now,
        "today": tenant.today(now),
    }
    return pdf.render("exports/pdf/pupil.html", context, language=language)
