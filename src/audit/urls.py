"""Addresses of the audit trail."""

from django.urls import path

from audit import views

tenant_urlpatterns = [
    path("audit/", views.Trail.as_view(), name="trail"),
    path("audit/verify/", views.Verify.as_view(), name="verify"),
]
public_urlpatterns = [
    path("console/audit/", views.OperatorTrail.as_view(), name="console_trail"),
    path("console/audit/verify/", views.OperatorVerify.as_view(), name="console_verify"),
]
