"""Which terms of use a person still has to accept here."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.conf import settings

from contracts.models import TermsKind, TermsVersion
from contracts.queries import terms_in_force
from contracts.registry import profile
from people.policy.acceptance import must_accept
from tenants.models import Tenant

Document = list[TermsVersion]


def terms_in_force_here(tenant: Tenant, *, now: datetime) -> list[Document]:
    """Return the terms of use in force for each product of a tenant.

    One document each, the French text first.
    """
    keys = sorted(set(tenant.contracts.running(tenant.today(now)).values_list("profile_key", flat=True)))
    documents = [_languages(key, now) for key in keys]
    return [document for document in documents if document]


def terms_to_accept(
    documents: Iterable[Document], *, accepted: Iterable[UUID], language: str
) -> list[TermsVersion]:
    """Return the versions to accept, in the reader's language where it exists.

    One accepted in another language counts.
    """
    accepted = frozenset(accepted)
    shown = []
    for languages in documents:
        known = {row.pk for row in languages} & accepted
        mine = next((row for row in languages if row.language == language), languages[0])
        if must_accept(in_force={mine.pk}, accepted={mine.pk} if known else ()):
            shown.append(mine)
    return shown


def terms_label(version: TermsVersion) -> str:
    """Return what a version is called where several stand together: document, product, version."""
    product = profile(version.profile, on=version.in_force_on).name
    return (
        f"{version.get_kind_display()} – {product.get(version.language, version.profile)} – {version.version}"
    )


def _languages(key: str, now: datetime) -> Document:
    order = sorted((code for code, _name in settings.LANGUAGES), key=lambda code: code != "fr")
    found = [terms_in_force(TermsKind.USE, key, code, now) for code in order]
    return list({row.pk: row for row in found if row is not None}.values())
