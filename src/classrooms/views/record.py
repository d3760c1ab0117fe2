"""The learning record: observations written, kept, shared, taken back."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import ListView, View

from classrooms.actions.add_photo import MAX_PHOTOS, TooManyPhotos, add_photo
from classrooms.actions.delete_observation import delete_observation, delete_photo, put_photo_back
from classrooms.actions.draft_changes import drop_changes
from classrooms.actions.save_observation import (
    complete_observation,
    save_observation,
    start_observation,
)
from classrooms.actions.share_observation import share_changes, share_observation, unshare_observation
from classrooms.forms.observation import ObservationForm, initial_of
from classrooms.gateways.photos import NotAPhoto, PhotoTooLarge
from classrooms.models import Observation, Photo
from classrooms.policy.changes import ChangedMeanwhile, Written
from classrooms.policy.sharing import NOTHING, FamiliesSeeNothing, NothingToShare
from classrooms.queries.annex import guardians_see
from classrooms.queries.changes import FamilyReading, latest_of, readings_of, version_of
from classrooms.queries.circles import observations_seen_by, students_seen_by
from classrooms.queries.reading import found_by, part_for, read_by
from classrooms.queries.record import competencies_for, students_to_observe
from classrooms.views.parts import done, observation_of, own_observation, problem
from isolation.policy.guards import guards
from people.requests import TenantRequest


class RecordList(ListView[Observation]):
    """Observations: drafts first in mind."""

    permission = "record.read"
    template_name = "classrooms/record.html"
    paginate_by = 20
    request: TenantRequest

    def get_queryset(self) -> Any:
        """Return the observations asked for."""
        request = self.request
        rows = observations_seen_by(request.person, request.scope("record.read"))
        state = request.GET.get("state", "")
        words = request.GET.get("q", "")
        if state in Observation.State.values:
            rows = rows.filter(state=state)
        if state == "changed":
            rows = rows.exclude(changes=None)
        scope = request.scope("record.read")
        if words:
            rows = found_by(rows, words, person=request.person, scope=scope)
        return read_by(rows, request.person, scope, with_changes=True).order_by(
            "-observed_on", "-created_at", "id"
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the filters."""
        return super().get_context_data(**kwargs) | {"state": self.request.GET.get("state", "")}


class _Writing(View):
    """What writing a new observation and changing one have in common."""

    def form(self, request: TenantRequest, observation: Observation | None, **given: Any) -> ObservationForm:
        """Return the form with the pupils and competencies at hand."""
        scope = request.scope("record.write")
        written = latest_of(observation) if observation else None
        chosen = list(written.student_ids) if written else []
        students = students_to_observe(
            students_seen_by(request.person, scope),
            class_id=request.GET.get("class", ""),
            pupil_id=request.GET.get("pupil", ""),
            chosen=chosen,
        )
        competencies = competencies_for(students, list(written.levels) if written else [])
        return ObservationForm(
            request.POST or None,
            request.FILES or None,
            students=students,
            competencies=competencies,
            chosen=chosen,
            find=request.GET,
            tells_changes=observation is not None and not observation.is_draft,
            **given,
        )

    def page(
        self, request: TenantRequest, form: ObservationForm, observation: Observation | None
    ) -> HttpResponse:
        """Return the page of the form."""
        may_share = guardians_see(request.tenant, request.today) != NOTHING
        context = {
            "form": form,
            "observation": observation,
            "photos": observation.photos.visible().kept() if observation else [],
            "may_share": may_share,
            "most_photos": MAX_PHOTOS,
            **(_standing(request, observation) if observation else {}),
        }
        return render(
            request, "classrooms/observation_form.html", context, status=400 if form.errors else 200
        )

    def finish(self, request: TenantRequest, form: ObservationForm, observation: Observation) -> HttpResponse:
        """Add the photos, then keep or share as asked; say what couldn't be done."""
        for upload in form.cleaned_data["photos"]:
            _add(request, observation, upload)
        act = request.POST.get("act", "save")
        if act == "share":
            return _share(request, observation)
        if act == "keep":
            complete_observation(observation=observation, by=request.person, now=timezone.now())
            return done(request, _("Kept in the record."), "classrooms:record")
        return done(request, _("Saved."), "classrooms:observation_edit", observation.pk)

    def finish_changes(
        self, request: TenantRequest, form: ObservationForm, observation: Observation, *, is_seen: bool
    ) -> HttpResponse:
        """Add the photos to the changes and share them where that is asked, as who asks has seen them."""
        for upload in form.cleaned_data["photos"]:
            _add(request, observation, upload)
        if request.POST.get("act") == "share":
            return _share_changes(request, observation, shown=version_of(observation) if is_seen else None)
        if not version_of(observation):
            return done(request, _("Saved."), "classrooms:observation_edit", observation.pk)
        words = _("Saved as a draft: families see it as it was shared, until you share the changes.")
        return done(request, words, "classrooms:observation_edit", observation.pk)


