"""People's requests at the operator's: those that reached us, and those we answer as the controller."""

from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import TemplateView

from dpa.actions.receive_request import (
    NotForwarded,
    PlacedAlready,
    drop_received,
    mark_answered_by_operator,
    mark_forwarding_returned,
    place_request,
    record_received,
)
from dpa.forms import DropForm, PlaceForm, PublicRequestForm, ReceivedForm
from dpa.models import ReceivedRequest
from dpa.policy.requests import NotInstructed
from dpa.queries.requests import (
    is_waiting,
    our_requests,
    our_tenants,
    received_rows,
    received_with,
)
from dpa.views.requests import (
    AnswerRequest,
    AskIdentity,
    Extend,
    Freeze,
    IdentitySeen,
    RequestPage,
    Thaw,
)
from isolation.context import inside
from people.gateways.often import too_often
from people.requests import ConsoleRequest, VisitorRequest
from tenants.queries import names_of


class PublicRequest(View):
    """A person asks the operator, from the public site, about data held somewhere here."""

    permission = "anyone"

    def get(self, request: VisitorRequest) -> HttpResponse:
        """Show the form."""
        return self.page(request, PublicRequestForm())

    def post(self, request: VisitorRequest) -> HttpResponse:
        """Keep the request; a machine is told the same and nothing is kept."""
        form = PublicRequestForm(request.POST)
        if not form.is_valid():
            return self.page(request, form)
        if form.is_machine:
            return redirect("dpa:public_request_sent")
        if too_often(request.META.get("REMOTE_ADDR", ""), what="rights-asked"):
            form.add_error(
                None, _("Many requests came from your network: write to us instead, or try in an hour.")
            )
            return self.page(request, form)
        now = timezone.now()
        said = {name: form.cleaned_data[name] for name in ("organisation", "sender", "contact", "words")}
        record_received(
            channel=ReceivedRequest.Channel.FORM,
            right=form.cleaned_data["right"],
            received_at=now,
            now=now,
            **said,
        )
        return redirect("dpa:public_request_sent")

    def page(self, request: VisitorRequest, form: PublicRequestForm) -> HttpResponse:
        """Return the page with this form."""
        return render(request, "dpa/public_request.html", {"form": form}, status=400 if form.errors else 200)


class PublicRequestSent(TemplateView):
    """What happens with a request."""

    permission = "anyone"
    template_name = "dpa/public_request_sent.html"


class RequestDesk(View):
    """What reached us, and what is ours to answer."""

    permission = "console.privacy"

    def get(self, request: ConsoleRequest) -> HttpResponse:
        """Show both."""
        now = timezone.now()
        every = request.GET.get("all") == "1"
        rows = received_rows(only_open=not every)
        context = {
            "rows": rows,
            "ours": our_requests(now, only_open=not every),
            "every": every,
            "waiting": sum(row.is_waiting for row in rows),
            "now": now,
        }
        return render(request, "dpa/console/requests.html", context)


class NewReceived(View):
    """Record a request that reached us by mail, letter or phone."""

    permission = "console.privacy"

    def get(self, request: ConsoleRequest) -> HttpResponse:
        """Show the form."""
        now = timezone.now()
        initial = {"received_at": timezone.localtime(now)}
        return self.page(request, ReceivedForm(initial=initial, now=now, find=request.GET))

    def post(self, request: ConsoleRequest) -> HttpResponse:
        """Keep it, forwarded at once where it is known to whom."""
        now = timezone.now()
        form = ReceivedForm(request.POST, now=now)
        if not form.is_valid():
            return self.page(request, form)
        received = record_received(by=request.person, now=now, **form.cleaned_data)
        messages.success(
            request,
            _("Recorded, and on its way to who answers it.")
            if received.is_placed
            else _("Recorded. The 48 hours run: find whose data it asks about."),
        )
        return redirect("dpa:received", received.pk)

    def page(self, request: ConsoleRequest, form: ReceivedForm) -> HttpResponse:
        """Return the page with this form."""
        return render(request, "dpa/console/received_new.html", {"form": form}, status=form.status)


class ReceivedPage(View):
    """One request that reached us: whose it is, where it lies."""

    permission = "console.privacy"

    def get(self, request: ConsoleRequest, received_id: UUID) -> HttpResponse:
        """Show it."""
        return self.page(request, received_id)

    def page(self, request: ConsoleRequest, received_id: UUID, **forms: Any) -> HttpResponse:
        """Return the page, with a form that was filled in wrong."""
        received = received_or_404(received_id)
        named = names_of([received.tenant_id]) if received.tenant_id else {}
        context = {
            "received": received,
            "tenant_name": named.get(received.tenant_id, "") if received.tenant_id else "",
            "waiting": is_waiting(received),
            "place_form": PlaceForm(find=request.GET),
            "drop_form": DropForm(),
            "now": timezone.now(),
        }
        return render(request, "dpa/console/received.html", context | forms, status=400 if forms else 200)


