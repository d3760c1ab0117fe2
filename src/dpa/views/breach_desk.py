"""Breaches at the operator's: the register, whom each concerns, notices, and its own 72 hours where it is the
controller.
"""

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

from audit.queries import history
from contracts.registry import operator_name
from dpa.actions.record_breach import (
    BreachFacts,
    NoReason,
    StillOwed,
    change_breach,
    close_breach,
    record_breach,
    scope_breach,
)
from dpa.actions.respond_to_breach import tell_our_people
from dpa.actions.send_breach_notice import (
    NothingOwed,
    mark_notice_bounced,
    send_breach_notice,
)
from dpa.forms import BreachForm, CloseForm, ScopeForm
from dpa.models import DataBreach
from dpa.policy.breaches import Owed, authority_clock
from dpa.queries.breach_figures import account_called
from dpa.queries.breaches import (
    affected_rows,
    affected_with,
    breach_with,
    delivery_with,
    our_figures,
    owed_to,
    register,
    response_to,
    told_by_us,
)
from dpa.views.breaches import (
    AuthorityDraft,
    AuthorityPaper,
    BreachPage,
    Case,
    Decide,
    Notified,
    PeopleDraft,
    SaveAuthorityDraft,
    SavePeopleDraft,
    SendToPeople,
)
from people.requests import ConsoleRequest, PersonRequest


def breach_or_404(breach_id: UUID) -> DataBreach:
    """Return a breach of the register. Raises Http404."""
    breach = breach_with(breach_id)
    if breach is None:
        raise Http404
    return breach


class Register(View):
    """The register of breaches, and the drills."""

    permission = "console.privacy"

    def get(self, request: ConsoleRequest) -> HttpResponse:
        """Show it."""
        drills = request.GET.get("drills") == "1"
        rows = list(register(drills=drills))
        context = {"rows": rows, "drills": drills, "open": sum(row.state == "open" for row in rows)}
        return render(request, "dpa/console/breaches.html", context)


class NewBreach(View):
    """Enter a breach in the register."""

    permission = "console.privacy"

    def get(self, request: ConsoleRequest) -> HttpResponse:
        """Show the form."""
        now = timezone.now()
        initial = {"known_at": timezone.localtime(now)}
        return self.page(request, BreachForm(initial=initial, now=now, is_new=True))

    def post(self, request: ConsoleRequest) -> HttpResponse:
        """Enter it, and go on to whom it concerns."""
        now = timezone.now()
        form = BreachForm(request.POST, now=now, is_new=True)
        if not form.is_valid():
            return self.page(request, form)
        said = dict(form.cleaned_data)
        is_drill = said.pop("is_drill")
        breach = record_breach(facts=BreachFacts(**said), is_drill=is_drill, by=request.person, now=now)
        messages.success(request, _("In the register. Whom does it concern?"))
        return redirect("dpa:breach_scope", breach.pk)

    def page(self, request: ConsoleRequest, form: BreachForm) -> HttpResponse:
        """Return the page with this form."""
        context = {"form": form, "breach": None}
        return render(request, "dpa/console/breach_form.html", context, status=400 if form.errors else 200)


class ChangeBreach(View):
    """Correct what is known of a breach."""

    permission = "console.privacy"

    def get(self, request: ConsoleRequest, breach_id: UUID) -> HttpResponse:
        """Show the form."""
        breach = breach_or_404(breach_id)
        return self.page(request, breach, self.form(breach))

    def post(self, request: ConsoleRequest, breach_id: UUID) -> HttpResponse:
        """Keep it; who was told is owed what changed."""
        breach = breach_or_404(breach_id)
        form = self.form(breach, request.POST)
        if not form.is_valid():
            return self.page(request, breach, form)
        now = timezone.now()
        change_breach(breach=breach, facts=BreachFacts(**form.cleaned_data), by=request.person, now=now)
        messages.success(request, _("Saved. Who was told already is owed what changed."))
        return redirect("dpa:breach_desk", breach.pk)

    def form(self, breach: DataBreach, *data: Any) -> BreachForm:
        """Return the form of what is known."""
        names = ("facts", "systems", "natures", "effects", "measures", "contact")
        initial = {name: getattr(breach, name) for name in names}
        for name in ("known_at", "began_at", "ended_at"):
            at = getattr(breach, name)
            initial[name] = timezone.localtime(at).replace(second=0, microsecond=0) if at else None
        return BreachForm(*data, initial=initial, now=timezone.now(), is_new=False)

    def page(self, request: ConsoleRequest, breach: DataBreach, form: BreachForm) -> HttpResponse:
        """Return the page with this form."""
        context = {"form": form, "breach": breach}
        return render(request, "dpa/console/breach_form.html", context, status=400 if form.errors else 200)


