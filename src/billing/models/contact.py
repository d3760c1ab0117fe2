"""The buyer: somebody who reads, signs and pays for a customer, before any tenant exists."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower

from isolation.models import SharedModel


class Contact(SharedModel):
    """A person who speaks for a customer in the portal; lets in by a link in a mail, never by a password."""

    customer = models.ForeignKey("tenants.Customer", on_delete=models.PROTECT, related_name="contacts")
    email = models.EmailField()
    first_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100, blank=True)
    capacity = models.CharField(max_length=120, blank=True)  # "directrice", "gestionnaire"
    language = models.CharField(max_length=5, default="fr")
    link_version = models.PositiveIntegerField(default=1)  # raise it and every link sent so far is dead
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("last_name", "first_name")
        constraints = (models.UniqueConstraint("customer", Lower("email"), name="billing_contact_once"),)

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Return how to call the contact: names, else the address."""
        return f"{self.first_name} {self.last_name}".strip() or self.email