class NewObservation(_Writing):
    """Write an observation."""

    permission = "record.write"

    def get(self, request: TenantRequest) -> HttpResponse:
        """Show an empty form; its draft already has a name, so that it can save itself."""
        pupil = request.GET.get("pupil")
        initial = {"draft": uuid4(), "observed_on": request.today, "students": [pupil] if pupil else []}
        return self.page(request, self.form(request, None, initial=initial), None)

    def post(self, request: TenantRequest) -> HttpResponse:
        """Save it as a draft, then do as asked."""
        form = self.form(request, None)
        if not form.is_valid():
            return self.page(request, form, None)
        observation = _saved(request, form.cleaned_data["draft"], form.written())
        if observation.is_shared:  # the same form in two windows: it was shared from the other one
            return self.finish_changes(request, form, observation, is_seen=False)
        return self.finish(request, form, observation)


class EditObservation(_Writing):
    """Change an observation."""

    permission = "record.write"

    def get(self, request: TenantRequest, observation_id: UUID) -> HttpResponse:
        """Show what is written."""
        observation = own_observation(request, observation_id)
        return self.page(request, self._form_of(request, observation), observation)

    def post(self, request: TenantRequest, observation_id: UUID) -> HttpResponse:
        """Save it, then do as asked; of what is shared, as a draft until its changes are shared."""
        observation = own_observation(request, observation_id)
        form = self._form_of(request, observation)
        if not form.is_valid():
            return self.page(request, form, observation)
        is_seen = request.POST.get("shown", "") == version_of(observation)
        save_observation(
            observation=observation, by=request.person, written=form.written(), now=timezone.now()
        )
        if observation.is_shared:
            return self.finish_changes(request, form, observation, is_seen=is_seen)
        return self.finish(request, form, observation)

    def _form_of(self, request: TenantRequest, observation: Observation) -> ObservationForm:
        return self.form(request, observation, initial=initial_of(observation))


class AutosaveObservation(_Writing):
    """Save a draft by itself, while it is being written."""

    permission = "record.write"

    def post(self, request: TenantRequest) -> HttpResponse:
        """Save what can be saved and say when; a draft that isn't there yet starts."""
        draft = _own_draft(request, request.POST.get("draft", ""))
        form = self.form(request, draft)
        if not form.is_valid() or (draft and not draft.is_draft):
            return HttpResponse(status=204)
        written = form.written()
        if draft is None and not (written.text.strip() or written.student_ids):
            return HttpResponse(status=204)
        _saved(request, form.cleaned_data["draft"], written)
        return render(request, "classrooms/saved.html", {"at": timezone.now()})


@guards("own")
def _own_draft(request: TenantRequest, text: str) -> Observation | None:
    """Return one's own observation of this id, None when there is none; somebody else's doesn't exist."""
    try:
        row = Observation.objects.filter(pk=UUID(text)).first()
    except ValueError:
        raise Http404 from None
    if row is not None and row.author_id != request.person.pk:
        raise Http404
    return row


def _saved(request: TenantRequest, draft_id: UUID, written: Written) -> Observation:
    draft = _own_draft(request, str(draft_id))
    details: dict[str, Any] = {"by": request.person, "written": written, "now": timezone.now()}
    if draft is None:
        return start_observation(draft_id=draft_id, **details)
    return save_observation(observation=draft, **details)


