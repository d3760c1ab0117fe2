"""Keep what the form of a customer says, whoever filled it in."""

from datetime import datetime

from audit.policy.actor import Actor
from billing.customers.actions.save_customer import save_customer, save_signatory
from billing.customers.forms.customers import CustomerForm
from tenants.models import Customer


def save_customer_form(form: CustomerForm, *, by: Actor, now: datetime) -> Customer:
    """Return the customer of a valid form, kept; a signatory written on it becomes a contact."""
    customer = save_customer(customer=form.save(commit=False), by=by, now=now)
    if {"signatory", "job_title", "email"} & set(form.changed_data):
        save_signatory(customer=customer, job_title=form.cleaned_data["job_title"], by=by, now=now)
    return customer
