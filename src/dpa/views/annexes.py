"""The annexes of the agreement on data: the draft, what is missing, versions accepted and compared."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from dpa.actions.accept_annexes import accept_annexes
from dpa.actions.fill_annexes import save_contacts, save_purposes
from dpa.actions.print_annexes import annexes_pdf
from dpa.forms import ContactsForm, PurposesForm
from dpa.models import AnnexVersion
from dpa.policy.annexes import (
    CONTROLLER,
    PURPOSES,
    ChangedSince,
    Incomplete,
    NothingNew,
    digest,
    missing_from,
)
from dpa.queries.annexes import (
    accepted_versions,
    compared,
    current_content,
    is_controller,
    last_accepted,
    offered_purpose,
    sections,
    to_fill,
)
from people.requests import TenantRequest

LANGUAGES = ("fr", "en")


def pdf_response(content: bytes, name: str) -> HttpResponse:
    """Return a PDF as a download."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def version_of(request: TenantRequest, annex_id: UUID) -> AnnexVersion:
    """Return a version the tenant accepted. Raises Http404."""
    return get_object_or_404(AnnexVersion.objects.of(request.tenant.pk), pk=annex_id)


def checked_language(language: str) -> str:
    """Return a language papers are in. Raises Http404."""
    if language not in LANGUAGES:
        raise Http404
    return language


class Annexes(View):
    """The annexes as they stand, what is missing from them, and the versions accepted."""

    permission = "privacy.read"

    def get(self, request: TenantRequest) -> HttpResponse:
        """Show them."""
        now = timezone.now()
        content = current_content(request.tenant, now)
        versions = accepted_versions(request.tenant)
        changes = compared(versions[0].content, content) if versions else []
        context = {
            "sections": sections(content),
            "missing": to_fill(missing_from(content)),
            "digest": digest(content),
            "versions": versions,
            "last": versions[0] if versions else None,
            "changes": changes,
            "is_new": not versions or bool(changes),
            "is_controller": is_controller(request.tenant, now),
            "languages": LANGUAGES,
        }
        return render(request, "dpa/annexes.html", context)


class AcceptAnnexes(View):
    """Accept the annexes as they were read."""

    permission = "privacy.write"

    def post(self, request: TenantRequest) -> HttpResponse:
        """Accept them, or say why not."""
        now = timezone.now()
        if not is_controller(request.tenant, now):
            raise Http404
        read = request.POST.get("digest", "")
        try:
            version = accept_annexes(tenant=request.tenant, read=read, by=request.person, now=now)
        except Incomplete:
            messages.error(request, _("Something is missing: fill it in first."))
        except ChangedSince:
            messages.error(request, _("The annexes have changed since you read them: read them again."))
        except NothingNew:
            messages.info(request, _("Nothing has changed since the version accepted last."))
        else:
            words = _("Version %(number)s is accepted and stays as it is.")
            messages.success(request, words % {"number": version.number})
        return redirect("dpa:annexes")


class ContactsPage(View):
    """Annex A, to be filled in."""

    permission = "privacy.read"

    def get(self, request: TenantRequest) -> HttpResponse:
        """Show the form."""
        return self.page(request, self.form(request))

    def form(self, request: TenantRequest, *data: Any) -> ContactsForm:
        """Return the form of annex A."""
        return ContactsForm(*data, initial=current_content(request.tenant, timezone.now())["a"][CONTROLLER])

    def page(self, request: TenantRequest, form: ContactsForm) -> HttpResponse:
        """Return the page with this form."""
        status = 400 if form.is_bound else 200
        return render(request, "dpa/annex_form.html", {"form": form, "annex": "a"}, status=status)


class SaveContacts(ContactsPage):
    """Keep annex A."""

    permission = "privacy.write"
    http_method_names = ("post",)

    def post(self, request: TenantRequest) -> HttpResponse:
        """Keep it."""
        form = self.form(request, request.POST)
        if not form.is_valid():
            return self.page(request, form)
        save_contacts(contacts=form.cleaned_data, by=request.person, now=timezone.now())
        messages.success(request, _("Saved."))
        return redirect("dpa:annexes")


