"""The pages people use: who sees what, and in how many statements."""

import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from agenda.loop import tick
from agenda.models import OutboxMessage
from audit.actions import log_action
from audit.queries import history
from classrooms.models import (
    Competency,
    GuardianInformation,
    ImportBatch,
    Observation,
    ObservationCompetency,
    Photo,
    ReadReceipt,
    Student,
)
from demo.factories.classrooms import (
    ClassFactory,
    GuardianFactory,
    ObservationFactory,
    StudentFactory,
    TeachingFactory,
)
from demo.factories.learning import ActivityFactory, ResultFactory
from demo.factories.people import person_with
from isolation.context import inside, inside_operator
from tests.pagers import reached

HEADER = "Nom élève;Prénom élève;Date naissance;Niveau;Libellé classe;INE"


def photo(name="photo.jpg", size=(2400, 1200), **exif):
    out = io.BytesIO()
    image = Image.new("RGB", size, "green")
    tags = Image.Exif()
    tags[0x010F] = "Camera of the school"
    tags[0x8825] = {1: "N", 2: (48.0, 6.0, 0.0)}
    image.save(out, "JPEG", exif=tags)
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/jpeg")


@pytest.fixture
def world(db, school, now):
    """A class of 30 with a teacher and an administrator; another class.

    A family with two children in the first.
    """
    StudentFactory.reset_sequence(0)
    with inside(school):
        teacher = person_with("teacher", now=now, email="aubry@ecole.example", last_name="Aubry")
        ours = ClassFactory(name="CE1 Aubry")
        other = ClassFactory(name="CE2 Autre")
        TeachingFactory(person=teacher, school_class=ours)
        pupils = StudentFactory.create_batch(30, school_class=ours)
        stranger = StudentFactory(school_class=other, first_name="Ailleurs")
        parent = person_with(
            "guardian", now=now, email="lise@famille.example", first_name="Lise", last_name=""
        )
        guardian = GuardianFactory(email=parent.email, person=parent, of=pupils[:2], joined_at=now)
        return {
            "school": school,
            "admin": person_with("administrator", now=now, email="dir@ecole.example"),
            "teacher": teacher,
            "parent": parent,
            "guardian": guardian,
            "class": ours,
            "other": other,
            "pupils": pupils,
            "stranger": stranger,
        }


@pytest.fixture
def as_(browse, world):
    """Sign somebody of the world in."""
    return lambda who: browse(world["school"], world[who])


def get(client, path, status=200):
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code, answer.content[:300])
    return answer.content.decode()


PAGES = ["/classes/", "/pupils/", "/record/", "/record/new/", "/results/", "/results/new/"]
ADMIN_PAGES = [
    *PAGES,
    "/classes/new/",
    "/groups/new/",
    "/pupils/new/",
    "/families/",
    "/imports/",
    "/pupils/?state=left",
]


@pytest.mark.parametrize("path", ADMIN_PAGES)
def test_the_administrators_pages_answer(as_, path):
    assert get(as_("admin"), path).count("<h1") == 1


@pytest.mark.parametrize("path", PAGES)
def test_a_teachers_pages_answer(as_, path):
    assert get(as_("teacher"), path).count("<h1") == 1


def test_a_class_and_a_pupil_answer(as_, world):
    for who in ("admin", "teacher"):
        client = as_(who)
        page = get(client, f"/classes/{world['class'].pk}/")
        assert page.count("/pupils/") >= 30
        get(client, f"/classes/{world['class'].pk}/?format=csv")
        get(client, f"/pupils/{world['pupils'][0].pk}/")
        get(client, f"/results/classes/{world['class'].pk}/")
        get(client, f"/results/pupils/{world['pupils'][0].pk}/")
    admin = as_("admin")
    for path in ("edit", "informed"):
        get(admin, f"/classes/{world['class'].pk}/{path}/")
        get(admin, f"/pupils/{world['pupils'][0].pk}/{path}/")


def test_a_teacher_sees_no_other_class(as_, world):
    client = as_("teacher")
    get(client, f"/classes/{world['other'].pk}/", 404)
    get(client, f"/pupils/{world['stranger'].pk}/", 404)
    get(client, f"/results/pupils/{world['stranger'].pk}/", 404)
    assert "Ailleurs" not in get(client, "/pupils/")
    assert "Ailleurs" not in get(client, "/record/new/")