def _add(request: TenantRequest, observation: Observation, upload: Any) -> None:
    try:
        add_photo(observation=observation, upload=upload, caption="", by=request.person, now=timezone.now())
    except NotAPhoto:
        words = _("“%(name)s” isn’t a photo we can read. Take a JPEG, PNG or WebP.")
        messages.error(request, words % {"name": upload.name})
    except PhotoTooLarge as large:
        words = _("“%(name)s” is too large: 15 MB at most.")
        if large.megapixels:
            words = _("“%(name)s” measures too much: %(most)s million pixels at most.")
        messages.error(request, words % {"name": upload.name, "most": large.megapixels})
    except TooManyPhotos:
        messages.error(request, _("An observation takes %(most)s photos at most.") % {"most": MAX_PHOTOS})


def _share(request: TenantRequest, observation: Observation) -> HttpResponse:
    edit = "classrooms:observation_edit"
    if observation.is_shared and version_of(observation):
        return _changed_meanwhile(request, observation)
    try:
        share_observation(
            observation_id=observation.pk,
            tenant=request.tenant,
            by=request.person,
            now=timezone.now(),
            today=request.today,
        )
    except NothingToShare:
        return problem(
            request,
            _("Choose a pupil, and write something or add a photo, then share."),
            edit,
            observation.pk,
        )
    except FamiliesSeeNothing:
        words = _("Your contract doesn’t open the record to families: it is kept for teachers.")
        return problem(request, words, edit, observation.pk)
    return done(request, _("Shared. Each family who has joined gets a message."), "classrooms:record")


def _share_changes(request: TenantRequest, observation: Observation, *, shown: str | None) -> HttpResponse:
    """Share changes of the version that was looked at, None where others stand meanwhile."""
    edit = "classrooms:observation_edit"
    try:
        if shown is None:
            raise ChangedMeanwhile(observation.pk)
        share_changes(
            observation_id=observation.pk,
            shown=shown,
            tenant=request.tenant,
            by=request.person,
            now=timezone.now(),
            today=request.today,
        )
    except ChangedMeanwhile:
        return _changed_meanwhile(request, observation)
    except NothingToShare:
        words = _("Choose a pupil, and write something or add a photo, then share.")
        return problem(request, words, edit, observation.pk)
    except FamiliesSeeNothing:
        words = _("Your contract doesn’t open the record to families: it is kept for teachers.")
        return problem(request, words, edit, observation.pk)
    return done(request, _("Changes shared: families now read it as it is here."), edit, observation.pk)


def _changed_meanwhile(request: TenantRequest, observation: Observation) -> HttpResponse:
    words = _("Something changed meanwhile. Look at it again, then confirm.")
    return problem(request, words, "classrooms:observation_edit", observation.pk)


def _standing(request: TenantRequest, observation: Observation) -> dict[str, Any]:
    """Return what families read of an observation, who of them has read it, and which photos would go."""
    rows = Observation.objects.filter(pk=observation.pk)
    found = read_by(rows, request.person, request.scope("record.write"), with_changes=True)
    part = part_for(found.get(), request.person.pk)
    removed = observation.photos.visible().filter(pending=Photo.Pending.REMOVED)
    return {"part": part, "removed": removed, "readings": readings_of(observation)}


class ShareObservation(View):
    """Share an observation as it is."""

    permission = "record.write"

    def post(self, request: TenantRequest, observation_id: UUID) -> HttpResponse:
        """Share it."""
        return _share(request, own_observation(request, observation_id))


class ShareChanges(View):
    """Share what changed in an observation since it was shared."""

    permission = "record.write"

    def post(self, request: TenantRequest, observation_id: UUID) -> HttpResponse:
        """Share it."""
        observation = own_observation(request, observation_id)
        return _share_changes(request, observation, shown=request.POST.get("shown", ""))


