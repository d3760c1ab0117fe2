"""Addresses of the classroom."""

from django.urls import path

from classrooms.views import cards, family, household, imports, record, school, students

tenant_urlpatterns = [
    path("classes/", school.ClassList.as_view(), name="classes"),
    path("classes/new/", school.NewClass.as_view(), name="class_new"),
    path("classes/<uuid:class_id>/", school.ClassPage.as_view(), name="class"),
    path("classes/<uuid:class_id>/edit/", school.EditClass.as_view(), name="class_edit"),
    path("classes/<uuid:class_id>/informed/", school.InformClass.as_view(), name="class_informed"),
    path("classes/<uuid:class_id>/cards/", cards.ClassCards.as_view(), name="class_cards"),
    path("groups/new/", school.NewGroup.as_view(), name="group_new"),
    path("groups/<uuid:group_id>/", school.GroupPage.as_view(), name="group"),
    path("groups/<uuid:group_id>/edit/", school.EditGroup.as_view(), name="group_edit"),
    path("groups/<uuid:group_id>/delete/", school.DeleteGroup.as_view(), name="group_delete"),
    path("pupils/", students.StudentList.as_view(), name="students"),
    path("pupils/new/", students.NewStudent.as_view(), name="student_new"),
    path("pupils/<uuid:student_id>/", students.StudentPage.as_view(), name="student"),
    path("pupils/<uuid:student_id>/edit/", students.EditStudent.as_view(), name="student_edit"),
    path("pupils/<uuid:student_id>/departure/", students.Departure.as_view(), name="student_departure"),
    path("pupils/<uuid:student_id>/informed/", students.InformStudent.as_view(), name="student_informed"),
    path("pupils/<uuid:student_id>/guardians/", students.AddGuardian.as_view(), name="guardian_add"),
    path(
        "pupils/<uuid:student_id>/guardians/<uuid:guardian_id>/remove/",
        students.RemoveGuardian.as_view(),
        name="guardian_remove",
    ),
    path("families/", students.FamilyList.as_view(), name="families"),
    path("imports/", imports.ImportList.as_view(), name="imports"),
    path("imports/<uuid:batch_id>/", imports.ImportPage.as_view(), name="import"),
    path("imports/<uuid:batch_id>/confirm/", imports.ConfirmImport.as_view(), name="import_confirm"),
    path("imports/<uuid:batch_id>/choose/", imports.ChooseLine.as_view(), name="import_choose"),
    path("imports/<uuid:batch_id>/bring-back/", imports.BringBack.as_view(), name="import_bring_back"),
    path("imports/<uuid:batch_id>/give-up/", imports.GiveUpImport.as_view(), name="import_give_up"),
    path("imports/<uuid:batch_id>/progress/", imports.ImportProgress.as_view(), name="import_progress"),
    path("record/", record.RecordList.as_view(), name="record"),
    path("record/new/", record.NewObservation.as_view(), name="observation_new"),
    path("record/autosave/", record.AutosaveObservation.as_view(), name="observation_autosave"),
    path("record/<uuid:observation_id>/", record.EditObservation.as_view(), name="observation_edit"),
    path("record/<uuid:observation_id>/share/", record.ShareObservation.as_view(), name="observation_share"),
    path(
        "record/<uuid:observation_id>/unshare/",
        record.UnshareObservation.as_view(),
        name="observation_unshare",
    ),
    path(
        "record/<uuid:observation_id>/delete/", record.DeleteObservation.as_view(), name="observation_delete"
    ),
    path("record/photos/<uuid:photo_id>/", record.PhotoFile.as_view(), name="photo"),
    path("record/photos/<uuid:photo_id>/delete/", record.DeletePhoto.as_view(), name="photo_delete"),
    path("family/", family.FamilyNews.as_view(), name="family"),
    path("family/children/<uuid:child_id>/", family.FamilyNews.as_view(), name="family_child"),
    path("family/progress/", family.FamilyProgress.as_view(), name="family_progress"),
    path("family/record/", family.FamilyRecord.as_view(), name="family_record"),
    path("family/observations/<uuid:observation_id>/thank/", family.Thank.as_view(), name="family_thank"),
    path("family/observations/<uuid:observation_id>/answer/", family.Answer.as_view(), name="family_answer"),
    path("family/photos/<uuid:photo_id>/", family.FamilyPhoto.as_view(), name="family_photo"),
    path("household/", household.HouseholdPage.as_view(), name="household"),
    path("household/children/new/", household.AddChild.as_view(), name="child_new"),
    path("household/children/<uuid:child_id>/", household.EditChild.as_view(), name="child_edit"),
    path("household/children/<uuid:child_id>/card/", household.ChildCard.as_view(), name="child_card"),
]
