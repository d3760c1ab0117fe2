"""People's requests: asked by somebody of their own data, and answered by who decides here."""

from abc import abstractmethod
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from classrooms.forms.words import licence_refusal
from classrooms.policy.licences import LicencesUsedUp
from classrooms.queries.circles import children_of
from dpa.actions.answer_request import (
    AnsweredAlready,
    NothingAsked,
    answer_request,
    ask_identity,
    extend_request,
    note_identity,
    say_whom,
    withdraw_request,
)
from dpa.actions.freeze import (
    FrozenAlready,
    GoesMeanwhile,
    NobodyToFreeze,
    NotFrozen,
    freeze,
    thaw,
)
from dpa.actions.open_request import open_request
from dpa.forms import AnswerForm, AskForm, ExtendForm, RecordRequestForm, SubjectsForm
from dpa.models import DataRequest
from dpa.policy.requests import ExtendedAlready, ProofKept, TooLateToExtend
from dpa.queries.requests import (
    erasures_for,
    frozen_for,
    instructions_for,
    named,
    proposals,
    request_with,
    requests_here,
    requests_of,
    suggested_for,
)
from dpa.queries.subjects import subjects_of
from exports.gateways.csv import csv_response
from people.actions.guard import CannotGive, LastAdministrator
from people.models import Person
from people.requests import PersonRequest, TenantRequest

A_PAGE = 50
REFUSALS: dict[type[Exception], Callable[[], str]] = {
    AnsweredAlready: lambda: _("This request has been answered already."),
    NothingAsked: lambda: _("No proof of identity was asked for."),
    ProofKept: lambda: _("Destroy the copy of the identity papers first, and say so here."),
    ExtendedAlready: lambda: _("The time was extended once already: answer within it."),
    TooLateToExtend: lambda: _("The time is over: answer now."),
    NobodyToFreeze: lambda: _("Say first whom this request is about."),
    FrozenAlready: lambda: _("This data is frozen already."),
    NotFrozen: lambda: _("Nothing is frozen for this request."),
    GoesMeanwhile: lambda: _("A deletion is under way: it ends the freeze by itself, or is undone first."),
    LastAdministrator: lambda: _("This is the last administrator: name another one first."),
    CannotGive: lambda: _("This person holds rights that you don’t have: ask an administrator who has them."),
}


class RequestList(View):
    """The register of requests: what is asked, by when it is answered, what became of it; no names."""

    permission = "privacy.read"

    def get(self, request: TenantRequest) -> HttpResponse:
        """Show or download it."""
        state = request.GET.get("state", "")
        rows = list(requests_here(state=state if state in DataRequest.State.values else ""))
        if request.GET.get("format") == "csv":
            return self.as_csv(rows)
        now = timezone.now()
        waiting = [row for row in rows if row.is_open]
        context = {
            "page_obj": Paginator(rows, A_PAGE).get_page(request.GET.get("page")),
            "states": DataRequest.State.choices,
            "state": state,
            "waiting": len(waiting),
            "next_due": min((row.due_at for row in waiting), default=None),
            "now": now,
        }
        return render(request, "dpa/requests.html", context)

    def as_csv(self, rows: list[DataRequest]) -> HttpResponse:
        """Return it as a table."""
        header = [
            _("Reference"),
            _("What is asked"),
            _("How it came"),
            _("Received"),
            _("To be answered by"),
            _("State"),
            _("Answered"),
        ]
        lines = (
            [
                row.reference,
                row.get_right_display(),
                row.get_origin_display(),
                row.received_at,
                row.due_at,
                row.get_state_display(),
                row.answered_at,
            ]
            for row in rows
        )
        return csv_response(_("requests"), header, lines)


class NewRequest(View):
    """Record a request that came by letter, mail, or at the desk."""

    permission = "erasures.write"

    def get(self, request: TenantRequest) -> HttpResponse:
        """Show the form."""
        now = timezone.now()
        return self.page(
            request, RecordRequestForm(initial={"received_at": timezone.localtime(now)}, now=now)
        )

    def post(self, request: TenantRequest) -> HttpResponse:
        """Enter it in the register, and go on to whom it is about."""
        now = timezone.now()
        form = RecordRequestForm(request.POST, now=now)
        if not form.is_valid():
            return self.page(request, form)
        found = open_request(origin=DataRequest.Origin.STAFF, by=request.person, now=now, **form.cleaned_data)
        messages.success(request, _("In the register. Whom is it about?"))
        return redirect("dpa:request", found.pk)

    def page(self, request: TenantRequest, form: RecordRequestForm) -> HttpResponse:
        """Return the page with this form."""
        return render(request, "dpa/request_new.html", {"form": form}, status=400 if form.errors else 200)


