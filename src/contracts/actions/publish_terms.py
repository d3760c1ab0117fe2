"""Publish a version of the terms; it is never edited afterwards."""

from datetime import date

from django.db import transaction

from contracts.models import TermsVersion
from contracts.policy.terms import PREVAILING, check_french_first


class AlreadyPublished(Exception):
    """Raised when the version exists with another text: a published text is never edited."""


@transaction.atomic
def publish_terms(
    *,
    kind: str,
    profile: str,
    language: str,
    version: str,
    text: str,
    published_on: date,
    in_force_on: date,
    is_substantial: bool = False,
) -> TermsVersion:
    """Return the published version; the same one sent twice is published once.

    Runs as the operator. Raises AlreadyPublished, and NoFrench for a translation without its French text.
    The app that offers this act to a person writes the audit entry.
    """
    french = TermsVersion.objects.of(kind, profile, PREVAILING).filter(version=version)
    check_french_first(language, french_exists=french.exists())
    terms, is_new = TermsVersion.objects.get_or_create(
        kind=kind,
        profile=profile,
        language=language,
        version=version,
        defaults={
            "text": text,
            "published_on": published_on,
            "in_force_on": in_force_on,
            "is_substantial": is_substantial,
        },
    )
    if not is_new and terms.text != text:
        raise AlreadyPublished(f"{kind} {version} ({language}) of {profile}")
    return terms