def test_pupils_are_found_and_sorted_without_accents(as_, world):
    page = get(as_("admin"), "/pupils/?q=elan%20beraud")
    assert "Béraud Élan" in page
    assert "Calvet" not in page
    with inside(world["school"]):
        StudentFactory(last_name="Elan", first_name="A")
        StudentFactory(last_name="Élan", first_name="B")
        StudentFactory(last_name="Ezan", first_name="C")
        names = [s.first_name for s in Student.objects.by_name() if s.last_name in {"Elan", "Élan", "Ezan"}]
    assert names == ["A", "B", "C"]


def test_a_class_of_thirty_takes_the_same_few_statements_as_a_class_of_one(
    as_, world, django_assert_max_num_queries, now
):
    client = as_("teacher")
    path = f"/classes/{world['class'].pk}/"
    client.get(path)
    with inside(world["school"]):
        activity = ActivityFactory()
        for pupil in world["pupils"]:
            ResultFactory(student=pupil, activity=activity)
            ObservationFactory(author=world["teacher"], of=[pupil], state="shared", shared_at=now)
    with django_assert_max_num_queries(21) as full:
        client.get(path)
    with inside(world["school"]):
        Student.objects.exclude(pk=world["pupils"][0].pk).delete()
    with django_assert_max_num_queries(21) as one:
        client.get(path)
    assert len(full) == len(one)


def test_latest_results_take_one_statement_and_progress_one(world, django_assert_num_queries, now):
    from learning.queries import latest_results, weekly_scores

    with inside(world["school"]):
        ResultFactory(student=world["pupils"][0], score=40, done_at=datetime(2026, 11, 3, tzinfo=UTC))
        ResultFactory(student=world["pupils"][0], score=81, done_at=datetime(2026, 11, 12, tzinfo=UTC))
        with django_assert_num_queries(1):
            rows = {row.id: row for row in latest_results(world["class"], now=now)}
        with django_assert_num_queries(1):
            points = weekly_scores([pupil.pk for pupil in world["pupils"]], until=date(2026, 11, 16))
        found = rows[world["pupils"][0].pk]
        assert (found.score, found.mean, found.count) == (81, 60, 2)
        assert points == {world["pupils"][0].pk: [None] * 9 + [40, 81, None]}


class TestImportPages:
    def upload(self, client, *rows):
        data = "\n".join([HEADER, *rows]).encode("latin-1")
        return client.post("/imports/", {"pupils": SimpleUploadedFile("eleves.csv", data)})

    def test_from_the_file_to_the_pupils(self, as_, world, now):
        client = as_("admin")
        answer = self.upload(
            client, "Zola;Émile;02/04/2018;CE1;CE1 Neuve;111", ";Sans;02/04/2018;CE1;CE1 Neuve;222"
        )
        assert answer.status_code == 302
        page = get(client, answer.url)
        assert "Zola" in page
        assert "INE" in page
        for part in ("create", "update", "unchanged", "missing", "refused"):
            get(client, f"{answer.url}?part={part}")
        assert "Nom élève" in get(client, f"{answer.url}?part=refused")
        assert "rien ne change pour eux" in page
        assert "Rien ne change pour ces élèves" in get(client, f"{answer.url}?part=missing")
        get(client, f"{answer.url}?format=csv")
        shown = page.split('name="shown" value="')[1].split('"')[0]
        confirmed = client.post(f"{answer.url}confirm/", {"shown": shown})
        assert confirmed.status_code == 302
        get(client, answer.url)
        tick(now + timedelta(hours=1))
        assert "HX-Refresh" in client.get(f"{answer.url}progress/").headers
        applied = get(client, answer.url)
        assert "Créés" in applied
        assert "À créer" not in applied
        assert "laissés tels quels" in applied
        with inside(world["school"]):
            assert Student.objects.filter(last_name="Zola", first_name="Émile").exists()

    def test_what_was_not_shown_is_not_confirmed(self, as_, world):
        client = as_("admin")
        url = self.upload(client, "Zola;Émile;02/04/2018;CE1;CE1 Neuve;111").url
        client.post(f"{url}confirm/", {"shown": "something else"})
        with inside(world["school"]):
            assert ImportBatch.objects.get().state == "preview"
        client.post(f"{url}give-up/")
        with inside(world["school"]):
            assert ImportBatch.objects.get().state == "given_up"

    def test_an_ambiguous_line_is_settled_on_the_page(self, as_, world):
        with inside(world["school"]):
            twice = [
                StudentFactory(last_name="Zola", first_name="Émile", birth_on=date(2018, 4, 2)) for _ in "ab"
            ]
        client = as_("admin")
        url = self.upload(client, "Zola;Émile;02/04/2018;CE1;CE1 Neuve;111").url
        assert str(twice[0].pk) in get(client, f"{url}?part=refused")
        client.post(f"{url}choose/", {"line": "2", "choice": str(twice[0].pk)})
        assert "Zola" in get(client, f"{url}?part=update")
        assert client.post(f"{url}choose/", {"line": "x", "choice": "?"}).status_code == 302

    def test_a_teacher_imports_nothing(self, as_, world):
        teacher = as_("teacher")
        get(teacher, "/imports/", 403)
        assert self.upload(teacher, "Zola;Émile;02/04/2018;CE1;CE1 Neuve;111").status_code == 403
        with inside(world["school"]):
            assert not ImportBatch.objects.exists()