class MyRequests(View):
    """What somebody asks about their own data or their child's, and what was answered."""

    permission = "signed-in"

    def get(self, request: TenantRequest) -> HttpResponse:
        """Show the form and what was asked before."""
        form = AskForm(choices=_about(request.person), initial={"right": request.GET.get("right", "")})
        return self.page(request, form)

    def post(self, request: TenantRequest) -> HttpResponse:
        """Leave the request."""
        choices = _about(request.person)
        form = AskForm(request.POST, choices=choices)
        if not form.is_valid():
            return self.page(request, form)
        now = timezone.now()
        asked = open_request(
            right=form.cleaned_data["right"],
            words=form.cleaned_data["words"],
            origin=DataRequest.Origin.APP,
            received_at=now,
            now=now,
            by=request.person,
            person_id=request.person.pk,
            subjects=[UUID(form.cleaned_data["about"] or choices[0][0])],
        )
        words = _("Your request %(reference)s is recorded. You have the answer by e-mail.")
        messages.success(request, words % {"reference": asked.reference})
        return redirect("dpa:my_requests")

    def page(self, request: TenantRequest, form: AskForm) -> HttpResponse:
        """Return the page with this form."""
        context = {"form": form, "rows": requests_of(request.person)}
        return render(request, "dpa/my_requests.html", context, status=400 if form.errors else 200)


def _about(person: Person) -> list[tuple[str, str]]:
    """Return oneself and one's children, as choices."""
    children = [(str(child.pk), child.full_name) for child in children_of(person).by_name()]
    return [(str(person.pk), _("me")), *children]


class WithdrawRequest(View):
    """Take one's own request back."""

    permission = "signed-in"

    def post(self, request: TenantRequest, request_id: UUID) -> HttpResponse:
        """Close it; another's doesn't exist."""
        mine = next((one for one in requests_of(request.person) if one.pk == request_id), None)
        if mine is None:
            raise Http404
        try:
            withdraw_request(request=mine, by=request.person, now=timezone.now())
        except AnsweredAlready:
            messages.info(request, REFUSALS[AnsweredAlready]())
        else:
            messages.success(request, _("Your request is taken back."))
        return redirect("dpa:my_requests")


class RequestPage(View):
    """One request: what is asked, by when, what is prepared, the answer."""

    permission = "erasures.write"
    template = "dpa/request.html"

    def stay(self, tenant_id: UUID | None) -> AbstractContextManager[Any]:
        """Return the stay in which the request is read and answered: here, where we are."""
        return nullcontext()

    def back(self, request_id: UUID, tenant_id: UUID | None) -> HttpResponse:
        """Return the way to the page of the request."""
        return redirect("dpa:request", request_id)

    def get(self, request: PersonRequest, request_id: UUID, tenant_id: UUID | None = None) -> HttpResponse:
        """Show it."""
        return self.page(request, request_id, tenant_id)

    def page(
        self, request: PersonRequest, request_id: UUID, tenant_id: UUID | None, **forms: Any
    ) -> HttpResponse:
        """Return the page, with a form that was filled in wrong."""
        with self.stay(tenant_id):
            known = self.shown(request, found(request_id))
        context = {**known, "tenant_id": tenant_id, "now": timezone.now()}
        context |= {"answer_form": AnswerForm(), "extend_form": ExtendForm(), **forms}
        return render(request, self.template, context, status=400 if forms else 200)

    def shown(self, request: PersonRequest, asked: DataRequest) -> dict[str, Any]:
        """Return what the page says, read whole."""
        return {
            "asked": asked,
            "named": named(asked),
            "frozen": frozen_for(asked),
            "erasures": erasures_for(asked),
        }


class TenantRequestPage(RequestPage):
    """A request at the controller's, with what is prepared."""

    def shown(self, request: PersonRequest, asked: DataRequest) -> dict[str, Any]:
        """Return what the page says, with proposals and what the operator was told of it."""
        told = {
            "proposals": proposals(asked),
            "instructions": instructions_for(request.tenant.pk, asked.pk) if request.tenant else [],
        }
        return super().shown(request, asked) | told


def chosen_of(asked: DataRequest) -> dict[str, Any]:
    """Return whom a request is about, by the fields of its form."""
    if not asked.subjects:
        return {}
    found = subjects_of(asked.subjects)
    own = {one.person_id for one in found.students}
    return {
        "students": [one.pk for one in found.students],
        "people": [one.pk for one in found.people if one.pk not in own],
        "guardians": [one.pk for one in found.guardians if one.person_id is None],
    }


def found(request_id: UUID) -> DataRequest:
    """Return a request of the place we are in. Raises Http404."""
    asked = request_with(request_id)
    if asked is None:
        raise Http404
    return asked