class PurposesPage(View):
    """Annex B, to be completed."""

    permission = "privacy.read"

    def get(self, request: TenantRequest) -> HttpResponse:
        """Show the form, with a purpose offered where none is said."""
        return self.page(request, self.form(request))

    def form(self, request: TenantRequest, *data: Any) -> PurposesForm:
        """Return the form of annex B."""
        items = current_content(request.tenant, timezone.now())["b"]
        initial = {f"{key}_{name}": item[name] for key, item in items.items() for name in PURPOSES}
        for key in items:
            initial[f"{key}_purpose"] = initial[f"{key}_purpose"] or offered_purpose(key)
        return PurposesForm(*data, categories=list(items), initial=initial)

    def page(self, request: TenantRequest, form: PurposesForm) -> HttpResponse:
        """Return the page with this form."""
        status = 400 if form.is_bound else 200
        return render(request, "dpa/annex_form.html", {"form": form, "annex": "b"}, status=status)


class SavePurposes(PurposesPage):
    """Keep what the controller says in annex B."""

    permission = "privacy.write"
    http_method_names = ("post",)

    def post(self, request: TenantRequest) -> HttpResponse:
        """Keep it."""
        form = self.form(request, request.POST)
        if not form.is_valid():
            return self.page(request, form)
        save_purposes(purposes=form.said, by=request.person, now=timezone.now())
        messages.success(request, _("Saved."))
        return redirect("dpa:annexes")


class AcceptedVersion(View):
    """A version as it was accepted."""

    permission = "privacy.read"

    def get(self, request: TenantRequest, annex_id: UUID) -> HttpResponse:
        """Show it."""
        version = version_of(request, annex_id)
        context = {
            "version": version,
            "sections": sections(version.content),
            "others": [one for one in accepted_versions(request.tenant) if one.pk != version.pk],
            "languages": LANGUAGES,
        }
        return render(request, "dpa/annex_version.html", context)


class CompareVersions(View):
    """What a version differs in from another one, or from the annexes as they stand."""

    permission = "privacy.read"

    def get(self, request: TenantRequest, annex_id: UUID) -> HttpResponse:
        """Show what was added, removed and changed, from the earlier to the later."""
        version = version_of(request, annex_id)
        wanted = request.GET.get("with", "")
        other = next((one for one in accepted_versions(request.tenant) if str(one.number) == wanted), None)
        if wanted and other is None:
            raise Http404
        if other is None:
            changes = compared(version.content, current_content(request.tenant, timezone.now()))
            context = {"earlier": version, "later": None, "sections": changes}
        else:
            earlier, later = sorted((version, other), key=lambda one: one.number)
            changes = compared(earlier.content, later.content)
            context = {"earlier": earlier, "later": later, "sections": changes}
        return render(request, "dpa/annex_compare.html", context)


class AcceptedPaper(View):
    """The paper of a version, as it was issued."""

    permission = "privacy.read"

    def get(self, request: TenantRequest, annex_id: UUID, language: str) -> HttpResponse:
        """Return the PDF."""
        version = version_of(request, annex_id)
        content = version.paper(checked_language(language))
        return pdf_response(content, f"annexes-{version.number}-{language}")


class AcceptedData(View):
    """A version for other programs."""

    permission = "privacy.read"

    def get(self, request: TenantRequest, annex_id: UUID) -> HttpResponse:
        """Return it as JSON."""
        version = version_of(request, annex_id)
        said = {
            "number": version.number,
            "accepted_at": version.accepted_at.isoformat(),
            "accepted_by": version.accepted_name,
            "digest": version.digest,
            "annexes": version.content,
        }
        headers = {"Content-Disposition": f'attachment; filename="annexes-{version.number}.json"'}
        return JsonResponse(said, headers=headers, json_dumps_params={"ensure_ascii": False, "indent": 2})


class DraftPaper(View):
    """The annexes as they stand, on paper, marked as a draft."""

    permission = "privacy.read"

    def get(self, request: TenantRequest, language: str) -> HttpResponse:
        """Return the PDF."""
        now = timezone.now()
        last = last_accepted(request.tenant)
        content = annexes_pdf(
            current_content(request.tenant, now),
            tenant=request.tenant,
            number=last.number + 1 if last else 1,
            accepted=None,
            now=now,
            language=checked_language(language),
        )
        name = _("annexes-draft")
        return pdf_response(content, f"{name}-{language}")
