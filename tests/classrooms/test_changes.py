"""What was shared is what families read until it is shared again: a change is a draft, and is marked."""

import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import uuid4

import lxml.html
import pytest
from django.urls import reverse

from agenda.loop import tick
from audit.models import Entry
from classrooms.actions.draft_changes import drop_changes
from classrooms.actions.save_observation import save_observation
from classrooms.actions.share_observation import share_changes, share_observation, unshare_observation
from classrooms.models import (
    ChangesStudent,
    Competency,
    Observation,
    ObservationChanges,
    ObservationCompetency,
    Photo,
    ReadReceipt,
)
from classrooms.policy.changes import ChangedMeanwhile, Written, reading_state
from classrooms.policy.sharing import NothingToShare
from demo.factories.classrooms import (
    ClassFactory,
    GuardianFactory,
    ObservationFactory,
    StudentFactory,
    TeachingFactory,
)
from demo.factories.people import person_with
from dpa.actions.request_erasure import request_student_erasure
from dpa.actions.set_retention import add_to_annex
from dpa.models import Erasure
from isolation.context import inside
from tests.clauses.stage import archive_of, fetched, plain
from tests.dpa.conftest import photo_of
from tests.walls.world import picture

APART = {"csrfmiddlewaretoken", "idempotency_key"}
OLD, NEW = "Lit seule une page.", "Lit seule deux pages."
MARK = "modifiée depuis le partage"


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    """Give each test files of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.ERASURE_LEDGER = tmp_path / "ledger.jsonl"


@pytest.fixture
def scene(db, school, now):
    """A class with two teachers and three pupils with a family each; an observation of two, shared."""
    with inside(school):
        head = person_with("administrator", now=now, email="direction@tilleuls.example")
        add_to_annex(subject="guardian", fields=["email"], by=head, now=now)
        teacher, colleague = (
            person_with("teacher", now=now, email=f"{name}@tilleuls.example") for name in ("aubry", "ronin")
        )
        room = ClassFactory(name="CE1 A")
        for person in (teacher, colleague):
            TeachingFactory(person=person, school_class=room)
        names = (("Léa", "Abadie"), ("Tom", "Voisin"), ("Zoé", "Quatrebarbes"))
        pupils = [StudentFactory(first_name=a, last_name=b, school_class=room) for a, b in names]
        families = [
            person_with("guardian", now=now, email=f"famille{n}@famille.example") for n in range(len(pupils))
        ]
        for person, pupil in zip(families, pupils, strict=True):
            GuardianFactory(email=person.email, person=person, of=[pupil], joined_at=now)
        row = ObservationFactory(author=teacher, text=OLD, of=pupils[:2])
        old, gone = photo_of(row), photo_of(row)
        share_observation(observation_id=row.pk, tenant=school, by=teacher, now=now, today=school.today(now))
    return SimpleNamespace(**locals())


def drawn(page):
    """Return what the form of an observation would send as it stands."""
    form = next(each for each in lxml.html.fromstring(page.content).forms if "observed_on" in each.fields)
    sent: dict = {}
    for name, value in form.form_values():
        if name not in APART:
            sent.setdefault(name, []).append(value.removeprefix("\n"))
    return sent


def edit(browser, row, **typed):
    """Correct an observation on its page, and return the answer."""
    address = reverse("classrooms:observation_edit", args=[row.pk])
    return browser.post(address, drawn(browser.get(address)) | typed, follow=True)


def browsers(scene, browse):
    """Sign in the teacher, the family of the first pupil and that of the third."""
    return [browse(scene.school, one) for one in (scene.teacher, scene.families[0], scene.families[2])]


def words(browser, name, *args):
    """Return the words of a page."""
    return plain(browser.get(reverse(name, args=args)).content.decode())


def photo_seen(browser, photo):
    """Return whether a family gets a photo."""
    answer = browser.get(reverse("classrooms:family_photo", args=[photo.pk]))
    b"".join(getattr(answer, "streaming_content", ()))
    return answer.status_code == 200


def told(mailoutbox, person):
    """Return how many mails about something shared a family got."""
    return len([one for one in mailoutbox if one.to == [person.email] and "family" in one.body])


def by_hand(scene, now, **typed):
    """Save changes of the observation without a page."""
    written = {
        "text": NEW,
        "observed_on": scene.row.observed_on,
        "student_ids": [one.pk for one in scene.pupils[:2]],
    }
    save_observation(observation=scene.row, by=scene.teacher, written=Written(**written | typed), now=now)


def share(scene, now, **more):
    """Share the changes as they stand."""
    version = ObservationChanges.objects.get(observation=scene.row).version
    details = {"tenant": scene.school, "by": scene.teacher, "now": now, "today": scene.school.today(now)}
    return share_changes(observation_id=scene.row.pk, **{"shown": version} | details | more)


def test_families_read_what_was_shared_until_the_changes_are_shared(
    scene, browse, clock, now, papers, mailoutbox
):
    """A teacher corrects what she shared: text, day, a pupil more, a photo more and one less. On no door does
    a family read any of it; a pupil of it is erased meanwhile; then she shares it, and they read it.
    """
    school, row = scene.school, scene.row
    room, home, newcomer = browsers(scene, browse)
    tick(now + timedelta(minutes=5))
    assert OLD in words(home, "classrooms:family")
    everybody = [str(one.pk) for one in scene.pupils]
    picked = picture()
    picked.name = "plus.jpg"
    said = edit(room, row, text=NEW, observed_on="2026-11-12", students=everybody, photos=[picked])
    assert "Enregistré comme brouillon" in plain(said.content.decode())
    room.post(reverse("classrooms:photo_delete", args=[scene.gone.pk]))
    with inside(school):
        new = Photo.objects.get(pending="added")

    def family_doors():
        """Return all that a family reads of it: pages, paper, JSON and the names in its archive."""
        papers.clear()
        home.get(reverse("dpa:child_pdf", args=[scene.pupils[0].pk]))
        job = home.post(reverse("exports:ask", args=["children"])).url
        archive = archive_of(fetched(home, job, clock))
        data = archive["élèves/Léa Abadie/record.json"].decode()
        pages = [words(home, name) for name in ("classrooms:family", "classrooms:family_record")]
        return [*pages, "".join(papers), data], [name for name in archive if name.endswith(".jpg")], data

    texts, pictures, data = family_doors()
    assert all(OLD in text and NEW not in text for text in texts)
    assert (len(pictures), json.loads(data)["observations"][0]["observed_on"]) == (2, "2026-11-13")
    assert [photo_seen(home, one) for one in (scene.old, scene.gone, new)] == [True, True, False]
    assert OLD not in words(newcomer, "classrooms:family")
    for who in (scene.teacher, scene.colleague):
        team = browse(school, who)
        listed = words(team, "classrooms:record")
        assert all(one in listed for one in (MARK, NEW, OLD))
        assert MARK in words(team, "classrooms:student", scene.pupils[0].pk)
        found = team.get("/record/", {"q": "deux pages"}).content.decode()
        assert found.count("<article") == 1
    assert "Modifiée depuis le partage" in words(room, "classrooms:observation_edit", row.pk)

    with inside(school):  # the photos with a pupil who goes go too: here those of the second, and all
        request_student_erasure(student_ids=[scene.pupils[1].pk], by=scene.head, now=now + timedelta(hours=2))
    tick(now + timedelta(hours=15))
    clock.move_to(now + timedelta(hours=15))
    room, home, newcomer = browsers(scene, browse)
    with inside(school):
        assert Erasure.objects.get().state == "erased"
        left = {scene.pupils[0].pk, scene.pupils[2].pk}
        assert set(ChangesStudent.objects.values_list("student_id", flat=True)) == left
        version = ObservationChanges.objects.get().version
    page = words(home, "classrooms:family")
    assert (OLD in page, NEW in page) == (True, False)
    mailoutbox.clear()
    room.post(reverse("classrooms:changes_share", args=[row.pk]), {"shown": version})
    tick(now + timedelta(hours=15, minutes=1))
    assert "modifié depuis votre lecture" in (page := words(home, "classrooms:family"))
    assert (NEW in page, OLD in page) == (True, False)
    texts, pictures, data = family_doors()
    assert all(NEW in text and OLD not in text for text in texts)
    assert json.loads(data)["observations"][0]["observed_on"] == "2026-11-12"
    assert NEW in words(newcomer, "classrooms:family")
    assert (told(mailoutbox, scene.families[0]), told(mailoutbox, scene.families[2])) == (0, 1)
    assert MARK not in words(room, "classrooms:record")
    with inside(school):
        assert Entry.objects.filter(verb="observation.changes_shared").count() == 1
        assert not ObservationChanges.objects.exists()


def test_photos_come_and_go_with_the_changes(scene, browse, now):
    school = scene.school
    room, home = browse(school, scene.teacher), browse(school, scene.families[0])
    added = picture()
    added.name = "plus.jpg"
    edit(room, scene.row, photos=[added])
    room.post(reverse("classrooms:photo_delete", args=[scene.gone.pk]))
    with inside(school):
        new = Photo.objects.get(pending="added")
        share(scene, now)
    assert [photo_seen(home, one) for one in (scene.old, scene.gone, new)] == [True, False, True]
    with inside(school):
        assert set(Photo.objects.values_list("pending", flat=True)) == {""}
        assert not Photo.objects.filter(pk=scene.gone.pk).exists()


def test_dropped_it_stands_as_it_was_shared(scene, browse, now):
    school = scene.school
    room = browse(school, scene.teacher)
    added = picture()
    added.name = "plus.jpg"
    edit(room, scene.row, text=NEW, photos=[added])
    room.post(reverse("classrooms:photo_delete", args=[scene.gone.pk]))
    address = reverse("classrooms:changes_drop", args=[scene.row.pk])
    form = next(
        each for each in lxml.html.fromstring(room.get(address).content).forms if "shown" in each.fields
    )
    assert room.post(address, {"shown": form.fields["shown"]}).status_code == 302
    assert MARK not in words(room, "classrooms:record")
    with inside(school):
        assert set(Photo.objects.values_list("pk", "pending")) == {(scene.old.pk, ""), (scene.gone.pk, "")}
        assert Observation.objects.get().text == OLD
        assert Entry.objects.filter(verb="observation.changes_dropped").exists()


def test_a_photo_put_back_and_a_text_typed_back_leave_nothing_to_share(scene, browse):
    room = browse(scene.school, scene.teacher)
    room.post(reverse("classrooms:photo_delete", args=[scene.gone.pk]))
    assert MARK in words(room, "classrooms:record")
    room.post(reverse("classrooms:photo_back", args=[scene.gone.pk]))
    assert MARK not in words(room, "classrooms:record")
    edit(room, scene.row, text=NEW)
    edit(room, scene.row, text=OLD)
    assert MARK not in words(room, "classrooms:record")


def test_levels_wait_too(scene, browse, now):
    school = scene.school
    with inside(school):
        one = Competency.objects.filter(cycle=2).first()
        by_hand(scene, now, text=OLD, levels={one.pk: "acquired"})
        assert not ObservationCompetency.objects.exists()
        share(scene, now)
        assert ObservationCompetency.objects.get().level == "acquired"


def test_a_wrong_child_is_taken_out_of_sight_at_once(scene, browse, now):
    school = scene.school
    room, right, wrong = (
        browse(school, one) for one in (scene.teacher, scene.families[0], scene.families[1])
    )
    assert OLD in words(wrong, "classrooms:family")
    edit(room, scene.row, text=NEW, students=[str(scene.pupils[0].pk)])
    assert "reprenez-la" in words(room, "classrooms:observation_edit", scene.row.pk)
    said = room.post(reverse("classrooms:observation_unshare", args=[scene.row.pk]), follow=True)
    assert "Elle avait été lue par la famille de : Tom" in plain(said.content.decode())
    for family in (right, wrong):
        page = words(family, "classrooms:family")
        assert (OLD in page, NEW in page) == (False, False)
    with inside(school):
        stands = Observation.objects.get()
        assert (stands.text, list(stands.links.values_list("student_id", flat=True))) == (
            NEW,
            [scene.pupils[0].pk],
        )
        assert not ObservationChanges.objects.exists()
    room.post(reverse("classrooms:observation_share", args=[scene.row.pk]))
    assert NEW in words(right, "classrooms:family")
    assert NEW not in words(wrong, "classrooms:family")


def test_readings_say_whether_they_were_before_the_change(scene, browse, clock, now):
    school = scene.school
    room, early, late = (browse(school, one) for one in (scene.teacher, scene.families[0], scene.families[1]))
    words(early, "classrooms:family")
    clock.shift(timedelta(minutes=4))
    with inside(school):
        by_hand(scene, now + timedelta(minutes=4))
        share(scene, now + timedelta(minutes=4))
    clock.shift(timedelta(minutes=4))
    words(late, "classrooms:family")
    page = words(room, "classrooms:observation_edit", scene.row.pk)
    assert "Léa" in (before := page.split("Lue par les familles")[1].split("avant la modification")[0])
    assert before.index("Tom") < before.index("telle quelle") < before.index("Léa")
    assert "modifié depuis votre lecture" in words(early, "classrooms:family")
    assert "modifié depuis votre lecture" not in words(early, "classrooms:family")
    assert "avant la modification" not in words(room, "classrooms:observation_edit", scene.row.pk)
    with inside(school):
        assert ReadReceipt.objects.filter(read_again_at=None).count() == 1


def test_an_archive_made_before_a_change_was_shared_closes(scene, browse, clock, now):
    home = browse(scene.school, scene.families[0])
    old = fetched(home, home.post(reverse("exports:ask", args=["children"])).url, clock).request["PATH_INFO"]
    with inside(scene.school):
        by_hand(scene, now)
    assert home.get(old).status_code == 200
    clock.shift(timedelta(minutes=4))
    with inside(scene.school):
        share(scene, now + timedelta(minutes=4))
    assert home.get(old).status_code == 410


def test_an_archive_made_before_it_was_taken_back_stays_closed_once_it_is_shared_again(
    scene, browse, clock, now
):
    home = browse(scene.school, scene.families[0])
    old = fetched(home, home.post(reverse("exports:ask", args=["children"])).url, clock).request["PATH_INFO"]
    clock.shift(timedelta(minutes=4))
    then = now + timedelta(minutes=10)
    with inside(scene.school):
        unshare_observation(observation_id=scene.row.pk, by=scene.teacher, now=then)
        Observation.objects.filter(pk=scene.row.pk).update(text=NEW)
        told = {"tenant": scene.school, "by": scene.teacher, "today": then.date()}
        share_observation(observation_id=scene.row.pk, now=then, **told)
    assert home.get(old).status_code == 410


def test_the_same_form_in_two_windows_says_what_is_a_draft(scene, browse):
    room = browse(scene.school, scene.teacher)
    again = {"draft": str(scene.row.pk), "students": [str(scene.pupils[0].pk)], "observed_on": "2026-11-16"}
    answer = room.post(
        reverse("classrooms:observation_new"), again | {"text": NEW, "act": "share"}, follow=True
    )
    words = plain(answer.content.decode())
    assert "Partagée. Chaque famille" not in words
    with inside(scene.school):
        assert Observation.objects.get(pk=scene.row.pk).text == OLD


def test_two_editors_of_a_draft(scene, browse, now):
    school, address = scene.school, reverse("classrooms:observation_edit", args=[scene.row.pk])
    room, office = browse(school, scene.teacher), browse(school, scene.head)
    edit(room, scene.row, text=NEW)
    mine, theirs = drawn(room.get(address)), drawn(office.get(address))
    assert theirs["text"] == [NEW]
    assert room.post(address, mine | {"text": "Lit trois pages."}).status_code == 302
    answer = office.post(address, theirs | {"text": "Lit cinq pages.", "act": "share"})
    assert "C’est maintenant : Lit trois pages." in plain(answer.content.decode())
    stale = office.post(
        reverse("classrooms:changes_share", args=[scene.row.pk]), {"shown": theirs["shown"][0]}, follow=True
    )
    assert "a changé entre-temps" in plain(stale.content.decode())
    with inside(school):
        assert Observation.objects.get().text == OLD
        for act in (
            share,
            lambda *args, **more: drop_changes(observation_id=scene.row.pk, by=scene.head, now=now, **more),
        ):
            with pytest.raises(ChangedMeanwhile):
                act(scene, now, shown="") if act is share else act(shown="")


def test_a_photo_somebody_added_meanwhile_is_not_shared_unseen(scene, browse):
    school, address = scene.school, reverse("classrooms:observation_edit", args=[scene.row.pk])
    room, office = browse(school, scene.teacher), browse(school, scene.head)
    theirs = drawn(office.get(address))
    added = picture()
    added.name = "plus.jpg"
    edit(room, scene.row, photos=[added])
    office.post(address, theirs | {"text": NEW, "act": "share"})
    with inside(school):
        assert Observation.objects.get().text == OLD
        assert Photo.objects.filter(pending="added").exists()


def test_nobody_shares_changes_who_may_not_share(scene, browse, now):
    with inside(scene.school):
        by_hand(scene, now)
        version = ObservationChanges.objects.get().version
    for person in (scene.colleague, scene.families[0]):
        browser = browse(scene.school, person)
        for name in ("changes_share", "changes_drop"):
            answer = browser.post(reverse(f"classrooms:{name}", args=[scene.row.pk]), {"shown": version})
            assert answer.status_code in (403, 404)
    with inside(scene.school):
        assert Observation.objects.get().text == OLD


def test_nothing_of_nobody_is_shared(scene, now):
    with inside(scene.school):
        by_hand(scene, now, student_ids=[])
        with pytest.raises(NothingToShare):
            share(scene, now)
        assert Observation.objects.get().links.count() == 2


def test_taken_back_and_shared_anew_tells_once_more(scene, now):
    later = now + timedelta(hours=1)
    with inside(scene.school):
        by_hand(scene, now)
        unshare_observation(observation_id=scene.row.pk, by=scene.teacher, now=now)
        share_observation(
            observation_id=scene.row.pk, tenant=scene.school, by=scene.teacher, now=later, today=later.date()
        )
        row = Observation.objects.get()
        assert (row.text, row.shared_at, row.changes_shared_at) == (NEW, later, None)


def test_the_whole_school_and_the_access_right_include_the_draft(scene, browse, clock, now):
    school = scene.school
    with inside(school):
        by_hand(scene, now, student_ids=[one.pk for one in scene.pupils])
    office = browse(school, scene.head)
    whole = archive_of(fetched(office, office.post(reverse("exports:ask", args=["school"])).url, clock))
    record = json.loads(whole["élèves/Léa Abadie/record.json"])["observations"][0]
    assert (record["text"], record["changes_not_shared"]["text"]) == (OLD, NEW)
    assert NEW.encode() in whole["tableaux/modifications pas encore partagées.jsonl"]
    ask = reverse("exports:ask", args=["student", scene.pupils[2].pk])
    theirs = archive_of(fetched(office, office.post(ask).url, clock))
    assert NEW.encode() in theirs["tableaux/modifications pas encore partagées.jsonl"]


def test_a_pupil_erased_goes_from_drafts_as_from_observations(scene, now):
    school = scene.school
    with inside(school):
        _, tom, zoe = scene.pupils
        by_hand(scene, now, text="Avec Zoé Quatrebarbes.", student_ids=[one.pk for one in scene.pupils])
        alone = ObservationFactory(author=scene.teacher, text="Ensemble.", of=[tom, zoe], state="shared")
        save_observation(
            observation=alone,
            by=scene.teacher,
            written=Written("Zoé compte.", alone.observed_on, [zoe.pk]),
            now=now,
        )
        elsewhere = ObservationFactory(author=scene.teacher, text="Tom court.", of=[tom], state="shared")
        save_observation(
            observation=elsewhere,
            by=scene.teacher,
            written=Written("Comme Zoé Quatrebarbes.", elsewhere.observed_on, [tom.pk]),
            now=now,
        )
        request_student_erasure(student_ids=[zoe.pk], by=scene.head, now=now)
        tick(now + timedelta(hours=12))
        assert Erasure.objects.get().state == "erased"
        left = dict(ObservationChanges.objects.values_list("observation_id", "text"))
        assert left == {scene.row.pk: "Avec […].", elsewhere.pk: "Comme […]."}
        assert Observation.objects.filter(pk=alone.pk).exists()
        assert not Photo.objects.filter(observation=scene.row).exists()  # they may show who goes


EARLY, LATE = datetime(2026, 11, 16, 9, tzinfo=UTC), datetime(2026, 11, 16, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("read_at", "shared_at", "changes_shared_at", "state"),
    [
        (LATE, EARLY, None, "read"),
        (EARLY, EARLY, None, "read"),
        (EARLY, LATE, None, "before_shared"),
        (EARLY, EARLY, LATE, "before_change"),
        (LATE, EARLY, LATE, "read"),
        (EARLY, None, None, "read"),
    ],
)
def test_how_a_reading_stands_to_what_is_shared_today(read_at, shared_at, changes_shared_at, state):
    given = {"read_at": read_at, "shared_at": shared_at, "changes_shared_at": changes_shared_at}
    assert reading_state(**given) == state


def test_the_same_pupils_in_another_order_are_the_same():
    one, two = uuid4(), uuid4()
    said = Written("Lit.", EARLY.date(), [one, two], {one: "acquired"})
    assert said.says_as(Written("Lit.", EARLY.date(), (two, one), {one: "acquired"}))
    assert not said.says_as(Written("Lit.", EARLY.date(), [one, two], {one: "progress"}))
    assert not said.says_as(Written("Lit.", EARLY.date(), [one], {one: "acquired"}))
