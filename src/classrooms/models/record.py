"""The learning record: observations, what they show, of whom, with which photos."""

from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from classrooms.models.ordering import names_in
from classrooms.models.students import Student
from isolation.context import current_tenant_id
from isolation.models import TenantModel
from isolation.policy.guards import guards


class Competency(TenantModel):
    """Something pupils learn to do; the shipped ones are named in both languages."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    cycle = models.PositiveSmallIntegerField(_("cycle"))
    domain_fr = models.CharField(max_length=60)
    domain_en = models.CharField(max_length=60)
    name_fr = models.CharField(_("name in French"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200)
    position = models.PositiveSmallIntegerField(default=0)
    is_shipped = models.BooleanField(default=False)

    class Meta:
        ordering = ["cycle", "position", "code"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Return the name in the reader's language."""
        return self.name_en if (get_language() or "fr").startswith("en") else self.name_fr

    @property
    def domain(self) -> str:
        """Return the domain's name in the reader's language."""
        return self.domain_en if (get_language() or "fr").startswith("en") else self.domain_fr


class ObservationQuerySet(models.QuerySet["Observation"]):
    """Chainable filters for observations."""

    def shared(self) -> "ObservationQuerySet":
        """Return those families may read."""
        return self.filter(state=Observation.State.SHARED)

    def of(self, student_ids: Iterable[UUID]) -> "ObservationQuerySet":
        """Return those about at least one of these pupils, each once."""
        links = ObservationStudent.objects.filter(student_id__in=student_ids)
        return self.filter(pk__in=links.values("observation_id"))

    @guards("circle")
    def written_by_or_of(self, person_id: UUID, students: models.QuerySet[Student]) -> "ObservationQuerySet":
        """Return those someone wrote, or that are about these pupils and no longer a draft."""
        links = ObservationStudent.objects.filter(student__in=students)
        return self.filter(
            Q(author_id=person_id) | Q(pk__in=links.values("observation_id")) & ~Q(state="draft")
        )


class Observation(TenantModel):
    """What a teacher saw one or several pupils do."""

    class State(models.TextChoices):
        """Who may read it: its author, the teachers, or the families too."""

        DRAFT = "draft", _("draft")
        SAVED = "kept", _("in the record, not shared")
        SHARED = "shared", _("shared with families")

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="observations", null=True
    )
    text = models.TextField(_("observation"), blank=True, max_length=5000)
    observed_on = models.DateField(_("observed on"))
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    shared_at = models.DateTimeField(null=True, blank=True)
    changes_shared_at = models.DateTimeField(null=True, blank=True)
    students = models.ManyToManyField(Student, through="ObservationStudent", related_name="observations")
    competencies = models.ManyToManyField(
        Competency, through="ObservationCompetency", related_name="observations"
    )

    objects = ObservationQuerySet.as_manager()

    class Meta:
        ordering = ["-observed_on", "-created_at", "id"]
        indexes = [
            models.Index(fields=["state", "-shared_at"], name="classrooms_obs_news"),
            names_in("text", index="classrooms_obs_names"),
        ]

    def __str__(self) -> str:
        return f"{self.observed_on}"

    @property
    def is_draft(self) -> bool:
        """Return whether only its author sees it."""
        return self.state == self.State.DRAFT

    @property
    def is_shared(self) -> bool:
        """Return whether families may read it."""
        return self.state == self.State.SHARED


class ObservationChanges(TenantModel):
    """What a shared observation says since it was shared: a draft, until somebody shares it too."""

    observation = models.OneToOneField(Observation, on_delete=models.CASCADE, related_name="changes")
    text = models.TextField(_("observation"), blank=True, max_length=5000)
    observed_on = models.DateField(_("observed on"))
    levels = models.JSONField(default=dict)  # by the id of the competency
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [names_in("text", index="classrooms_changes_names")]

    def __str__(self) -> str:
        return f"{self.observed_on}"

    @property
    def version(self) -> str:
        """Return what says whether it was changed again."""
        return self.changed_at.isoformat()


class ChangesStudent(TenantModel):
    """The changes of an observation are about a pupil."""

    changes = models.ForeignKey(ObservationChanges, on_delete=models.CASCADE, related_name="links")
    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="changes_links")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["changes", "student"], name="classrooms_changed_once")]

    def __str__(self) -> str:
        return f"{self.student_id}"


class ObservationStudent(TenantModel):
    """An observation is about a pupil."""

    observation = models.ForeignKey(Observation, on_delete=models.CASCADE, related_name="links")
    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="links")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["observation", "student"], name="classrooms_observed_once")
        ]

    def __str__(self) -> str:
        return f"{self.student_id}"


class ObservationCompetency(TenantModel):
    """What an observation shows of a competency."""

    class Level(models.TextChoices):
        """How far the pupils are."""

        ACQUIRED = "acquired", _("acquired")
        PROGRESS = "progress", _("in progress")
        COMING = "coming", _("to come")

    observation = models.ForeignKey(Observation, on_delete=models.CASCADE, related_name="shown")
    competency = models.ForeignKey(Competency, on_delete=models.PROTECT, related_name="shown")
    level = models.CharField(_("level"), max_length=10, choices=Level, default=Level.PROGRESS)

    class Meta:
        ordering = ["competency__position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["observation", "competency"], name="classrooms_shown_once")
        ]

    def __str__(self) -> str:
        return self.level


def photo_path(photo: "Photo", name: str) -> str:
    """Return where a photo lies in the storage: by tenant, under a name that says nothing."""
    return f"{current_tenant_id()}/record/{photo.pk}.jpg"


class PhotoQuerySet(models.QuerySet["Photo"]):
    """Chainable filters for photos."""

    def visible(self) -> "PhotoQuerySet":
        """Return those to look at: a photo with somebody who is being deleted waits to go with them."""
        gone = ObservationStudent.objects.exclude(student__hidden_at=None)
        drafted = ChangesStudent.objects.exclude(student__hidden_at=None)
        return self.exclude(observation_id__in=gone.values("observation_id")).exclude(
            observation_id__in=drafted.values("changes__observation_id")
        )

    def shown(self) -> "PhotoQuerySet":
        """Return those to look at as the observation was last shared, whatever was changed since."""
        return self.visible().exclude(pending=Photo.Pending.ADDED)

    def kept(self) -> "PhotoQuerySet":
        """Return those the observation has once its changes are shared."""
        return self.exclude(pending=Photo.Pending.REMOVED)


class Photo(TenantModel):
    """A photo of an observation, re-encoded: without the place and the camera it came with."""

    class Pending(models.TextChoices):
        """What the changes of a shared observation make of it, once they are shared."""

        ADDED = "added", _("added since it was shared")
        REMOVED = "removed", _("removed since it was shared")

    observation = models.ForeignKey(Observation, on_delete=models.CASCADE, related_name="photos")
    file = models.FileField(upload_to=photo_path, max_length=200)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    caption = models.CharField(_("what it shows"), max_length=200, blank=True)
    created_at = models.DateTimeField()
    pending = models.CharField(max_length=10, choices=Pending, blank=True, default="", db_default="")

    objects = PhotoQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [names_in("caption", index="classrooms_photo_names")]

    def __str__(self) -> str:
        return self.caption or str(self.pk)
