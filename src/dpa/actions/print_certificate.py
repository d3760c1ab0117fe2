"""The certificate of an erasure: what, how much, when, and when the last backup forgets."""

import json
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.actions.sign_text import sign_text
from audit.policy.published import KEYS, VERIFIER
from contracts.policy.clauses import keeps
from contracts.registry import label_of
from dpa.actions.redact_names import IN_TEXTS
from dpa.models import ErasureEvidence
from exports.gateways import pdf
from tenants.models import Tenant
from tenants.queries import public_url


def certificate_data(evidence: ErasureEvidence, *, tenant: Tenant) -> dict[str, Any]:
    """Return the certificate as plain data."""
    return {
        "reference": evidence.reference,
        "tenant": {"id": str(tenant.pk), "name": tenant.name},
        "kind": evidence.kind,
        "on_the_word_of": evidence.origin,
        "requested_at": evidence.requested_at.isoformat(),
        "promised_at": evidence.due_at.isoformat(),
        "erased_at": evidence.erased_at.isoformat(),
        "margin_seconds": round(evidence.margin.total_seconds()),
        "rows": evidence.counts,
        "files": evidence.files,
        "backups": {
            "configured": evidence.backups_configured,
            "forgotten_on": evidence.forgotten_on.isoformat() if evidence.forgotten_on else None,
        },
        "clause": "LG-DBr",
    }


@keeps("LG-DBr")
def certificate_note(evidence: ErasureEvidence, *, tenant: Tenant) -> str:
    """Return the certificate as data, signed with the key in use; the published key verifies it."""
    told = json.dumps(certificate_data(evidence, tenant=tenant), ensure_ascii=False, indent=1, sort_keys=True)
    return sign_text(f"{told}\n")


def certificate_pdf(evidence: ErasureEvidence, *, tenant: Tenant, language: str) -> bytes:
    """Return the certificate as a page to file."""
    hours, minutes = divmod(round(abs(evidence.margin.total_seconds()) / 60), 60)
    context = {
        "tenant": tenant,
        "keys_url": public_url(KEYS),
        "verifier_url": public_url(VERIFIER),
        "evidence": evidence,
        "hours": hours,
        "minutes": minutes,
        "is_late": evidence.margin.total_seconds() < 0,
        "rows": [(_words_of(counted), count) for counted, count in sorted(evidence.counts.items())],
    }
    return pdf.render("dpa/pdf/certificate.html", context, language=language)


def _words_of(counted: str) -> str | Promise:
    return _("texts from which the name was taken out") if counted == IN_TEXTS else label_of(counted)
