"""Addresses of the agenda."""

from django.urls import path

from agenda import views

tenant_urlpatterns = [path("timeline/", views.Timeline.as_view(), name="timeline")]
public_urlpatterns = [
    path("console/agenda/", views.Agenda.as_view(), name="console"),
    path("console/agenda/<uuid:obligation_id>/retry/", views.Retry.as_view(), name="retry"),
]
