"""Terms: each version as it was published, kept readable for ever."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from contracts.policy.redaction import redacted
from isolation.models import SharedModel


class _Redacted:
    """A column that keeps no number of a card or an account, whoever wrote it and however it is saved
    (LG-S6.2k).
    """

    def pre_save(self, instance: models.Model, add: bool) -> Any:
        """Return what is saved; the row at hand says the same."""
        text = redacted(super().pre_save(instance, add) or "")  # type: ignore[misc]
        setattr(instance, self.attname, text)  # type: ignore[attr-defined]
        return text

    def get_prep_value(self, value: Any) -> Any:
        """Return the value for the database, in an update of many rows too."""
        prepared = super().get_prep_value(value)  # type: ignore[misc]
        return redacted(prepared) if isinstance(prepared, str) else prepared

    def deconstruct(self) -> Any:
        """Return what a migration says of it: for the database it is text like any other."""
        name, _path, args, kwargs = super().deconstruct()  # type: ignore[misc]
        return name, f"django.db.models.{self.plain}", args, kwargs  # type: ignore[attr-defined]


class RedactedCharField(_Redacted, models.CharField):  # type: ignore[type-arg]
    """A short free text."""

    plain = "CharField"


class RedactedTextField(_Redacted, models.TextField):  # type: ignore[type-arg]
    """A free text."""

    plain = "TextField"


class TermsKind(models.TextChoices):
    """The documents a person or a customer agrees to."""

    USE = "use", _("Terms of use")
    SALE = "sale", _("Terms of sale")
    DPA = "dpa", _("Data processing agreement")


class TermsVersions(models.QuerySet["TermsVersion"]):
    """Chainable questions about versions."""

    def of(self, kind: str, profile: str, language: str) -> TermsVersions:
        """Keep the versions of one document: a kind, an offer, a language."""
        return self.filter(kind=kind, profile=profile, language=language)

    def in_force(self, day: date) -> TermsVersions:
        """Keep what was published and in force on a day, newest first."""
        return self.filter(published_on__lte=day, in_force_on__lte=day).order_by(
            "-in_force_on", "-published_on"
        )


class TermsVersion(SharedModel):
    """One version of one document for one offer, in one language; never edited once published."""

    kind = models.CharField(_("document"), max_length=8, choices=TermsKind)
    profile = models.CharField(_("offer"), max_length=40)
    language = models.CharField(_("language"), max_length=8)
    version = models.CharField(_("version"), max_length=20)
    text = models.TextField(_("text"))
    published_on = models.DateField(_("published on"))
    in_force_on = models.DateField(_("in force on"))
    is_substantial = models.BooleanField(_("substantial change"), default=False)

    objects = TermsVersions.as_manager()

    class Meta:
        verbose_name = _("terms version")
        verbose_name_plural = _("terms versions")
        ordering = ("kind", "profile", "language", "-in_force_on")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "profile", "language", "version"], name="one_text_per_version"
            ),
            models.CheckConstraint(
                condition=models.Q(in_force_on__gte=models.F("published_on")), name="known_before"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.version} ({self.language})"

    @property
    def paragraphs(self) -> list[str]:
        """Return the text's paragraphs, blank lines between them left out."""
        return [part.strip() for part in self.text.split("\n\n") if part.strip()]