class TestPupilForms:
    def fields(self, **more):
        return {"last_name": "Roy", "first_name": "Léa", "birth_on": "2018-05-06", "level": "CP", **more}

    def test_a_pupil_is_added_corrected_leaves_and_comes_back(self, as_, world):
        client = as_("admin")
        url = client.post("/pupils/new/", self.fields(school_class=world["class"].pk)).url
        client.post(f"{url}edit/", self.fields(first_name="Léna"))
        client.post(f"{url}departure/")
        with inside(world["school"]):
            lea = Student.objects.get(last_name="Roy")
            assert (lea.first_name, lea.left_on) == ("Léna", date(2026, 11, 16))
            assert not lea.enrolments.filter(ends_on=None).exists()
        client.post(f"{url}departure/")
        get(client, url)
        with inside(world["school"]):
            assert Student.objects.get(last_name="Roy").left_on is None

    def test_the_licence_after_the_last_is_refused_with_the_way_to_extend(self, as_, world):
        from tenants.models import Contract

        with inside_operator():
            Contract.objects.filter(tenant=world["school"]).update(licences=0)
        answer = as_("admin").post("/pupils/new/", self.fields())
        assert answer.status_code == 400
        assert "Licences" in answer.content.decode()

    def test_a_birth_date_to_come_is_refused(self, as_):
        assert as_("admin").post("/pupils/new/", self.fields(birth_on="2030-01-01")).status_code == 400

    @pytest.mark.parametrize("name", ["L\u202eéa", "L\ufffda", "L\u200béa"])
    def test_a_name_nobody_can_read_is_refused_with_its_place(self, as_, name):
        answer = as_("admin").post("/pupils/new/", self.fields(first_name=name))
        assert answer.status_code == 400
        assert f"2 (U+{ord(name[1]):04X})" in answer.content.decode()
        assert as_("admin").post("/classes/new/", {"name": name}).status_code in {400, 422}

    def test_groups_and_classes_are_made_and_changed(self, as_, world):
        client = as_("admin")
        made = client.post(
            "/classes/new/", {"name": "CP Neuf", "level": "CP", "teachers": [world["teacher"].pk]}
        )
        get(client, made.url)
        assert "CP Neuf" in get(as_("teacher"), "/classes/")
        assert client.post(f"{made.url}edit/", {"name": "CP Neuf", "level": "CP"}).status_code == 302
        assert "CP Neuf" not in get(as_("teacher"), "/classes/")
        assert client.post("/classes/new/", {"name": "cp neuf"}).status_code == 400
        client.post(
            "/groups/new/",
            {"name": "Chorale", "students": [world["stranger"].pk], "teachers": [world["teacher"].pk]},
        )
        assert "Ailleurs" in get(as_("teacher"), "/pupils/")
        with inside(world["school"]):
            from classrooms.models import Group

            group = Group.objects.get()
        get(client, f"/groups/{group.pk}/")
        get(client, f"/groups/{group.pk}/edit/")
        client.post(f"/groups/{group.pk}/edit/", {"name": "Chorale"})
        client.post(f"/groups/{group.pk}/delete/")
        with inside(world["school"]):
            assert Student.objects.filter(pk=world["stranger"].pk).exists()

    def test_informing_a_class_is_put_on_record(self, as_, world):
        path = f"/classes/{world['class'].pk}/informed/"
        client = as_("admin")
        details = {"informed_on": "2026-09-07", "how": "meeting"}
        assert client.post(path, {**details, "covers": ["purpose"]}).status_code == 400
        all_three = {**details, "covers": ["purpose", "access", "categories"]}
        assert client.post(path, {**all_three, "informed_on": "2027-01-01"}).status_code == 400
        assert client.post(path, all_three).status_code == 302
        assert client.post(f"/pupils/{world['pupils'][0].pk}/informed/", all_three).status_code == 302
        with inside(world["school"]):
            assert GuardianInformation.objects.count() == 2