class BreachScope(View):
    """Whom a breach concerns, and which data."""

    permission = "console.privacy"

    def get(self, request: ConsoleRequest, breach_id: UUID) -> HttpResponse:
        """Show the form."""
        breach = breach_or_404(breach_id)
        return self.page(request, breach, self.form(breach))

    def post(self, request: ConsoleRequest, breach_id: UUID) -> HttpResponse:
        """Keep it and count inside each space."""
        breach = breach_or_404(breach_id)
        form = self.form(breach, request.POST)
        if not form.is_valid():
            return self.page(request, breach, form)
        said = form.cleaned_data
        ids = [tenant.pk for tenant in said["tenants"]]
        account_id = account_called(said["account"], ids) if said["account"] else None
        if said["account"] and account_id is None:
            form.add_error("account", _("Nobody in these spaces is called so."))
            return self.page(request, breach, form)
        scope_breach(
            breach=breach,
            tenant_ids=ids,
            categories=said["categories"],
            account_id=account_id,
            by=request.person,
            now=timezone.now(),
        )
        messages.success(request, _("Counted inside each space."))
        return redirect("dpa:breach_desk", breach.pk)

    def form(self, breach: DataBreach, *data: Any) -> ScopeForm:
        """Return the form of what stands."""
        ids = list(breach.affected.values_list("tenant_id", flat=True))
        account = account_called(str(breach.account_id), ids) if breach.account_id else None
        initial = {"tenants": ids, "categories": breach.categories, "account": account or ""}
        return ScopeForm(*data, initial=initial)

    def page(self, request: ConsoleRequest, breach: DataBreach, form: ScopeForm) -> HttpResponse:
        """Return the page with this form."""
        context = {"form": form, "breach": breach}
        return render(request, "dpa/console/breach_scope.html", context, status=400 if form.errors else 200)


class OurCase:
    """A breach as the operator is its controller, for the people of the spaces it answers for (LG-D1)."""

    layout = "layouts/console.html"
    prefix = "dpa:breach_desk"
    may_write = "console.privacy"

    def case(self, request: PersonRequest, breach_id: UUID) -> Case:
        """Return the breach. Raises Http404."""
        breach = breach_or_404(breach_id)
        return Case(
            breach.pk,
            told_by_us(breach),
            response_to(breach.pk, is_drill=breach.is_drill),
            authority_clock(known_at=breach.known_at),
            operator_name(),
            breach.is_drill,
            [],
        )

    def tell(self, request: PersonRequest, case: Case, now: datetime) -> int:
        """Return to how many people messages leave. Raises OnlyADrill, NotDecided, NothingToSay."""
        breach = breach_or_404(case.breach_id)
        return tell_our_people(breach=breach, response=case.response, by=request.person, now=now)


class DeskPage(OurCase, BreachPage):
    """A breach: whom it concerns, what they were told and are owed, our own clock."""

    permission = "console.privacy"
    template = "dpa/console/breach.html"

    def get(self, request: PersonRequest, breach_id: UUID) -> HttpResponse:
        """Show it."""
        return self.page(request, self.case(request, breach_id))

    def shown(self, request: PersonRequest, case: Case, **more: Any) -> dict[str, Any]:
        """Return what the page says, with the register's own part."""
        breach = breach_or_404(case.breach_id)
        rows = affected_rows(breach)
        ours = {
            "breach": breach,
            "rows": rows,
            "owed": sum(row.owed != Owed.NOTHING for row in rows),
            "is_ours": bool(our_figures(breach)),
            "close_form": CloseForm(initial={"not_notified": breach.not_notified}),
            "history": history(on=breach.pk),
        }
        return super().shown(request, case, **{**ours, **more})