def received_or_404(received_id: UUID) -> ReceivedRequest:
    """Return a request that reached us. Raises Http404."""
    received = received_with(received_id)
    if received is None:
        raise Http404
    return received


class PlaceReceived(ReceivedPage):
    """Say whose data it asks about: it leaves for there."""

    http_method_names = ("post",)

    def post(self, request: ConsoleRequest, received_id: UUID) -> HttpResponse:
        """Forward it."""
        form = PlaceForm(request.POST)
        if not form.is_valid():
            return self.page(request, received_id, place_form=form)
        received = received_or_404(received_id)
        try:
            place_request(
                received=received, tenant=form.cleaned_data["tenant"], by=request.person, now=timezone.now()
            )
        except PlacedAlready:
            messages.error(request, _("It lies with who answers it already."))
        else:
            messages.success(request, _("On its way. What was written is no longer here."))
        return redirect("dpa:received", received_id)


class DropReceived(ReceivedPage):
    """Say that there is nobody to forward it to."""

    http_method_names = ("post",)

    def post(self, request: ConsoleRequest, received_id: UUID) -> HttpResponse:
        """Close it."""
        form = DropForm(request.POST)
        if not form.is_valid():
            return self.page(request, received_id, drop_form=form)
        received = received_or_404(received_id)
        try:
            drop_received(
                received=received, reason=form.cleaned_data["reason"], by=request.person, now=timezone.now()
            )
        except PlacedAlready:
            messages.error(request, _("It lies with who answers it already."))
        else:
            messages.success(request, _("Closed. What was written is deleted."))
        return redirect("dpa:received", received_id)


class ForwardingReturned(View):
    """Keep that the mail to the controller came back."""

    permission = "console.privacy"

    def post(self, request: ConsoleRequest, received_id: UUID) -> HttpResponse:
        """Send it again, to the customer's own address too."""
        try:
            mark_forwarding_returned(
                received=received_or_404(received_id), by=request.person, now=timezone.now()
            )
        except NotForwarded:
            messages.error(request, _("Nothing of it has left yet."))
        else:
            messages.success(
                request, _("It is owed again, and leaves now to the customer’s own address too.")
            )
        return redirect("dpa:received", received_id)


class AnsweredByUs(View):
    """Keep that we answered a person, as the controller instructed."""

    permission = "console.privacy"

    def post(self, request: ConsoleRequest, received_id: UUID) -> HttpResponse:
        """Keep it, or say that nobody instructed us."""
        try:
            mark_answered_by_operator(
                received=received_or_404(received_id), by=request.person, now=timezone.now()
            )
        except NotInstructed:
            messages.error(
                request, _("The controller did not instruct us to answer: leave it to them (LG-D10.1).")
            )
        else:
            messages.success(request, _("Noted."))
        return redirect("dpa:received", received_id)


class Ours:
    """A request of a place whose controller the operator is: read and answered inside it, by our people."""

    permission = "console.privacy"
    template = "dpa/console/our_request.html"

    def stay(self, tenant_id: UUID | None) -> AbstractContextManager[Any]:
        """Return the stay in that tenant. Raises Http404 for any other."""
        ours = {tenant.pk: tenant for tenant in our_tenants(timezone.now())}
        if tenant_id not in ours:
            raise Http404
        inside_it: AbstractContextManager[Any] = inside(ours[tenant_id])
        return inside_it

    def back(self, request_id: UUID, tenant_id: UUID | None) -> HttpResponse:
        """Return the way to the page of the request."""
        return redirect("dpa:our_request", tenant_id, request_id)


class OurRequestPage(Ours, RequestPage):
    """A request we answer as the controller."""


class OurAskIdentity(Ours, AskIdentity):
    """Ask who asks to prove who they are."""


class OurIdentitySeen(Ours, IdentitySeen):
    """Note that the identity was proved, or the copy destroyed."""


class OurExtend(Ours, Extend):
    """Take two months more, with why."""


class OurAnswer(Ours, AnswerRequest):
    """Grant or refuse."""


class OurFreeze(Ours, Freeze):
    """Freeze the data."""


class OurThaw(Ours, Thaw):
    """Lift the freeze."""
