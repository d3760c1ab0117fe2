"""What a controller instructs, written with its author and time, and what became of it (LG-D6i)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from dpa.actions.instruct import SettledAlready, instruct, settle_instruction
from dpa.forms import InstructionForm, OutcomeForm
from dpa.models import DataRequest, Instruction
from dpa.queries.requests import (
    authors_of,
    instruction_rows,
    instruction_with,
    instructions_for,
    request_with,
)
from people.requests import ConsoleRequest, TenantRequest
from tenants.queries import names_of


class Instructions(View):
    """What this controller instructed, with author, time and outcome."""

    permission = "privacy.read"

    def get(self, request: TenantRequest) -> HttpResponse:
        """Show them, and to who may give one, the form."""
        asked = self.asked(request)
        words = _("Answer request %(reference)s for us.") % {"reference": asked.reference} if asked else ""
        return self.page(request, InstructionForm(initial={"text": words}), asked)

    def asked(self, request: TenantRequest) -> DataRequest | None:
        """Return the request an instruction would be about."""
        try:
            return request_with(UUID(request.GET.get("request", "") or request.POST.get("request", "")))
        except ValueError:
            return None

    def page(self, request: TenantRequest, form: InstructionForm, asked: DataRequest | None) -> HttpResponse:
        """Return the page with this form."""
        rows = instructions_for(request.tenant.pk)
        names = authors_of([row.author_id for row in rows])
        context = {
            "form": form,
            "asked": asked,
            "rows": [(row, names.get(row.author_id, "")) for row in rows],
        }
        return render(request, "dpa/instructions.html", context, status=400 if form.errors else 200)


class GiveInstruction(Instructions):
    """Give one."""

    permission = "privacy.write"
    http_method_names = ("post",)

    def post(self, request: TenantRequest) -> HttpResponse:
        """Keep it, and tell the operator."""
        form = InstructionForm(request.POST)
        asked = self.asked(request)
        if not form.is_valid():
            return self.page(request, form, asked)
        details: dict[str, Any] = {"by": request.person, "now": timezone.now()}
        instruct(
            tenant=request.tenant,
            text=form.cleaned_data["text"],
            request_id=asked.pk if asked else None,
            **details,
        )
        messages.success(request, _("Your instruction is kept and on its way."))
        return redirect("dpa:instructions")


class InstructionDesk(View):
    """Every controller's instructions at the operator's."""

    permission = "console.privacy"

    def get(self, request: ConsoleRequest) -> HttpResponse:
        """Show them."""
        rows = instruction_rows()
        waiting = sum(row.instruction.state == Instruction.State.OPEN for row in rows)
        return render(request, "dpa/console/instructions.html", {"rows": rows, "waiting": waiting})


class InstructionPage(View):
    """One instruction at the operator's, and its outcome."""

    permission = "console.privacy"

    def get(self, request: ConsoleRequest, instruction_id: UUID) -> HttpResponse:
        """Show it."""
        return self.page(request, self.found(instruction_id), OutcomeForm())

    def post(self, request: ConsoleRequest, instruction_id: UUID) -> HttpResponse:
        """Keep what became of it; the controller is told."""
        instruction = self.found(instruction_id)
        form = OutcomeForm(request.POST)
        if not form.is_valid():
            return self.page(request, instruction, form)
        said = form.cleaned_data
        try:
            settle_instruction(
                instruction=instruction,
                is_lawful=said["is_lawful"] == "yes",
                outcome=said["outcome"],
                by=request.person,
                now=timezone.now(),
            )
        except SettledAlready:
            messages.error(request, _("It has its outcome already."))
        else:
            messages.success(request, _("Kept. The customer is told."))
        return redirect("dpa:instruction_desk")

    def found(self, instruction_id: UUID) -> Instruction:
        """Return it. Raises Http404."""
        instruction = instruction_with(instruction_id)
        if instruction is None:
            raise Http404
        return instruction

    def page(self, request: ConsoleRequest, instruction: Instruction, form: OutcomeForm) -> HttpResponse:
        """Return the page with this form."""
        name = names_of([instruction.tenant_id]).get(instruction.tenant_id, "")
        context = {"instruction": instruction, "form": form, "tenant_name": name}
        return render(request, "dpa/console/instruction.html", context, status=400 if form.errors else 200)