class DeskDecide(DeskPage, Decide):
    """Decide whether we notify the authority."""

    permission = "console.privacy"


class DeskNotified(DeskPage, Notified):
    """Keep that we notified the authority."""

    permission = "console.privacy"


class DeskAuthority(OurCase, AuthorityDraft):
    """Our draft for the authority."""

    permission = "console.privacy"


class DeskSaveAuthority(OurCase, SaveAuthorityDraft):
    """Keep our corrected draft for the authority."""

    permission = "console.privacy"


class DeskPaper(OurCase, AuthorityPaper):
    """Our draft for the authority on paper."""

    permission = "console.privacy"


class DeskPeople(OurCase, PeopleDraft):
    """Whether and in which words our people are told."""

    permission = "console.privacy"


class DeskSavePeople(OurCase, SavePeopleDraft):
    """Decide whether our people are told, and keep the words."""

    permission = "console.privacy"


class DeskSendToPeople(OurCase, SendToPeople):
    """Send our message to the people."""

    permission = "console.privacy"


class SendNotices(View):
    """Tell every controller who is owed a notice."""

    permission = "console.privacy"

    def post(self, request: ConsoleRequest, breach_id: UUID) -> HttpResponse:
        """Send them what is known."""
        breach = breach_or_404(breach_id)
        now = timezone.now()
        sent = 0
        for row in affected_rows(breach):
            if owed_to(row.affected) is not Owed.NOTHING:
                send_breach_notice(affected=row.affected, by=request.person, now=now)
                sent += 1
        words = ngettext("%(n)d notice leaves now.", "%(n)d notices leave now.", sent)
        messages.success(request, words % {"n": sent})
        return redirect("dpa:breach_desk", breach.pk)


class SendNotice(View):
    """Tell one controller."""

    permission = "console.privacy"

    def post(self, request: ConsoleRequest, affected_id: UUID) -> HttpResponse:
        """Send what is known, or say that they know it."""
        affected = affected_with(affected_id)
        if affected is None:
            raise Http404
        try:
            send_breach_notice(affected=affected, by=request.person, now=timezone.now())
        except NothingOwed:
            messages.info(request, _("They were told all that is known."))
        else:
            messages.success(request, _("The notice leaves now."))
        return redirect("dpa:breach_desk", affected.breach_id)


class NoticeBounced(View):
    """Keep that a notice came back."""

    permission = "console.privacy"

    def post(self, request: ConsoleRequest, delivery_id: UUID) -> HttpResponse:
        """Keep it, and send it again, to the customer's address too."""
        delivery = delivery_with(delivery_id)
        if delivery is None:
            raise Http404
        mark_notice_bounced(delivery=delivery, by=request.person, now=timezone.now())
        messages.success(request, _("It is owed again, and leaves now to the customer’s own address too."))
        return redirect("dpa:breach_desk", delivery.notice.breach_id)


class NoticeAsSent(View):
    """A notice as it left."""

    permission = "console.privacy"

    def get(self, request: ConsoleRequest, delivery_id: UUID) -> HttpResponse:
        """Return its bytes."""
        delivery = delivery_with(delivery_id)
        if delivery is None or delivery.content is None:
            raise Http404
        name = f"{delivery.notice.reference}-{delivery.notice.number}-{delivery.attempt}.eml"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(bytes(delivery.content), content_type="message/rfc822", headers=headers)


class CloseBreach(View):
    """Keep that a breach is dealt with."""

    permission = "console.privacy"

    def post(self, request: ConsoleRequest, breach_id: UUID) -> HttpResponse:
        """Close it, or say what is missing."""
        breach = breach_or_404(breach_id)
        form = CloseForm(request.POST)
        why = form.cleaned_data["not_notified"] if form.is_valid() else ""
        try:
            close_breach(breach=breach, not_notified=why, by=request.person, now=timezone.now())
        except StillOwed:
            messages.error(request, _("Customers are owed a notice: send it first."))
        except NoReason:
            messages.error(request, _("Nobody was told: say why, it stays in the register."))
        else:
            messages.success(request, _("Closed. It stays in the register."))
        return redirect("dpa:breach_desk", breach.pk)
