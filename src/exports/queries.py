"""What the pages of exports show."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core import signing
from django.db.models import QuerySet

from agenda.models import Obligation
from exports.models import ExportJob
from exports.policy.keeping import LINK_DAYS
from exports.registry import Asker, Builder, builders
from isolation.policy.guards import guards
from people.models import Person

SALT = "exports.download"


@dataclass(frozen=True, slots=True)
class Offer:
    """A kind of export and what it can be about."""

    builder: Builder
    choices: list[tuple[UUID | None, str]]


def offers(asker: Asker) -> list[Offer]:
    """Return what a person may ask for; a kind without anything to choose is left out."""
    found = [Offer(one, list(one.choices(asker))) for one in builders(asker.kinds)]
    return [offer for offer in found if offer.choices]


@guards("own")
def is_offered(asker: Asker, kind: str, subject_id: UUID | None) -> bool:
    """Return whether exactly this may be asked for."""
    return any(
        subject_id == subject
        for one in builders(asker.kinds & {kind})
        for subject, _words in one.choices(asker)
    )


@guards("own")
def exports_of(person: Person) -> QuerySet[ExportJob]:
    """Return a person's exports, the last first; those long gone aren't shown."""
    return ExportJob.objects.filter(requested_by=person)


@guards("own")
def own_export(person: Person, job_id: UUID) -> ExportJob | None:
    """Return an export if it is this person's."""
    return ExportJob.objects.filter(requested_by=person, pk=job_id).first()


def trouble_of(job: ExportJob) -> datetime | None:
    """Return when a step that failed will be tried again, None while nothing is wrong."""
    rows = Obligation.objects.waiting().filter(
        clause="LG-DCp", kind="export", subject_id=job.pk, attempts__gt=0
    )
    return rows.values_list("run_at", flat=True).first()


def download_token(job: ExportJob) -> str:
    """Return the signed word that opens an export, for the person who asked and nobody else."""
    return signing.dumps({"job": str(job.pk), "person": str(job.requested_by_id)}, salt=SALT)


@guards("token")
def export_of_token(token: str, person: Person) -> ExportJob | None:
    """Return the export a signed word opens for this person, None when it isn't theirs, forged or too old."""
    try:
        said = signing.loads(token, salt=SALT, max_age=LINK_DAYS * 24 * 3600)
    except signing.BadSignature:
        return None
    if said.get("person") != str(person.pk):
        return None
    return own_export(person, UUID(said["job"]))