class DropChanges(View):
    """Give up what changed in an observation since it was shared."""

    permission = "record.write"

    def get(self, request: TenantRequest, observation_id: UUID) -> HttpResponse:
        """Say what will go."""
        observation = own_observation(request, observation_id)
        context = {"observation": observation, "shown": version_of(observation)}
        return render(request, "classrooms/changes_drop.html", context)

    def post(self, request: TenantRequest, observation_id: UUID) -> HttpResponse:
        """Drop it."""
        observation = own_observation(request, observation_id)
        try:
            drop_changes(
                observation_id=observation.pk,
                shown=request.POST.get("shown", ""),
                by=request.person,
                now=timezone.now(),
            )
        except ChangedMeanwhile:
            return _changed_meanwhile(request, observation)
        words = _("Changes dropped: it stands as families read it.")
        return done(request, words, "classrooms:observation_edit", observation.pk)


class UnshareObservation(View):
    """Take an observation back from families."""

    permission = "record.write"

    def post(self, request: TenantRequest, observation_id: UUID) -> HttpResponse:
        """Take it back, and say who had read it."""
        observation = own_observation(request, observation_id)
        readings = readings_of(observation)
        unshare_observation(observation_id=observation.pk, by=request.person, now=timezone.now())
        words = [_("Families no longer see it."), _had_read(readings)]
        return done(request, " ".join(words), "classrooms:observation_edit", observation.pk)


def _had_read(readings: list[FamilyReading]) -> str:
    """Return who had read what is taken back, in words."""
    if not readings:
        return _("No family had read it.")
    names = {child.pk: child.first_name for one in readings for child in one.children}
    if not names:
        return _("A family had read it.")
    return _("It had been read by the family of: %(names)s.") % {"names": ", ".join(names.values())}


class DeleteObservation(View):
    """Delete an observation."""

    permission = "record.write"

    def get(self, request: TenantRequest, observation_id: UUID) -> HttpResponse:
        """Say what will go."""
        observation = own_observation(request, observation_id)
        counts = {"photos": observation.photos.count(), "students": observation.links.count()}
        return render(request, "classrooms/observation_delete.html", {"observation": observation, **counts})

    def post(self, request: TenantRequest, observation_id: UUID) -> HttpResponse:
        """Delete it."""
        delete_observation(
            observation=own_observation(request, observation_id), by=request.person, now=timezone.now()
        )
        return done(request, _("Observation deleted."), "classrooms:record")


class DeletePhoto(View):
    """Delete one photo."""

    permission = "record.write"

    def post(self, request: TenantRequest, photo_id: UUID) -> HttpResponse:
        """Delete it."""
        photo = get_object_or_404(Photo.objects.select_related("observation"), pk=photo_id)
        observation = own_observation(request, photo.observation_id)
        delete_photo(photo=photo, by=request.person, now=timezone.now())
        words = _("Photo deleted.")
        if Photo.objects.filter(pk=photo.pk).exists():
            words = _("Families see this photo until you share the changes.")
        return done(request, words, "classrooms:observation_edit", observation.pk)


class PutPhotoBack(View):
    """Keep a photo that was to go with the changes."""

    permission = "record.write"

    def post(self, request: TenantRequest, photo_id: UUID) -> HttpResponse:
        """Put it back."""
        photo = get_object_or_404(Photo, pk=photo_id)
        observation = own_observation(request, photo.observation_id)
        put_photo_back(photo=photo, by=request.person, now=timezone.now())
        return done(request, _("The photo stays."), "classrooms:observation_edit", observation.pk)


class PhotoFile(View):
    """A photo, for who may read its observation."""

    permission = "record.read"

    def get(self, request: TenantRequest, photo_id: UUID) -> HttpResponseBase:
        """Hand it out."""
        photo = get_object_or_404(Photo.objects.visible(), pk=photo_id)
        observation_of(request, photo.observation_id)
        return photo_response(photo)


def photo_response(photo: Photo) -> HttpResponseBase:
    """Return a photo's file, never to be kept by anything between us and the reader."""
    try:
        response = FileResponse(photo.file.open("rb"), content_type="image/jpeg")
    except FileNotFoundError:
        raise Http404 from None
    response.headers["Cache-Control"] = "private, no-store"
    return response
