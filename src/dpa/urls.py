"""Addresses of the privacy centre, on a tenant's host."""

from django.urls import path

from dpa.views import after_end, centre, erasures, own

tenant_urlpatterns = [
    path("privacy/", centre.Home.as_view(), name="home"),
    path("privacy/retention/", centre.Retention.as_view(), name="retention"),
    path("privacy/retention/set/", centre.SetRetention.as_view(), name="retention_set"),
    path("privacy/end/", after_end.AfterEndPage.as_view(), name="after_end"),
    path("privacy/end/delete/", after_end.DeleteEverything.as_view(), name="delete_everything"),
    path("privacy/end/keep/", after_end.KeepEverything.as_view(), name="keep_everything"),
    path("privacy/annex/", centre.Annex.as_view(), name="annex"),
    path("privacy/annex/change/", centre.ChangeAnnex.as_view(), name="annex_change"),
    path("privacy/deletions/", erasures.ErasureList.as_view(), name="erasures"),
    path("privacy/deletions/<uuid:deletion_id>/", erasures.ErasurePage.as_view(), name="erasure"),
    path("privacy/deletions/<uuid:deletion_id>/undo/", erasures.Undo.as_view(), name="undo"),
    path("privacy/deletions/<uuid:deletion_id>/approve/", erasures.Approve.as_view(), name="approve"),
    path("privacy/deletions/<uuid:deletion_id>/refuse/", erasures.Refuse.as_view(), name="refuse"),
    path(
        "privacy/deletions/<uuid:deletion_id>/certificate.pdf",
        erasures.Certificate.as_view(),
        {"form": "pdf"},
        name="certificate_pdf",
    ),
    path(
        "privacy/deletions/<uuid:deletion_id>/certificate.json",
        erasures.Certificate.as_view(),
        {"form": "json"},
        name="certificate_json",
    ),
    path(
        "privacy/deletions/<uuid:deletion_id>/certificate.txt",
        erasures.Certificate.as_view(),
        {"form": "txt"},
        name="certificate_note",
    ),
    path(
        "privacy/delete/student/<uuid:subject_id>/",
        erasures.DeleteStudent.as_view(),
        name="request_student_erasure",
    ),
    path(
        "privacy/delete/child/<uuid:subject_id>/",
        erasures.DeleteChild.as_view(),
        name="request_child_erasure",
    ),
    path(
        "privacy/delete/person/<uuid:subject_id>/",
        erasures.DeletePerson.as_view(),
        name="request_person_erasure",
    ),
    path(
        "privacy/delete/guardian/<uuid:subject_id>/",
        erasures.DeleteGuardian.as_view(),
        name="request_guardian_erasure",
    ),
    path("privacy/me/", own.MyAccount.as_view(), name="my_data"),
    path("privacy/undo/<str:token>/", own.UndoByLink.as_view(), name="undo_by_link"),
    path("pupils/<uuid:student_id>/record.pdf", own.RecordOnPaper.as_view(), name="record_pdf"),
    path("children/<uuid:student_id>/record.pdf", own.ChildOnPaper.as_view(), name="child_pdf"),
]
