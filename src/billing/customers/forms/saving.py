"""Keep what the form of a customer says, whoever filled it in."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from audit.policy.actor import Actor
from billing.customers.actions.save_customer import save_contact, save_customer, save_signatory
from billing.customers.forms.customers import ContactForm, CustomerForm
from billing.customers.models import Contact
from tenants.models import Customer


def save_customer_form(form: CustomerForm, *, by: Actor, now: datetime) -> Customer:
    """Return the customer of a valid form, kept; a signatory written on it becomes a contact."""
    customer = save_customer(customer=form.save(commit=False), by=by, now=now)
    if {"signatory", "job_title", "email"} & set(form.changed_data):
        save_signatory(customer=customer, job_title=form.cleaned_data["job_title"], by=by, now=now)
    return customer


def save_contact_form(form: ContactForm, *, customer: Customer, by: Actor, now: datetime) -> Contact | None:
    """Return the contact of a form, kept for its customer; None where the form says what is wrong."""
    if not form.is_valid():
        return None
    try:
        with transaction.atomic():
            return save_contact(contact=form.save(commit=False), customer=customer, by=by, now=now)
    except IntegrityError:
        form.add_error("email", _("This customer has a contact with this address already."))
        return None
