"""Breaches in a tenant's privacy centre: what it was told, its 72 hours, what it decides, its drafts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from contracts.labels import number_text
from dpa.actions.print_breach import authority_pdf
from dpa.actions.respond_to_breach import (
    decide_on_authority,
    decide_on_people,
    mark_authority_notified,
    note_seen,
    save_authority_draft,
    tell_people,
)
from dpa.forms import AuthorityForm, DraftForm, NotifiedForm, PeopleForm
from dpa.models import BreachResponse
from dpa.policy.breaches import AuthorityClock, NotDecided, NothingToSay, OnlyADrill
from dpa.queries.breach_mails import told_in
from dpa.queries.breach_texts import Told, authority_draft, people_drafts
from dpa.queries.breaches import (
    clock_of,
    messages_to_people,
    notices_here,
    response_to,
    scope_told,
)
from people.requests import PersonRequest, TenantRequest

LANGUAGES = ("fr", "en")
ACTS = (
    "decide",
    "notified",
    "authority",
    "authority_save",
    "authority_pdf",
    "people",
    "people_save",
    "people_send",
)


@dataclass(frozen=True, slots=True)
class Case:
    """A breach as its controller sees it: what is known, what they decided, their clock."""

    breach_id: UUID
    told: Told
    response: BreachResponse
    clock: AuthorityClock | None
    controller: str
    is_drill: bool
    notices: list[Any]


class ControllersPage(View):
    """What pages of a controller on one breach have in common; the operator's desk has its own."""

    layout = "layouts/tenant.html"
    prefix = "dpa:breach"
    may_write = "privacy.write"

    def case(self, request: PersonRequest, breach_id: UUID) -> Case:
        """Return the breach for who asks. Raises Http404 for one that doesn't concern them."""
        tenant: Any = request.tenant
        notices = notices_here(tenant.pk, breach_id)
        if not notices:
            raise Http404
        response = response_to(breach_id, is_drill=notices[0].is_drill)
        return Case(
            breach_id,
            told_in(notices[-1]),
            response,
            clock_of(notices, response),
            tenant.name,
            notices[0].is_drill,
            notices,
        )

    def tell(self, request: PersonRequest, case: Case, now: datetime) -> int:
        """Return to how many people messages leave. Raises OnlyADrill, NotDecided, NothingToSay."""
        notice = case.notices[-1]
        return tell_people(
            response=case.response,
            scope=scope_told(notice),
            counted=notice.told["people"],
            by=request.person,
            now=now,
        )

    def shown(self, request: PersonRequest, case: Case, **more: Any) -> dict[str, Any]:
        """Return what every page of a case says."""
        now = timezone.now()
        return {
            "layout": self.layout,
            "case": case,
            "told": case.told,
            "response": case.response,
            "clock": case.clock,
            "hours_left": case.clock.hours_left(now) if case.clock else None,
            "is_late": case.clock.is_late(now) if case.clock else False,
            "may_write": self.may_write in request.permissions,
            "urls": {name: f"{self.prefix}_{name}" for name in ACTS} | {"page": self.prefix},
            "languages": LANGUAGES,
        } | more

    def back(self, breach_id: UUID) -> HttpResponse:
        """Return to the page of the breach."""
        return redirect(self.prefix, breach_id)


class BreachList(View):
    """The breaches a tenant was told of."""

    permission = "privacy.read"

    def get(self, request: TenantRequest) -> HttpResponse:
        """Show them, the newest first."""
        last = {notice.breach_id: notice for notice in notices_here(request.tenant.pk)}
        rows = []
        for breach_id, notice in last.items():
            notices = notices_here(request.tenant.pk, breach_id)
            response = response_to(breach_id, is_drill=notice.is_drill)
            rows.append(
                {
                    "notice": notice,
                    "told": told_in(notice),
                    "response": response,
                    "clock": clock_of(notices, response),
                }
            )
        return render(request, "dpa/breaches.html", {"rows": rows[::-1], "now": timezone.now()})


