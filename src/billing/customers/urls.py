"""The addresses of customers."""

from django.urls import path

from billing.customers.views import door, references

console = [
    path("customers/<uuid:customer_id>/reference/", references.MarkReference.as_view(), name="reference"),
    path(
        "customers/<uuid:customer_id>/reference/revoke/",
        references.RevokeReference.as_view(),
        name="reference_revoke",
    ),
]

portal = [
    path("sign-in/", door.Knock.as_view(), name="knock"),
    path("enter/<str:token>/", door.Enter.as_view(), name="enter"),
    path("leave/", door.Leave.as_view(), name="leave"),
]
