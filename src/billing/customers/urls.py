"""The addresses of customers."""

from django.urls import path

from billing.customers.views import references
from billing.customers.views import sign_in as door

console = [
    path("customers/<uuid:customer_id>/reference/", references.MarkReference.as_view(), name="reference"),
    path(
        "customers/<uuid:customer_id>/reference/revoke/",
        references.RevokeReference.as_view(),
        name="reference_revoke",
    ),
]

portal = [
    path("sign-in/", door.RequestSignInLink.as_view(), name="knock"),
    path("enter/<str:token>/", door.SignIn.as_view(), name="enter"),
    path("leave/", door.SignOut.as_view(), name="leave"),
]