class BreachPage(ControllersPage):
    """A breach: figures, clock, decisions, what is to be done."""

    permission = "privacy.read"
    template = "dpa/breach.html"

    def get(self, request: PersonRequest, breach_id: UUID) -> HttpResponse:
        """Show it; who decides here knows of it from then on."""
        case = self.case(request, breach_id)
        if self.may_write in request.permissions and case.response.seen_at is None:
            note_seen(response=case.response, by=request.person, now=timezone.now())
            case = self.case(request, breach_id)
        return self.page(request, case)

    def page(self, request: PersonRequest, case: Case, **forms: Any) -> HttpResponse:
        """Return the page, with a form that was filled in wrong."""
        response = case.response
        decided = response.authority if response.authority != response.Decision.OPEN else None
        initial = {"authority": decided, "authority_reason": response.authority_reason}
        told_at = timezone.localtime(response.notified_at) if response.notified_at else None
        known: dict[str, Any] = {
            "authority_form": AuthorityForm(initial=initial),
            "notified_form": NotifiedForm(
                initial={"notified_at": told_at, "receipt": response.receipt}, now=timezone.now()
            ),
            "messages_sent": messages_to_people(case.breach_id),
        }
        context = self.shown(request, case, **{**known, **forms})
        return render(request, self.template, context, status=400 if forms else 200)


class Decide(BreachPage):
    """Decide whether the authority is notified."""

    permission = "privacy.write"
    http_method_names = ("post",)

    def post(self, request: PersonRequest, breach_id: UUID) -> HttpResponse:
        """Keep the decision and why."""
        case = self.case(request, breach_id)
        form = AuthorityForm(request.POST)
        if not form.is_valid():
            return self.page(request, case, authority_form=form)
        decide_on_authority(
            response=case.response,
            notifies=form.cleaned_data["authority"] == BreachResponse.Decision.YES,
            reason=form.cleaned_data["authority_reason"],
            by=request.person,
            now=timezone.now(),
        )
        messages.success(request, _("Your decision is kept, with its reason."))
        return self.back(breach_id)


class Notified(BreachPage):
    """Keep that the authority was notified."""

    permission = "privacy.write"
    http_method_names = ("post",)

    def post(self, request: PersonRequest, breach_id: UUID) -> HttpResponse:
        """Keep when, and the receipt."""
        case = self.case(request, breach_id)
        now = timezone.now()
        form = NotifiedForm(request.POST, now=now)
        if not form.is_valid():
            return self.page(request, case, notified_form=form)
        at = form.cleaned_data["notified_at"]
        receipt = form.cleaned_data["receipt"]
        mark_authority_notified(response=case.response, at=at, receipt=receipt, by=request.person, now=now)
        messages.success(request, _("Kept: the authority was notified."))
        return self.back(breach_id)


class AuthorityDraft(ControllersPage):
    """The draft for the authority, under its own headings."""

    permission = "privacy.read"
    template = "dpa/breach_authority.html"

    def get(self, request: PersonRequest, breach_id: UUID, language: str) -> HttpResponse:
        """Show it, to be corrected before it is used."""
        case = self.case(request, breach_id)
        return self.page(request, case, language, DraftForm(initial=self.draft(case, language)))

    def draft(self, case: Case, language: str) -> dict[str, str]:
        """Return the draft by heading. Raises Http404 in a language there isn't."""
        if language not in LANGUAGES:
            raise Http404
        return authority_draft(
            case.told,
            case.response,
            controller=case.controller,
            clock=case.clock,
            now=timezone.now(),
            language=language,
        )

    def page(self, request: PersonRequest, case: Case, language: str, form: DraftForm) -> HttpResponse:
        """Return the page with this form."""
        context = self.shown(request, case, form=form, language=language)
        return render(request, self.template, context, status=400 if form.errors else 200)