class TestRecord:
    def write(self, client, world, act="save", **more):
        import uuid

        data = {
            "draft": str(uuid.uuid4()),
            "students": [str(world["pupils"][0].pk)],
            "text": "A lu seule une page.",
            "observed_on": "2026-11-16",
            "act": act,
            **more,
        }
        return client.post("/record/new/", data)

    def test_a_draft_saves_itself_and_nobody_else_sees_it(self, as_, world):
        import uuid

        client = as_("teacher")
        draft = str(uuid.uuid4())
        data = {
            "draft": draft,
            "text": "Ébauche",
            "observed_on": "2026-11-16",
            "students": [str(world["pupils"][0].pk)],
        }
        for text in ("Ébauche", "Ébauche plus longue"):
            assert client.post("/record/autosave/", {**data, "text": text}).status_code == 200
        assert "Ébauche plus longue" in get(client, f"/record/{draft}/")
        get(as_("admin"), f"/record/{draft}/", 404)
        assert as_("admin").post("/record/autosave/", data).status_code == 404
        assert "Ébauche" not in get(as_("admin"), "/record/")
        with inside(world["school"]):
            assert Observation.objects.count() == 1
        assert (
            client.post(
                "/record/autosave/", {**data, "draft": str(uuid.uuid4()), "text": "", "students": []}
            ).status_code
            == 204
        )

    def test_a_photo_comes_out_smaller_and_without_place_or_camera(self, as_, world):
        client = as_("teacher")
        assert self.write(client, world, photos=[photo(), photo("b.jpg")]).status_code == 302
        with inside(world["school"]):
            stored = list(Photo.objects.all())
            assert len(stored) == 2
            with Image.open(stored[0].file) as image:
                assert (image.format, max(image.size)) == ("JPEG", 1600)
                assert not dict(image.getexif())
            assert str(world["school"].pk) in stored[0].file.name
        answer = client.get(f"/record/photos/{stored[0].pk}/")
        assert (answer["Content-Type"], answer["Cache-Control"]) == ("image/jpeg", "private, no-store")
        client.post(f"/record/photos/{stored[0].pk}/delete/")
        with inside(world["school"]):
            assert Photo.objects.count() == 1

    @pytest.mark.parametrize(
        "content", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a", b"", b"\xff\xd8\xff\xe0 no"]
    )
    def test_what_is_no_photo_is_refused(self, as_, world, content):
        self.write(
            as_("teacher"), world, photos=[SimpleUploadedFile("x.jpg", content, content_type="image/jpeg")]
        )
        with inside(world["school"]):
            assert not Photo.objects.exists()

    def test_shared_told_read_thanked_answered_and_taken_back(self, as_, world, now, mailoutbox):
        teacher = as_("teacher")
        parent = as_("parent")
        with inside(world["school"]):
            competency = Competency.objects.filter(cycle=2).first()
        self.write(teacher, world, act="share", photos=[photo()], **{f"level-{competency.pk}": "acquired"})
        with inside(world["school"]):
            shared = Observation.objects.get()
            picture = Photo.objects.get()
            assert shared.is_shared
            assert ObservationCompetency.objects.get().level == "acquired"
        tick(now + timedelta(hours=1))
        (mail,) = [m for m in mailoutbox if "Inès" in m.subject]
        assert mail.to == ["lise@famille.example"]
        assert "Abadie" not in mail.body
        assert "A lu seule" not in mail.body
        page = get(parent, mail.body.split("tilleuls.localhost")[1].split()[0])
        assert "rien de partagé pour l’instant" in get(parent, "/")  # the other child has nothing yet
        assert "A lu seule une page." in page
        assert "tout est lu" in get(parent, "/")
        assert get(parent, "/family/progress/")
        assert "A lu seule" in get(parent, "/family/record/")
        assert parent.get(f"/family/photos/{picture.pk}/").status_code == 200
        parent.post(f"/family/observations/{shared.pk}/thank/")
        parent.post(f"/family/observations/{shared.pk}/answer/", {"answer": "Merci, elle lit aussi le soir."})
        assert "elle lit aussi le soir" in get(teacher, "/record/")
        with inside(world["school"]):
            assert ReadReceipt.objects.get().thanked_at
        teacher.post(f"/record/{shared.pk}/unshare/")
        assert "A lu seule" not in get(parent, "/family/")
        get(parent, f"/family/photos/{picture.pk}/", 404)
        assert parent.post(f"/family/observations/{shared.pk}/thank/").status_code == 404

    def test_a_message_taken_back_before_it_left_is_never_sent(self, as_, world, now, mailoutbox):
        teacher = as_("teacher")
        self.write(teacher, world, act="share")
        with inside(world["school"]):
            shared = Observation.objects.get()
        teacher.post(f"/record/{shared.pk}/unshare/")
        tick(now + timedelta(hours=1))
        assert not [m for m in mailoutbox if "Inès" in m.subject]
        with inside_operator():
            assert (
                OutboxMessage.objects.filter(template="classrooms/observation_shared", state="moot").count()
                == 1
            )

    def test_nothing_is_shared_of_nobody_or_of_nothing(self, as_, world):
        self.write(as_("teacher"), world, act="share", text="")
        self.write(as_("teacher"), world, act="share", students=[])
        with inside(world["school"]):
            assert set(Observation.objects.values_list("state", flat=True)) == {"draft"}

    def test_a_pupil_of_another_class_cannot_be_chosen(self, as_, world):
        assert self.write(as_("teacher"), world, students=[str(world["stranger"].pk)]).status_code == 400

    def test_kept_edited_and_deleted(self, as_, world):
        teacher = as_("teacher")
        self.write(teacher, world, act="keep")
        with inside(world["school"]):
            kept = Observation.objects.get()
            assert kept.state == "kept"
        assert "A lu seule" in get(as_("admin"), "/record/")
        assert "A lu seule" not in get(as_("parent"), "/family/")
        get(teacher, f"/record/{kept.pk}/delete/")
        teacher.post(f"/record/{kept.pk}/delete/")
        with inside(world["school"]):
            assert not Observation.objects.exists()