class SaySubjects(View):
    """Say whom a request is about; who has the address it came from is proposed."""

    permission = "erasures.write"

    def get(self, request: TenantRequest, request_id: UUID) -> HttpResponse:
        """Show the form."""
        asked = found(request_id)
        stands = chosen_of(asked)
        suggested = {} if stands else suggested_for(asked)
        form = SubjectsForm(initial=stands or suggested, find=request.GET)
        return self.page(request, asked, form, suggested=bool(suggested))

    def post(self, request: TenantRequest, request_id: UUID) -> HttpResponse:
        """Keep it."""
        asked = found(request_id)
        form = SubjectsForm(request.POST, initial=chosen_of(asked) or suggested_for(asked))
        if not form.is_valid():
            return self.page(request, asked, form)
        try:
            say_whom(request=asked, subjects=form.ids(), by=request.person, now=timezone.now())
        except AnsweredAlready:
            messages.error(request, REFUSALS[AnsweredAlready]())
        return redirect("dpa:request", request_id)

    def page(
        self, request: TenantRequest, asked: DataRequest, form: SubjectsForm, *, suggested: bool = False
    ) -> HttpResponse:
        """Return the page with this form."""
        context = {"asked": asked, "form": form, "suggested": suggested}
        return render(request, "dpa/request_subjects.html", context, status=form.status)


class _Act(RequestPage):
    """A verb on a request: done and told, or refused with why."""

    http_method_names = ("post",)
    told: Any = ""

    @abstractmethod
    def do(self, request: PersonRequest, asked: DataRequest, now: datetime, **said: Any) -> object:
        """Do it."""

    def read(self, request: PersonRequest) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return what was filled in, and the form by its name where something is wrong with it."""
        return {}, {}

    def post(self, request: PersonRequest, request_id: UUID, tenant_id: UUID | None = None) -> HttpResponse:
        """Do it, or say why not."""
        said, wrong = self.read(request)
        if wrong:
            return self.page(request, request_id, tenant_id, **wrong)
        try:
            with self.stay(tenant_id):
                self.do(request, found(request_id), timezone.now(), **said)
        except LicencesUsedUp as refused:
            messages.error(request, licence_refusal(refused))
        except tuple(REFUSALS) as refused:
            messages.error(request, REFUSALS[type(refused)]())
        else:
            messages.success(request, str(self.told))
        return self.back(request_id, tenant_id)


class AskIdentity(_Act):
    """Ask who asks to prove who they are."""

    told = gettext_lazy("The person is asked by e-mail. The time goes on running.")

    def do(self, request: PersonRequest, asked: DataRequest, now: datetime, **said: Any) -> object:
        """Ask."""
        return ask_identity(request=asked, by=request.person, now=now)


class IdentitySeen(_Act):
    """Note that the identity was proved, or that the copy of the papers is destroyed."""

    told = gettext_lazy("Noted, with your name and the time.")

    def do(self, request: PersonRequest, asked: DataRequest, now: datetime, **said: Any) -> object:
        """Note it."""
        is_gone = request.POST.get("gone") == "1"
        return note_identity(request=asked, is_gone=is_gone, by=request.person, now=now)


class Extend(_Act):
    """Take two months more, with why."""

    told = gettext_lazy("Two months more. The person is told why.")

    def read(self, request: PersonRequest) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the reason."""
        form = ExtendForm(request.POST)
        return (form.cleaned_data, {}) if form.is_valid() else ({}, {"extend_form": form})

    def do(self, request: PersonRequest, asked: DataRequest, now: datetime, **said: Any) -> object:
        """Extend it."""
        return extend_request(request=asked, by=request.person, now=now, **said)


class AnswerRequest(_Act):
    """Grant or refuse."""

    told = gettext_lazy("Answered. The person gets your words by e-mail, if there is an address.")

    def read(self, request: PersonRequest) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the decision and its words."""
        form = AnswerForm(request.POST)
        if not form.is_valid():
            return {}, {"answer_form": form}
        said = form.cleaned_data
        return {"is_granted": said["is_granted"] == "yes", "answer": said["answer"]}, {}

    def do(self, request: PersonRequest, asked: DataRequest, now: datetime, **said: Any) -> object:
        """Answer it."""
        return answer_request(request=asked, by=request.person, now=now, **said)


class Freeze(_Act):
    """Freeze the data a request is about."""

    told = gettext_lazy("Frozen: it is kept, and nobody sees it but who exports it.")

    def do(self, request: PersonRequest, asked: DataRequest, now: datetime, **said: Any) -> object:
        """Freeze it."""
        return freeze(request=asked, by=request.person, now=now)


class Thaw(_Act):
    """Lift the freeze."""

    told = gettext_lazy("Lifted: all is as it was. The person is told.")

    def do(self, request: PersonRequest, asked: DataRequest, now: datetime, **said: Any) -> object:
        """Lift it."""
        return thaw(request=asked, by=request.person, now=now)
