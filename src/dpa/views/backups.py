"""The catalogue of backups at the operator's, and the drills in which one was brought back."""

from datetime import UTC
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from dpa.actions.back_up import BackupRow, catalogue
from dpa.actions.record_drill import owe_drill, record_drill
from dpa.forms import DrillForm
from dpa.models import RestoreDrill
from dpa.policy.rotation import drill_clock
from people.requests import ConsoleRequest


class Backups(View):
    """What backups there are, and the month's drill."""

    permission = "console.privacy"

    def get(self, request: ConsoleRequest) -> HttpResponse:
        """Show them."""
        rows = catalogue()
        return self.page(request, rows, self.form(rows))

    def form(self, rows: list[BackupRow], *data: Any) -> DrillForm:
        """Return the form of a drill."""
        today = timezone.localdate()
        return DrillForm(*data, names=[row.name for row in rows], today=today, initial={"done_on": today})

    def page(self, request: ConsoleRequest, rows: list[BackupRow], form: DrillForm) -> HttpResponse:
        """Return the page with this form."""
        now = timezone.now()
        clock = drill_clock(now.astimezone(UTC).date())
        drills = list(RestoreDrill.objects.all())
        context = {
            "rows": rows,
            "form": form,
            "drills": drills,
            "last_proven": next((one for one in drills if one.worked), None),
            "is_drilled": RestoreDrill.objects.proving(clock.month).exists(),
            "clock": clock,
            "elsewhere": not settings.BACKUP_DIR,
        }
        return render(request, "dpa/console/backups.html", context, status=400 if form.errors else 200)


class RecordDrill(Backups):
    """Write a drill down."""

    http_method_names = ("post",)

    def post(self, request: ConsoleRequest) -> HttpResponse:
        """Keep it."""
        rows = catalogue()
        form = self.form(rows, request.POST)
        if not form.is_valid():
            return self.page(request, rows, form)
        said = dict(form.cleaned_data)
        now = timezone.now()
        owe_drill(now=now)
        record_drill(worked=said.pop("worked") == "yes", by=request.person, now=now, **said)
        messages.success(request, _("Written down."))
        return redirect("dpa:backups")
