"""What a parent does for their household: its children and their accounts."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from classrooms.actions.add_child import add_child
from classrooms.actions.open_accounts import print_cards
from classrooms.actions.save_student import change_student
from classrooms.forms.school import ChildCardForm, ChildForm
from classrooms.forms.words import household_refusal
from classrooms.models import Household, Student
from classrooms.policy.declaration import OF_A_PARENT
from classrooms.policy.licences import LicencesUsedUp
from classrooms.queries.annex import allowed_fields
from classrooms.queries.circles import household_children, leaving_household_children
from classrooms.queries.seats import seats
from classrooms.views.cards import as_pdf
from classrooms.views.parts import done, tell_who_is_leaving
from isolation.policy.guards import guards
from people.requests import TenantRequest
from tenants.queries import public_url


@guards("household")
def _household(request: TenantRequest) -> Household:
    """Return the household of who asks; any other doesn't exist."""
    household = Household.objects.filter(guardians__person=request.person).first()
    if household is None:
        raise Http404
    return household


def _child(request: TenantRequest, child_id: UUID) -> Student:
    tell_who_is_leaving(leaving_household_children(request.person).filter(pk=child_id))
    rows = household_children(request.person).select_related("person")
    return get_object_or_404(rows, pk=child_id)


class HouseholdPage(View):
    """The children, whether they can sign in, and how many more the subscription is for."""

    permission = "household.write"

    def get(self, request: TenantRequest) -> HttpResponse:
        """Show them."""
        household = _household(request)
        context = {
            "children": household_children(request.person).select_related("person").by_name(),
            "seats": seats(request.tenant, request.today, household_id=household.pk),
            "house": public_url(),
        }
        return render(request, "classrooms/household.html", context)


class AddChild(View):
    """Add a child."""

    permission = "household.write"

    def get(self, request: TenantRequest) -> HttpResponse:
        """Show an empty form."""
        _household(request)
        return _form(request, ChildForm(**_given(request)))

    def post(self, request: TenantRequest) -> HttpResponse:
        """Add the child, if a licence is free."""
        household = _household(request)
        form = ChildForm(request.POST, **_given(request))
        if not form.is_valid():
            return _form(request, form)
        try:
            child = add_child(
                fields=form.written,
                household=household,
                tenant=request.tenant,
                by=request.person,
                now=timezone.now(),
                today=request.today,
            )
        except LicencesUsedUp as refused:
            form.add_error(None, household_refusal(refused))
            return _form(request, form)
        return done(
            request, _("%(name)s has been added.") % {"name": child.full_name}, "classrooms:household"
        )


class EditChild(View):
    """Correct what is written about a child."""

    permission = "household.write"

    def get(self, request: TenantRequest, child_id: UUID) -> HttpResponse:
        """Show the form."""
        child = _child(request, child_id)
        return _form(request, ChildForm(instance=child, **_given(request)), child)

    def post(self, request: TenantRequest, child_id: UUID) -> HttpResponse:
        """Save it."""
        child = _child(request, child_id)
        form = ChildForm(request.POST, instance=child, **_given(request))
        if not form.is_valid():
            return _form(request, form, child)
        change_student(
            student=child,
            fields=form.written,
            class_id=None,
            by=request.person,
            now=timezone.now(),
            today=request.today,
        )
        return done(request, _("Saved."), "classrooms:household")


class ChildCard(View):
    """A card with which a child signs in: their account is opened by it."""

    permission = "household.write"

    def get(self, request: TenantRequest, child_id: UUID) -> HttpResponse:
        """Ask for the parent's declaration."""
        return self._page(request, _child(request, child_id), ChildCardForm())

    def post(self, request: TenantRequest, child_id: UUID) -> HttpResponse:
        """Return the card as a PDF; an earlier card opens nothing any more."""
        child = _child(request, child_id)
        form = ChildCardForm(request.POST)
        if not form.is_valid():
            return self._page(request, child, form)
        cards = print_cards(
            students=[child],
            declaration=OF_A_PARENT,
            tenant=request.tenant,
            by=request.person,
            now=timezone.now(),
            today=request.today,
        )
        return as_pdf(request, child.full_name, cards)

    def _page(self, request: TenantRequest, child: Student, form: ChildCardForm) -> HttpResponse:
        context = {"child": child, "form": form}
        return render(request, "classrooms/child_card.html", context, status=400 if form.is_bound else 200)


def _given(request: TenantRequest) -> dict[str, Any]:
    return {"allowed": allowed_fields(request.tenant, request.today)["student"], "today": request.today}


def _form(request: HttpRequest, form: ChildForm, child: Student | None = None) -> HttpResponse:
    context = {"form": form, "child": child}
    return render(request, "classrooms/child_form.html", context, status=400 if form.is_bound else 200)