class SaveAuthorityDraft(AuthorityDraft):
    """Keep a corrected draft for the authority."""

    permission = "privacy.write"
    http_method_names = ("post",)

    def post(self, request: PersonRequest, breach_id: UUID, language: str) -> HttpResponse:
        """Keep it."""
        case = self.case(request, breach_id)
        form = DraftForm(request.POST, initial=self.draft(case, language))
        if not form.is_valid():
            return self.page(request, case, language, form)
        save_authority_draft(
            response=case.response,
            language=language,
            texts=form.cleaned_data,
            by=request.person,
            now=timezone.now(),
        )
        messages.success(request, _("The draft is kept."))
        return redirect(f"{self.prefix}_authority", breach_id, language)


class AuthorityPaper(AuthorityDraft):
    """The draft for the authority on paper."""

    permission = "privacy.read"

    def get(self, request: PersonRequest, breach_id: UUID, language: str) -> HttpResponse:
        """Return the PDF."""
        case = self.case(request, breach_id)
        draft = self.draft(case, language)
        content = authority_pdf(
            draft,
            tenant=request.tenant,
            controller=case.controller,
            reference=case.told.reference,
            is_drill=case.is_drill,
            now=timezone.now(),
            language=language,
        )
        name = f"{_('breach')}-{case.told.reference}-{language}.pdf"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(content, content_type="application/pdf", headers=headers)


class PeopleDraft(ControllersPage):
    """Whether and in which words the people are told."""

    permission = "privacy.read"
    template = "dpa/breach_people.html"

    def get(self, request: PersonRequest, breach_id: UUID) -> HttpResponse:
        """Show the decision and the words."""
        case = self.case(request, breach_id)
        return self.page(request, case, PeopleForm(initial=self.initial(case)))

    def initial(self, case: Case) -> dict[str, Any]:
        """Return what stands."""
        response = case.response
        decided = response.people if response.people != response.Decision.OPEN else None
        drafts = people_drafts(case.told, response, controller=case.controller, contact="")
        return {"people": decided, "people_reason": response.people_reason, **drafts}

    def page(self, request: PersonRequest, case: Case, form: PeopleForm) -> HttpResponse:
        """Return the page with this form."""
        context = self.shown(request, case, form=form, messages_sent=messages_to_people(case.breach_id))
        return render(request, self.template, context, status=400 if form.errors else 200)


class SavePeopleDraft(PeopleDraft):
    """Decide whether the people are told, and keep the words."""

    permission = "privacy.write"
    http_method_names = ("post",)

    def post(self, request: PersonRequest, breach_id: UUID) -> HttpResponse:
        """Keep both."""
        case = self.case(request, breach_id)
        form = PeopleForm(request.POST, initial=self.initial(case))
        if not form.is_valid():
            return self.page(request, case, form)
        said = form.cleaned_data
        decide_on_people(
            response=case.response,
            tells=said["people"] == BreachResponse.Decision.YES,
            reason=said["people_reason"],
            texts={name: said[name] for name in LANGUAGES},
            by=request.person,
            now=timezone.now(),
        )
        messages.success(request, _("Your decision is kept, with its reason."))
        return redirect(f"{self.prefix}_people", breach_id)


class SendToPeople(PeopleDraft):
    """Send the message to the people."""

    permission = "privacy.write"
    http_method_names = ("post",)

    def post(self, request: PersonRequest, breach_id: UUID) -> HttpResponse:
        """Send it, or say why not."""
        case = self.case(request, breach_id)
        try:
            n = self.tell(request, case, timezone.now())
        except OnlyADrill:
            messages.error(request, _("This is a drill: nobody is written to."))
        except NotDecided:
            messages.error(request, _("Decide first that the people are told."))
        except NothingToSay:
            messages.error(request, _("Write the message in both languages first."))
        else:
            words = ngettext("%(n)s message leaves now.", "%(n)s messages leave now.", n)
            messages.success(request, words % {"n": number_text(n)})
        return redirect(f"{self.prefix}_people", breach_id)
