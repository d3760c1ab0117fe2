"""A person who can sign in."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from isolation.models import SharedAndTenantModel
from people.policy.names import USERNAME, normalise_username

username_shape = RegexValidator(
    rf"^{USERNAME}$",
    _("Use 2 to 63 small letters, digits, dots, hyphens and underscores; no accent, no space."),
)


class PersonQuerySet(models.QuerySet["Person"]):
    """Chainable filters for people."""

    def active(self) -> "PersonQuerySet":
        """Return the people who can sign in."""
        return self.filter(is_active=True)

    def found_by(self, words: str) -> "PersonQuerySet":
        """Return the people whose names, user name or address contain every word, accents and case aside."""
        rows = self.annotate(
            _all=Concat("first_name", Value(" "), "last_name", output_field=models.TextField())
        )
        for word in words.split():
            rows = rows.filter(
                Q(_all__unaccent__icontains=word) | Q(username__icontains=word) | Q(email__icontains=word)
            )
        return rows


FoundPeople = BaseUserManager.from_queryset(PersonQuerySet)


class PersonManager(FoundPeople["Person"]):
    """How Django finds a person at sign-in."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        """Return the person of a user name, whatever its case."""
        person: Person = self.get(username=normalise_username(username or ""))
        return person


class Person(SharedAndTenantModel, AbstractBaseUser):
    """A person with an account, in one tenant or in the operator's house; rights come from roles only."""

    class Kind(models.TextChoices):
        """What a person is to the place."""

        STAFF = "staff", _("staff")
        GUARDIAN = "guardian", _("parent or guardian")
        STUDENT = "student", _("student")
        OPERATOR = "operator", _("operator’s staff")

    username = models.CharField(
        _("user name"),
        max_length=64,
        unique=True,
        validators=[username_shape],
        error_messages={"unique": _("This user name is taken.")},
    )
    email = models.EmailField(
        _("e-mail address"),
        null=True,
        blank=True,
        unique=True,
        error_messages={"unique": _("Somebody here has this address already.")},
    )
    first_name = models.CharField(_("first name"), max_length=100, blank=True)
    last_name = models.CharField(_("last name"), max_length=100, blank=True)
    language = models.CharField(_("language"), max_length=5, default="fr", choices=settings.LANGUAGES)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.STAFF)
    is_active = models.BooleanField(_("can sign in"), default=True)
    closed_for = models.UUIDField(
        null=True, blank=True, editable=False
    )  # the deletion that closed it and may open it
    created_at = models.DateTimeField(_("created"))
    first_seen_at = models.DateTimeField(null=True, blank=True, editable=False)  # the first sign-in
    last_seen_at = models.DateTimeField(_("last seen"), null=True, blank=True)

    objects = PersonManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["email"]

    class Meta:
        ordering = ["last_name", "first_name", "username", "id"]

    def note_sign_in(self, *, at: datetime) -> None:
        """Keep when they signed in, the first time and the last."""
        self.first_seen_at = self.first_seen_at or at
        self.last_seen_at = at
        self.save(update_fields=["first_seen_at", "last_seen_at"])

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the person, with the user name and the address as they are compared."""
        self.username = normalise_username(self.username)
        self.email = (self.email or "").strip().lower() or None
        super().save(*args, **kwargs)

    @property
    def is_student(self) -> bool:
        """Return whether this is the account of somebody who learns, a pupil or an adult."""
        return self.kind == self.Kind.STUDENT

    @property
    def name(self) -> str:
        """Return what to call a person: their names, else the address, else the user name."""
        return f"{self.first_name} {self.last_name}".strip() or self.email or self.username

    def get_full_name(self) -> str:
        """Return the person's name, for Django's own pages."""
        return self.name
