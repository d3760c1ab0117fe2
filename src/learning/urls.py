"""Addresses of learning."""

from django.urls import path

from learning import views

tenant_urlpatterns = [
    path("results/", views.ResultList.as_view(), name="results"),
    path("results/new/", views.NewResult.as_view(), name="result_new"),
    path("results/classes/<uuid:class_id>/", views.ClassResults.as_view(), name="class"),
    path("results/pupils/<uuid:student_id>/", views.StudentResults.as_view(), name="student"),
    path("results/<uuid:result_id>/delete/", views.DeleteResult.as_view(), name="result_delete"),
]