class TestFamilies:
    def test_a_guardian_sees_their_children_only(self, as_, world, now):
        with inside(world["school"]):
            mine = ObservationFactory(
                author=world["teacher"],
                of=world["pupils"][1:2],
                state="shared",
                shared_at=now,
                text="Le mien",
            )
            theirs = ObservationFactory(
                author=world["teacher"],
                of=world["pupils"][5:6],
                state="shared",
                shared_at=now,
                text="L’autre",
            )
            draft = ObservationFactory(author=world["teacher"], of=world["pupils"][:1], text="Brouillon")
        parent = as_("parent")
        seen = (
            get(parent, "/family/")
            + get(parent, f"/family/?child={world['pupils'][1].pk}")
            + get(parent, "/")
        )
        assert "Le mien" in seen
        assert "L’autre" not in seen
        assert "Brouillon" not in seen
        get(parent, f"/family/?child={world['pupils'][5].pk}", 404)
        get(parent, f"/family/children/{world['pupils'][5].pk}/", 404)
        for row, status in ((mine, 302), (theirs, 404), (draft, 404)):
            assert parent.post(f"/family/observations/{row.pk}/thank/").status_code == status
        for path in ("/classes/", "/pupils/", "/record/", "/results/", f"/pupils/{world['pupils'][0].pk}/"):
            get(parent, path, 403)

    def test_without_children_the_page_says_what_to_do(self, as_, world):
        with inside(world["school"]):
            world["guardian"].guardianships.all().delete()
        assert "Demandez à l’école" in get(as_("parent"), "/family/")

    def test_guardians_are_added_invited_and_removed(self, as_, world, mailoutbox, now):
        from classrooms.models import Guardian

        admin = as_("admin")
        pupil = world["pupils"][3]
        admin.post(f"/pupils/{pupil.pk}/guardians/", {"email": "Nora@famille.example"})
        page = get(admin, "/families/?state=waiting&q=nora")
        assert "nora@famille.example" in page
        shown = admin.get("/families/invite/").context["paginator"].count
        admin.post("/families/invite/", {"shown": shown})
        tick(now + timedelta(hours=1))
        assert "nora@famille.example" in [to for m in mailoutbox for to in m.to]
        assert "nora@famille.example" in get(admin, "/families/?state=invited")
        get(admin, "/families/?format=csv")
        with inside(world["school"]):
            nora = Guardian.objects.get(email="nora@famille.example")
        admin.post(f"/pupils/{pupil.pk}/guardians/{nora.pk}/remove/")
        with inside(world["school"]):
            assert not Guardian.objects.filter(pk=nora.pk).exists()

    def test_accepting_the_invitation_links_the_account(self, world, now):
        from classrooms.actions.invite_guardians import invite_guardians
        from people.actions.accept_invitation import accept_invitation
        from people.models import Invitation

        with inside(world["school"]):
            waiting = GuardianFactory(email="sami@famille.example", of=world["pupils"][4:5])
            details = {
                "tenant": world["school"],
                "by": world["admin"],
                "now": now,
                "today": date(2026, 11, 16),
            }
            assert invite_guardians(guardians=[waiting], **details) == 1
            token = Invitation.objects.get(email=waiting.email).token
            person = accept_invitation(token=token, password="le vent du nord chante", now=now)
            waiting.refresh_from_db()
            assert waiting.person_id == person.pk
            assert waiting.joined_at == now

    def test_an_address_that_staff_typed_links_nobody_until_it_is_proved(self, as_, browse, world, now):
        from allauth.account.models import EmailAddress

        from classrooms.actions.invite_guardians import invite_guardians
        from people.models import Invitation

        school = world["school"]
        typed = "sami@famille.example"
        details = {"tenant": school, "by": world["admin"], "now": now, "today": date(2026, 11, 16)}
        with inside(school):
            world["typed"] = person_with("teacher", now=now, email=typed)
            EmailAddress.objects.filter(email=typed).update(verified=False)
            waiting = GuardianFactory(email=typed, of=world["pupils"][4:5])
            assert invite_guardians(guardians=[waiting], **details) == 1
            waiting.refresh_from_db()
            assert waiting.person_id is None
            token = Invitation.objects.get(email=typed).token
        path = f"/invitation/{token}/"
        for nobody in (browse(school), as_("teacher")):
            assert "password" not in get(nobody, path)
            nobody.post(path, {"password": "le vent du nord chante"})
            with inside(school):
                assert Invitation.objects.get(email=typed).accepted_at is None
        holder = as_("typed")
        assert "family" not in get(holder, "/")
        assert holder.post(path).status_code == 302
        with inside(school):
            waiting.refresh_from_db()
            assert waiting.person_id == world["typed"].pk
            assert EmailAddress.objects.get(email=typed).verified

    def test_a_proved_address_is_linked_at_once_and_a_closed_account_is_not_opened(self, world, now):
        from classrooms.actions.invite_guardians import invite_guardians
        from people.actions.deactivate_person import deactivate_person

        details = {"tenant": world["school"], "by": world["admin"], "now": now, "today": date(2026, 11, 16)}
        with inside(world["school"]):
            proved = person_with("teacher", now=now, email="nora@famille.example")
            closed = person_with("teacher", now=now, email="ugo@famille.example")
            deactivate_person(person=closed, by=world["admin"], now=now)
            guardians = [
                GuardianFactory(email=one.email, of=world["pupils"][4:5]) for one in (proved, closed)
            ]
            assert invite_guardians(guardians=guardians, **details) == 1
            for guardian in guardians:
                guardian.refresh_from_db()
            assert [guardian.person_id for guardian in guardians] == [proved.pk, None]


