"""What guardians see: their children's news, progress and record."""

from datetime import date
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from classrooms.actions.read_observation import answer, mark_read, thank
from classrooms.forms.school import AnswerForm
from classrooms.models import Guardian, Observation, Photo, ReadReceipt, Student
from classrooms.policy.changes import BEFORE_CHANGE, reading_state
from classrooms.queries.annex import guardians_see
from classrooms.queries.circles import children_of
from classrooms.queries.family import competencies_for_family, may_read, news, progress_seen
from classrooms.queries.lists import with_class
from classrooms.queries.reading import part_for
from classrooms.queries.student_page import year_points
from classrooms.views.parts import done
from classrooms.views.record import photo_response
from people.requests import TenantRequest

PER_PAGE = 10


class _FamilyPage(View):
    """A page about one child: the one asked for, the last one looked at, or the first."""

    template = ""

    def get(self, request: TenantRequest, child_id: UUID | None = None) -> HttpResponse:
        """Show the child's page; without a child, say so."""
        children = list(with_class(children_of(request.person)).by_name())
        if not children and child_id is not None:
            raise Http404
        if not children:
            return render(request, "classrooms/family_empty.html")
        child = _chosen(request, children, child_id)
        request.session["child"] = str(child.pk)
        sight = guardians_see(request.tenant, request.today)
        context = {
            "child": child,
            "others": [other for other in children if other.pk != child.pk],
            "sight": sight,
            "here": request.resolver_match.view_name,
        }
        return render(request, self.template, context | self.about(request, child, sight))

    def about(self, request: TenantRequest, child: Student, sight: str) -> dict[str, Any]:
        """Return what this page shows of a child."""
        raise NotImplementedError


def _chosen(request: TenantRequest, children: list[Student], child_id: UUID | None) -> Student:
    asked = child_id or request.GET.get("child")
    if asked:
        found = next((child for child in children if str(child.pk) == str(asked)), None)
        if found is None:
            raise Http404
        return found
    last = request.session.get("child")
    return next((child for child in children if str(child.pk) == last), children[0])


class FamilyNews(_FamilyPage):
    """What was shared of a child, newest first."""

    permission = "family.read"
    template = "classrooms/family_news.html"

    def about(self, request: TenantRequest, child: Student, sight: str) -> dict[str, Any]:
        """Return the news; what is shown is read."""
        guardian = _guardian(request)
        rows = news(child, guardian=guardian, sight=sight)
        page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
        posts = [_post(observation) for observation in page]
        mark_read(
            guardian=guardian, observation_ids=[post["observation"].pk for post in posts], now=timezone.now()
        )
        return {
            "page_obj": page,
            "posts": posts,
            "form": AnswerForm(),
            "points": _points(child, request, sight),
        }


def _post(observation: Any) -> dict[str, Any]:
    mine = observation.mine[0] if observation.mine else None
    return {
        "observation": observation,
        "part": part_for(observation, None),
        "mine": mine,
        "is_new": mine is None,
        "is_changed": mine is not None and _is_changed(observation, mine),
    }


def _is_changed(observation: Observation, mine: ReadReceipt) -> bool:
    """Return whether a change was shared since a guardian read this."""
    state = reading_state(
        read_at=mine.last_read_at,
        shared_at=observation.shared_at,
        changes_shared_at=observation.changes_shared_at,
    )
    return state == BEFORE_CHANGE


class FamilyProgress(_FamilyPage):
    """How far a child is."""

    permission = "family.read"
    template = "classrooms/family_progress.html"

    def about(self, request: TenantRequest, child: Student, sight: str) -> dict[str, Any]:
        """Return the drawings."""
        counts = competencies_for_family(child, sight=sight)
        return {"points": _points(child, request, sight), "competencies": counts}


class FamilyRecord(_FamilyPage):
    """All that was shared of a child, by day."""

    permission = "family.read"
    template = "classrooms/family_record.html"

    def about(self, request: TenantRequest, child: Student, sight: str) -> dict[str, Any]:
        """Return the record."""
        rows = news(child, guardian=_guardian(request), sight=sight).order_by("-observed_on", "id")
        return {"page_obj": Paginator(rows, 30).get_page(request.GET.get("page"))}


def _points(child: Student, request: TenantRequest, sight: str) -> list[tuple[date, int]]:
    """Return the weeks of a child's curve, none where families don't see it."""
    return year_points(child, request.today) if progress_seen(child.pk, sight=sight) else []


def _guardian(request: TenantRequest) -> Guardian:
    return get_object_or_404(Guardian, person=request.person)


def _readable(request: TenantRequest, observation_id: UUID) -> Observation:
    observation = may_read(request.person, observation_id, tenant=request.tenant, today=request.today)
    if observation is None:
        raise Http404
    return observation


class Thank(View):
    """Say thank you."""

    permission = "family.read"

    def post(self, request: TenantRequest, observation_id: UUID) -> HttpResponse:
        """Remember it."""
        observation = _readable(request, observation_id)
        thank(guardian=_guardian(request), observation=observation, now=timezone.now())
        return redirect(f"{reverse('classrooms:family')}#post-{observation.pk}")


class Answer(View):
    """Answer the teacher."""

    permission = "family.read"

    def post(self, request: TenantRequest, observation_id: UUID) -> HttpResponse:
        """Keep the answer."""
        observation = _readable(request, observation_id)
        form = AnswerForm(request.POST)
        if form.is_valid():
            answer(
                guardian=_guardian(request),
                observation=observation,
                text=form.cleaned_data["answer"],
                now=timezone.now(),
            )
            return done(request, _("Your answer has been sent to the teacher."), "classrooms:family")
        return redirect(f"{reverse('classrooms:family')}#post-{observation.pk}")


class FamilyPhoto(View):
    """A photo, for the guardians of the children it shows, while it is shared."""

    permission = "family.read"

    def get(self, request: TenantRequest, photo_id: UUID) -> HttpResponseBase:
        """Hand it out."""
        photo = get_object_or_404(Photo.objects.shown(), pk=photo_id)
        _readable(request, photo.observation_id)
        return photo_response(photo)
