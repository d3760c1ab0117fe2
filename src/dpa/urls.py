"""Addresses of the privacy centre on a tenant's host; of the operator's desk and public list on the other."""

from django.urls import path

from dpa.views import (
    after_end,
    annexes,
    breach_desk,
    breaches,
    centre,
    erasures,
    own,
    processor_desk,
    processors,
)

DESK = "console/sub-processors/"

tenant_urlpatterns = [
    path("privacy/", centre.Home.as_view(), name="home"),
    path("privacy/retention/", centre.Retention.as_view(), name="retention"),
    path("privacy/retention/set/", centre.SetRetention.as_view(), name="retention_set"),
    path("privacy/end/", after_end.AfterEndPage.as_view(), name="after_end"),
    path("privacy/end/delete/", after_end.DeleteEverything.as_view(), name="delete_everything"),
    path("privacy/end/keep/", after_end.KeepEverything.as_view(), name="keep_everything"),
    path("privacy/sub-processors/", processors.Processors.as_view(), name="processors"),
    path(
        "privacy/sub-processors/<uuid:change_id>/object/",
        processors.ObjectToChange.as_view(),
        name="change_object",
    ),
    path(
        "privacy/sub-processors/<uuid:change_id>/accept/",
        processors.AcceptChange.as_view(),
        name="change_accept",
    ),
    path("privacy/annexes/", annexes.Annexes.as_view(), name="annexes"),
    path("privacy/annexes/accept/", annexes.AcceptAnnexes.as_view(), name="annex_accept"),
    path("privacy/annexes/contacts/", annexes.ContactsPage.as_view(), name="annex_contacts"),
    path("privacy/annexes/contacts/save/", annexes.SaveContacts.as_view(), name="annex_contacts_save"),
    path("privacy/annexes/purposes/", annexes.PurposesPage.as_view(), name="annex_purposes"),
    path("privacy/annexes/purposes/save/", annexes.SavePurposes.as_view(), name="annex_purposes_save"),
    path(
        "privacy/annexes/draft/<slug:language>/annexes.pdf",
        annexes.DraftPaper.as_view(),
        name="annex_draft_pdf",
    ),
    path("privacy/annexes/<uuid:annex_id>/", annexes.AcceptedVersion.as_view(), name="annex_version"),
    path("privacy/annexes/<uuid:annex_id>/compare/", annexes.CompareVersions.as_view(), name="annex_compare"),
    path("privacy/annexes/<uuid:annex_id>/annexes.json", annexes.AcceptedData.as_view(), name="annex_json"),
    path(
        "privacy/annexes/<uuid:annex_id>/<slug:language>/annexes.pdf",
        annexes.AcceptedPaper.as_view(),
        name="annex_pdf",
    ),
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
    path("privacy/breaches/", breaches.BreachList.as_view(), name="breaches"),
    path("privacy/breaches/<uuid:breach_id>/", breaches.BreachPage.as_view(), name="breach"),
    path("privacy/breaches/<uuid:breach_id>/decide/", breaches.Decide.as_view(), name="breach_decide"),
    path("privacy/breaches/<uuid:breach_id>/notified/", breaches.Notified.as_view(), name="breach_notified"),
    path(
        "privacy/breaches/<uuid:breach_id>/authority/<slug:language>/",
        breaches.AuthorityDraft.as_view(),
        name="breach_authority",
    ),
    path(
        "privacy/breaches/<uuid:breach_id>/authority/<slug:language>/save/",
        breaches.SaveAuthorityDraft.as_view(),
        name="breach_authority_save",
    ),
    path(
        "privacy/breaches/<uuid:breach_id>/authority/<slug:language>/breach.pdf",
        breaches.AuthorityPaper.as_view(),
        name="breach_authority_pdf",
    ),
    path("privacy/breaches/<uuid:breach_id>/people/", breaches.PeopleDraft.as_view(), name="breach_people"),
    path(
        "privacy/breaches/<uuid:breach_id>/people/save/",
        breaches.SavePeopleDraft.as_view(),
        name="breach_people_save",
    ),
    path(
        "privacy/breaches/<uuid:breach_id>/people/send/",
        breaches.SendToPeople.as_view(),
        name="breach_people_send",
    ),
    path("privacy/me/", own.MyAccount.as_view(), name="my_data"),
    path("privacy/undo/<str:token>/", own.UndoByLink.as_view(), name="undo_by_link"),
    path("pupils/<uuid:student_id>/record.pdf", own.RecordOnPaper.as_view(), name="record_pdf"),
    path("children/<uuid:student_id>/record.pdf", own.ChildOnPaper.as_view(), name="child_pdf"),
]
public_urlpatterns = [
    path("console/breaches/", breach_desk.Register.as_view(), name="breach_register"),
    path("console/breaches/new/", breach_desk.NewBreach.as_view(), name="breach_new"),
    path("console/breaches/<uuid:breach_id>/", breach_desk.DeskPage.as_view(), name="breach_desk"),
    path(
        "console/breaches/<uuid:breach_id>/change/", breach_desk.ChangeBreach.as_view(), name="breach_change"
    ),
    path("console/breaches/<uuid:breach_id>/scope/", breach_desk.BreachScope.as_view(), name="breach_scope"),
    path("console/breaches/<uuid:breach_id>/send/", breach_desk.SendNotices.as_view(), name="breach_send"),
    path("console/breaches/<uuid:breach_id>/close/", breach_desk.CloseBreach.as_view(), name="breach_close"),
    path(
        "console/breaches/concerned/<uuid:affected_id>/send/",
        breach_desk.SendNotice.as_view(),
        name="breach_send_one",
    ),
    path(
        "console/breaches/sent/<uuid:delivery_id>/bounced/",
        breach_desk.NoticeBounced.as_view(),
        name="breach_bounced",
    ),
    path(
        "console/breaches/sent/<uuid:delivery_id>/notice.eml",
        breach_desk.NoticeAsSent.as_view(),
        name="breach_as_sent",
    ),
    path(
        "console/breaches/<uuid:breach_id>/decide/",
        breach_desk.DeskDecide.as_view(),
        name="breach_desk_decide",
    ),
    path(
        "console/breaches/<uuid:breach_id>/notified/",
        breach_desk.DeskNotified.as_view(),
        name="breach_desk_notified",
    ),
    path(
        "console/breaches/<uuid:breach_id>/authority/<slug:language>/",
        breach_desk.DeskAuthority.as_view(),
        name="breach_desk_authority",
    ),
    path(
        "console/breaches/<uuid:breach_id>/authority/<slug:language>/save/",
        breach_desk.DeskSaveAuthority.as_view(),
        name="breach_desk_authority_save",
    ),
    path(
        "console/breaches/<uuid:breach_id>/authority/<slug:language>/breach.pdf",
        breach_desk.DeskPaper.as_view(),
        name="breach_desk_authority_pdf",
    ),
    path(
        "console/breaches/<uuid:breach_id>/people/",
        breach_desk.DeskPeople.as_view(),
        name="breach_desk_people",
    ),
    path(
        "console/breaches/<uuid:breach_id>/people/save/",
        breach_desk.DeskSavePeople.as_view(),
        name="breach_desk_people_save",
    ),
    path(
        "console/breaches/<uuid:breach_id>/people/send/",
        breach_desk.DeskSendToPeople.as_view(),
        name="breach_desk_people_send",
    ),
    path("sub-processors/", processors.SubProcessors.as_view(), name="sub_processors"),
    path(DESK, processor_desk.ProcessorDesk.as_view(), name="processor_desk"),
    path(DESK + "new/", processor_desk.NewProcessor.as_view(), name="processor_new"),
    path(DESK + "gar/", processor_desk.SetGar.as_view(), name="gar_set"),
    path(DESK + "<uuid:processor_id>/change/", processor_desk.NewProcessor.as_view(), name="processor_edit"),
    path(DESK + "<uuid:processor_id>/end/", processor_desk.EndProcessor.as_view(), name="processor_end"),
    path(DESK + "changes/<uuid:change_id>/", processor_desk.ChangePage.as_view(), name="processor_change"),
    path(DESK + "changes/<uuid:change_id>/start/", processor_desk.StartChange.as_view(), name="change_start"),
    path(
        DESK + "changes/<uuid:change_id>/withdraw/",
        processor_desk.WithdrawChange.as_view(),
        name="change_withdraw",
    ),
    path(
        DESK + "changes/<uuid:change_id>/objection/",
        processor_desk.RecordObjection.as_view(),
        name="objection_record",
    ),
    path(
        DESK + "notices/<uuid:change_notice_id>/bounced/",
        processor_desk.NoticeBounced.as_view(),
        name="change_notice_bounce",
    ),
    path(
        DESK + "objections/<uuid:change_objection_id>/settle/",
        processor_desk.SettleObjection.as_view(),
        name="objection_settle",
    ),
]
