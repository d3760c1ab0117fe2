"""Cards to sign in with, printed per class."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.generic import View

from classrooms.actions.open_accounts import print_cards
from classrooms.forms.school import CardsForm
from classrooms.gateways.qr import qr_code
from classrooms.policy.declaration import VERSION
from classrooms.policy.guardian_information import GuardiansNotInformed
from classrooms.queries.circles import leaving_seen_by, students_seen_by
from classrooms.queries.informed import without_notice
from classrooms.views.parts import class_of, problem, tell_who_is_leaving, uuids
from exports.gateways.pdf import render as pdf
from people.actions.guard import CannotGive
from people.requests import TenantRequest
from tenants.queries import tenant_url


class ClassCards(View):
    """Choose pupils of a class, print their cards."""

    permission = "students.write"

    def get(self, request: TenantRequest, class_id: UUID) -> HttpResponse:
        """Show who has an account."""
        school_class = class_of(request, class_id, "students.write")
        pupils = self._pupils(request, school_class)
        new = [student.pk for student in pupils if student.person_id is None]
        form = CardsForm(students=pupils, initial={"students": new})
        return render(request, "classrooms/cards.html", {"school_class": school_class, "form": form})

    def post(self, request: TenantRequest, class_id: UUID) -> HttpResponse:
        """Return the cards as a PDF; nothing is printed unless guardians were informed."""
        school_class = class_of(request, class_id, "students.write")
        form = CardsForm(request.POST, students=self._pupils(request, school_class))
        if not form.is_valid():
            gone = leaving_seen_by(request.person, request.scope("students.write"))
            tell_who_is_leaving(gone.filter(pk__in=uuids(request.POST.getlist("students"))))
            return render(
                request, "classrooms/cards.html", {"school_class": school_class, "form": form}, status=400
            )
        try:
            cards = print_cards(
                students=form.cleaned_data["students"],
                declaration=VERSION,
                tenant=request.tenant,
                by=request.person,
                now=timezone.now(),
                today=request.today,
            )
        except GuardiansNotInformed:
            asked = without_notice(form.cleaned_data["students"], today=request.today)
            words = _(
                "Guardians must have been informed before accounts are opened: put it on record, then print "
                "the cards. Not informed yet: those of %(names)s."
            ) % {"names": ", ".join(each.full_name for each in asked)}
            return problem(request, words, "classrooms:class_informed", school_class.pk)
        except CannotGive:
            return problem(
                request,
                _("Your role can’t open accounts: ask an administrator."),
                "classrooms:class",
                class_id,
            )
        return as_pdf(request, school_class.name, cards)

    def _pupils(self, request: TenantRequest, school_class: Any) -> Any:
        return (
            students_seen_by(request.person, request.scope("students.write"))
            .in_class(school_class)
            .active()
            .by_name()
        )


def as_pdf(request: TenantRequest, name: str, cards: Any) -> HttpResponse:
    """Return cards to sign in with as a PDF that nobody keeps."""
    address = tenant_url(request.tenant, reverse("account_login"))
    pairs = [cards[start : start + 2] for start in range(0, len(cards), 2)]
    context = {"tenant": request.tenant, "pairs": pairs, "host": request.get_host(), "name": name}
    context["qr"] = mark_safe(qr_code(address))  # noqa: S308  our own drawing of our own address
    document = pdf("classrooms/pdf/cards.html", context, language=get_language() or "fr")
    response = HttpResponse(document, content_type="application/pdf")
    response.headers["Content-Disposition"] = content_disposition_header(True, f"{name}.pdf")
    response.headers["Cache-Control"] = "no-store"
    return response