def test_a_result_is_entered_and_taken_back(as_, world):
    client = as_("teacher")
    pupil = world["pupils"][0]
    data = {"student": pupil.pk, "new_activity": "Dictée", "score": 64, "done_on": "2026-11-13"}
    assert client.post("/results/new/", data).status_code == 302
    assert client.post("/results/new/", {**data, "score": 101}).status_code == 400
    assert client.post("/results/new/", {**data, "new_activity": ""}).status_code == 400
    assert client.post("/results/new/", {**data, "done_on": "2026-11-18"}).status_code == 400
    assert client.post("/results/new/", {**data, "student": world["stranger"].pk}).status_code == 400
    page = get(client, f"/results/pupils/{pupil.pk}/")
    assert "Dictée" in page
    assert "Dictée" in get(client, f"/pupils/{pupil.pk}/")
    get(client, f"/results/pupils/{pupil.pk}/?format=csv")
    with inside(world["school"]):
        from learning.models import Result

        result = Result.objects.get()
    client.post(f"/results/{result.pk}/delete/")
    with inside(world["school"]):
        assert not Result.objects.exists()


class TestCards:
    def test_no_card_before_guardians_were_informed_then_each_pupil_signs_in_with_theirs(
        self, as_, world, browse
    ):
        from django.contrib.auth import authenticate

        from classrooms.actions.inform_guardians import inform_guardians
        from classrooms.actions.open_accounts import HasLeft, open_account, print_cards
        from classrooms.models import AccountDeclaration
        from classrooms.policy.declaration import VERSION, NotDeclared
        from classrooms.policy.guardian_information import GuardiansNotInformed

        noon = datetime(2026, 11, 16, 12, tzinfo=UTC)
        record = {"by": world["admin"], "now": noon, "today": date(2026, 11, 16)}
        details = {**record, "declaration": VERSION}
        with inside(world["school"]):
            with pytest.raises(GuardiansNotInformed):
                open_account(student=world["pupils"][0], tenant=world["school"], **details)
            every = {"purpose", "access", "categories"}
            inform_guardians(
                informed_on=date(2026, 9, 7),
                how="letter",
                covers=every,
                school_class=world["class"],
                **record,
            )
            with pytest.raises(NotDeclared):
                print_cards(
                    students=world["pupils"][:2], tenant=world["school"], **{**details, "declaration": ""}
                )
            assert not AccountDeclaration.objects.exists()
            one, two = print_cards(students=world["pupils"][:2], tenant=world["school"], **details)
            again = print_cards(students=world["pupils"][:1], tenant=world["school"], **details)[0]
            assert one.username == again.username != two.username
            assert authenticate(username=one.username, password=one.passphrase) is None
            assert (
                authenticate(username=again.username, password=again.passphrase).student == world["pupils"][0]
            )
            kept = AccountDeclaration.objects.filter(student=world["pupils"][0])
            assert [(row.declared_by, row.declared_at, row.version) for row in kept] == [
                (world["admin"], noon, VERSION)
            ] * 2
            gone = StudentFactory(left_on=date(2026, 10, 1))
            with pytest.raises(HasLeft):
                open_account(student=gone, tenant=world["school"], **details)

    def test_the_page_asks_for_the_record_first_and_then_gives_a_pdf(self, as_, world):
        client = as_("admin")
        path = f"/classes/{world['class'].pk}/cards/"
        get(client, path)
        chosen = {"students": [pupil.pk for pupil in world["pupils"][:2]], "declares": "on"}
        assert client.post(path, {}).status_code == 400
        undeclared = client.post(path, {"students": chosen["students"]})
        assert "declares" in undeclared.context["form"].errors
        assert client.post(path, chosen).url.endswith("/informed/")
        covers = ["purpose", "access", "categories"]
        client.post(
            f"/classes/{world['class'].pk}/informed/",
            {"informed_on": "2026-09-07", "how": "letter", "covers": covers},
        )
        cards = client.post(path, chosen)
        assert cards["Content-Type"] == "application/pdf"
        assert cards.content.startswith(b"%PDF")
        get(as_("teacher"), path, 403)


