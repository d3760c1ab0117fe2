"""Roles and who holds them for which time."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from isolation.models import SharedAndTenantModel
from people.models.person import Person
from people.models.words import ROLE_HELP, ROLE_NAMES
from people.policy import grants
from people.policy.roles import needs_an_end


class Role(SharedAndTenantModel):
    """Rights under one name; a shipped one is called what the reader's language calls it until it is
    renamed.
    """

    class Reach(models.TextChoices):
        """Whose things the rights are about."""

        ALL = "all", _("everyone’s")
        CIRCLE = "circle", _("their own classes, groups or children")

    name = models.CharField(_("name"), max_length=80, blank=True)
    shipped = models.CharField(max_length=40, blank=True, editable=False)
    rights = ArrayField(models.CharField(max_length=40), verbose_name=_("rights"), default=list, blank=True)
    reach = models.CharField(_("reach"), max_length=10, choices=Reach, default=Reach.CIRCLE)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["shipped"], condition=~Q(shipped=""), name="people_role_shipped_once"
            ),
            models.CheckConstraint(condition=~Q(name="", shipped=""), name="people_role_is_called_something"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Return the role's name as its reader calls it."""
        return self.name or str(ROLE_NAMES.get(self.shipped, self.shipped))

    @property
    def help(self) -> str:
        """Return what a shipped role is for, in one sentence."""
        return str(ROLE_HELP.get(self.shipped, ""))

    @property
    def needs_an_end(self) -> bool:
        """Return whether nobody holds this role for good."""
        return needs_an_end(self.shipped)

    @property
    def wants(self) -> dict[str, str]:
        """Return each right of the role with its reach."""
        return dict.fromkeys(self.rights, self.reach)


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Chainable filters for memberships."""

    def in_force(self, today: date) -> "MembershipQuerySet":
        """Return the memberships whose half-open period holds today."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=today), starts_on__lte=today)

    def with_key(self, key_right: str, today: date) -> "MembershipQuerySet":
        """Return the memberships of active people that give a right everywhere, without an end."""
        rows = self.in_force(today).filter(ends_on=None, person__is_active=True)
        return rows.filter(role__rights__contains=[key_right], role__reach=Role.Reach.ALL)


class Membership(SharedAndTenantModel):
    """A role held by a person over [starts_on, ends_on)."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="memberships")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="people_membership_ends_after_it_starts",
            ),
            models.UniqueConstraint(
                fields=["person", "role"], condition=Q(ends_on=None), name="people_membership_open_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.role}"

    def as_policy(self) -> grants.Membership:
        """Return the membership as plain values."""
        return grants.Membership(frozenset(self.role.rights), self.role.reach, self.starts_on, self.ends_on)

    def end(self, *, on: date) -> None:
        """End the membership on a day, that day not included."""
        self.ends_on = max(on, self.starts_on)
        self.save(update_fields=["ends_on"])
