"""Addresses of the audit trail."""

from django.urls import path

from audit import views

published = [
    path(".well-known/preau-keys.txt", views.Keys.as_view(), name="keys"),
    path(".well-known/verify_preau.py", views.Verifier.as_view(), name="verifier"),
]

tenant_urlpatterns = [
    *published,
    path("audit/", views.Trail.as_view(), name="trail"),
    path("audit/verify/", views.Verify.as_view(), name="verify"),
]
public_urlpatterns = [
    *published,
    path("console/audit/", views.OperatorTrail.as_view(), name="console_trail"),
    path("console/audit/verify/", views.OperatorVerify.as_view(), name="console_verify"),
]