def test_the_family_column_tells_who_reads(as_, world, now):
    with inside(world["school"]):
        one, two, three = world["pupils"][:3]
        GuardianFactory(of=[three], email="silence@famille.example")
        for pupil in (one, two):
            ObservationFactory(
                author=world["teacher"], of=[pupil], state="shared", shared_at=now, text="Lu ?"
            )
    get(as_("parent"), f"/family/?child={one.pk}")
    from classrooms.queries.class_page import class_page

    with inside(world["school"]):
        details = {"person": world["teacher"], "scope": lambda permission: "circle", "now": now}
        page = class_page(world["class"], today=date(2026, 11, 16), **details)
        states = {row.id: row.family for row in page.rows}
    assert [states[pupil.pk] for pupil in (one, two, three)] == ["reads", "behind", "not_invited"]
    assert states[world["pupils"][9].pk] == "nobody"


def test_a_class_is_searched_by_name(as_, world):
    page = get(as_("teacher"), f"/classes/{world['class'].pk}/?q=elan%20ab")
    assert "Élan Abadie" in page
    assert "Noé Abadie" not in page


def test_a_pupils_account_opens_again_by_a_declared_card_alone(as_, world, now):
    from classrooms.actions.inform_guardians import inform_guardians
    from classrooms.actions.open_accounts import print_cards
    from classrooms.policy.declaration import VERSION
    from people.actions.deactivate_person import deactivate_person

    record = {"by": world["admin"], "now": now, "today": date(2026, 11, 16)}
    details = {**record, "declaration": VERSION, "tenant": world["school"], "students": world["pupils"][:1]}
    with inside(world["school"]):
        every = {"purpose", "access", "categories"}
        inform_guardians(
            informed_on=date(2026, 9, 7), how="letter", covers=every, school_class=world["class"], **record
        )
        print_cards(**details)
        person = Student.objects.get(pk=world["pupils"][0].pk).person
        deactivate_person(person=person, by=world["admin"], now=now)
    as_("admin").post(f"/people/{person.pk}/open/")
    with inside(world["school"]):
        person.refresh_from_db()
        assert not person.is_active
        print_cards(**details)
        person.refresh_from_db()
        assert person.is_active
    assert VERSION in get(as_("admin"), f"/pupils/{world['pupils'][0].pk}/")


def test_nobody_is_invited_as_a_pupil(as_, world):
    from people.models import Role

    with inside(world["school"]):
        role = Role.objects.get(shipped="student")
    form = {"email": "enfant@famille.example", "role": str(role.pk), "language": "fr"}
    assert "role" in as_("admin").post("/people/invitations/new/", form).context["form"].errors
    new = {"first_name": "Léa", "last_name": "Roy", "role": str(role.pk)}
    assert "role" in as_("admin").post("/people/new/", new).context["form"].errors


def test_a_pupils_page_leads_to_every_observation_and_act(as_, world, now):
    pupil = world["pupils"][0]
    with inside(world["school"]):
        for n in range(13):
            ObservationFactory(author=world["teacher"], of=[pupil], text=f"Vu {n}.", state="kept")
            log_action("student.changed", by=None, on=pupil, at=now, personal={"after": {"level": f"N{n}"}})
        acts = len(history(on=pupil.pk))
    admin = as_("admin")
    texts = reached(admin, f"/pupils/{pupil.pk}/")
    assert all(f"Vu {n}." in texts for n in range(13))
    last = admin.get(f"/pupils/{pupil.pk}/?history={-(-acts // 12)}").content.decode()
    assert f"sur {acts}" in last
