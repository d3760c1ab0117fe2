"""Addresses of exports, on a tenant's host."""

from django.urls import path

from exports import views

tenant_urlpatterns = [
    path("exports/", views.ExportList.as_view(), name="list"),
    path("exports/ask/<slug:kind>/", views.AskOne.as_view(), name="ask"),
    path("exports/ask/<slug:kind>/<uuid:subject_id>/", views.AskOne.as_view(), name="ask"),
    path("exports/fetch/<str:token>/", views.Download.as_view(), name="download"),
    path("exports/<uuid:job_id>/", views.ExportPage.as_view(), name="job"),
    path("exports/<uuid:job_id>/progress/", views.ExportProgress.as_view(), name="progress"),
    path("exports/<uuid:job_id>/throw-away/", views.ThrowAway.as_view(), name="throw_away"),
]
