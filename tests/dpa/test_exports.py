"""Exports of pupils: each gets what they may read, step by step, once, for seven days."""

import csv
import io
import json
import zipfile
from datetime import timedelta
from itertools import islice
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import translation

from agenda.loop import tick
from agenda.models import Obligation
from audit.actions import anchor_head
from audit.data import verify_preau
from audit.gateways.keys import known_keys
from classrooms.actions.share_observation import unshare_observation
from contracts.context import speaking
from contracts.policy.words import WORDS
from contracts.registry import declarations
from dpa.actions import print_record
from dpa.actions.build_record import table_path
from dpa.actions.request_erasure import request_person_erasure, request_student_erasure
from dpa.actions.undo_erasure import undo_erasure
from dpa.labels import COLUMNS
from dpa.queries.record import WHOLE, Reader
from dpa.queries.tables import choices_of, personal_data_models
from exports.actions.ask_export import ask_export
from exports.actions.build_export import build_step
from exports.actions.end_export import end_export
from exports.gateways import storage
from exports.models import ExportJob
from exports.queries import download_token, export_of_token
from isolation.context import inside
from people.models import Person
from tests.dpa.conftest import FIRST, LAST, photo_of
from tests.pagers import reached


def built(job, now):
    while build_step(job_id=job.pk, now=now):
        pass
    job.refresh_from_db()
    return job


def opened(job):
    return zipfile.ZipFile(io.BytesIO(storage.read(job.file)))


def ask(kind, subject, by, now):
    return ask_export(kind=kind, subject_id=subject, by=by, now=now)


def test_a_guardian_gets_what_is_shared_of_their_children(world, now):
    job = built(ask("children", None, world.parent, now), now)
    with opened(job) as archive:
        names = archive.namelist()
        data = json.loads(archive.read(f"élèves/{FIRST} {LAST}/record.json"))
        assert archive.testzip() is None
    folder = f"élèves/{FIRST} {LAST}/"
    assert {f"{folder}carnet.pdf", f"{folder}record.json", "LISEZ-MOI.txt"} <= set(names)
    assert [one["text"] for one in data["observations"]] == [f"{FIRST} lit seule."]
    assert len([name for name in names if "/photos/" in name]) == 2
    assert data["results"] == []
    assert not any("Tom" in name or name.startswith("tableaux/") for name in names)


def test_a_teacher_gets_the_class_with_tables_and_no_address(world, now):
    job = built(ask("class", world.school_class.pk, world.teacher, now), now)
    with opened(job) as archive:
        names = set(archive.namelist())
        rows = list(
            csv.reader(io.StringIO(archive.read("tableaux/élève.csv").decode("utf-8-sig")), delimiter=";")
        )
        lines = archive.read("tableaux/résultats.jsonl").decode().splitlines()
        pdfs = [archive.getinfo(name) for name in names if name.endswith(".pdf")]
    assert {row[1] for row in rows[1:]} == {LAST, "Voisin"}
    assert len(lines) == 20
    assert json.loads(lines[0])["score"] == 50
    assert len(pdfs) == 2
    assert all(info.compress_type == zipfile.ZIP_STORED for info in pdfs)
    assert "tableaux/adresse du responsable.csv" not in names


def test_an_administrator_gets_every_table(world, now):
    job = built(ask("school", None, world.admin, now), now)
    with opened(job) as archive:
        names = set(archive.namelist())
        assert b"parent@famille.example" in archive.read("tableaux/adresse du responsable.csv")
        everything = b"".join(archive.read(name) for name in names if name.startswith("tableaux/"))
        people = archive.read("tableaux/compte.csv").decode("utf-8-sig").splitlines()[0]
    assert people.startswith("identifiant;adresse électronique;prénom;nom;langue;")
    assert b"argon2" not in everything
    assert b"pbkdf2" not in everything


def test_formulas_in_names_are_shown_as_text(world, now):
    type(world.pupil)._base_manager.filter(pk=world.pupil.pk).update(last_name="=cmd|' /C calc'!A0")
    job = built(ask("student", world.pupil.pk, world.teacher, now), now)
    with opened(job) as archive:
        table = archive.read("tableaux/élève.csv").decode("utf-8-sig")
    assert ";'=cmd|" in table


def test_asked_twice_is_built_once(world, now):
    first = ask("children", None, world.parent, now)
    assert ask("children", None, world.parent, now) == first
    assert ExportJob.objects.count() == 1


@pytest.mark.parametrize("stop_after", [0, 1, 2, 7, 11, 12])
def test_an_interruption_costs_one_step(world, now, stop_after, monkeypatch):
    job = ask("class", world.school_class.pk, world.teacher, now)
    for _number in range(stop_after):
        build_step(job_id=job.pk, now=now)
    written = storage.write

    def torn(name, pieces):
        written(name, [b"half a file"])
        raise KeyboardInterrupt

    monkeypatch.setattr(storage, "write", torn)
    with pytest.raises(KeyboardInterrupt):
        built(job, now)
    monkeypatch.setattr(storage, "write", written)
    with opened(built(job, now)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
    assert len(names) == len(set(names))
    assert len([name for name in names if name.endswith(".pdf")]) == 2


def test_the_agenda_builds_it_tells_it_and_lets_it_go(world, now, settings):
    job = ask("children", None, world.parent, now)
    tick(now)
    job.refresh_from_db()
    assert job.state == "ready"
    assert not storage.exists(f"{storage.folder(world.tenant.pk, job.pk)}/parts")
    (message,) = [one for one in mail.outbox if one.to == ["parent@famille.example"]]
    told, _signed_at, _signature = download_token(job).split(":")
    assert told in message.body
    tick(now + timedelta(days=7) - timedelta(seconds=1))
    assert storage.exists(job.file)
    tick(now + timedelta(days=7))
    job.refresh_from_db()
    assert (job.state, job.file) == ("expired", "")
    assert not [
        path
        for path in Path(settings.MEDIA_ROOT, str(world.tenant.pk), "exports").rglob("*")
        if path.is_file()
    ]
    assert Obligation.objects.get(clause="LG-DCp", kind="expire", subject_id=job.pk).state == "kept"


def test_the_link_is_for_who_asked_alone(world, now):
    job = built(ask("children", None, world.parent, now), now)
    token = download_token(job)
    assert export_of_token(token, world.parent) == job
    assert export_of_token(token, world.teacher) is None
    assert export_of_token(token[:-2] + "xx", world.parent) is None


def test_what_was_unshared_since_is_not_handed_out(world, now, browse):
    job = built(ask("children", None, world.parent, now), now)
    url = reverse("exports:download", args=[download_token(job)])
    site = browse(world.tenant, world.parent)
    fetched = site.get(url)
    assert fetched.status_code == 200
    assert b"".join(fetched.streaming_content)[:2] == b"PK"
    with inside(world.tenant):
        unshare_observation(observation_id=world.alone.pk, by=world.teacher, now=now)
    assert site.get(url).status_code == 410
    with inside(world.tenant):
        assert not storage.exists(job.file)


def test_an_erasure_takes_the_exports_along(world, now):
    job = built(ask("class", world.school_class.pk, world.teacher, now), now)
    mine = ask("children", None, world.parent, now)
    request_student_erasure(student_ids=[world.pupil.pk], by=world.admin, now=now)
    tick(now + timedelta(hours=12))
    assert not storage.exists(job.file)
    assert not ExportJob.objects.filter(pk=job.pk, state="ready").exists()
    assert not ExportJob.objects.filter(pk=mine.pk).exists()  # its guardian went with the last child


@pytest.mark.parametrize(
    ("kind", "who"),
    [
        ("class", "pupil"),
        ("school", "pupil"),
        ("school", "parent"),
        ("school", "teacher"),
        ("class", "teacher"),
        ("children", "teacher"),
    ],
)
def test_a_deletion_asked_for_ends_the_exports_at_once_and_undoing_brings_none_back(
    world, now, browse, kind, who
):
    asker = {"school": world.admin, "class": world.teacher, "children": world.parent}[kind]
    asker = world.admin if (kind, who) == ("class", "teacher") else asker
    job = built(ask(kind, world.school_class.pk if kind == "class" else None, asker, now), now)
    link = reverse("exports:download", args=[download_token(job)])
    if who == "pupil":
        deletion = request_student_erasure(student_ids=[world.pupil.pk], by=world.admin, now=now)
    else:
        deletion = request_person_erasure(person=getattr(world, who), by=world.admin, now=now)
    assert not storage.exists(job.file)
    site = browse(world.tenant, asker)
    assert site.get(link).status_code == 410
    with inside(world.tenant):
        undo_erasure(deletion=deletion, by=world.admin, now=now + timedelta(hours=1))
    assert site.get(link).status_code == 410


def test_an_export_that_speaks_of_others_stays(world, now):
    job = built(ask("student", world.other.pk, world.admin, now), now)
    request_student_erasure(student_ids=[world.pupil.pk], by=world.admin, now=now)
    assert not storage.exists(job.file)  # they are in one observation together
    ExportJob.objects.all().delete()
    world.both.links.all().delete()
    later = built(ask("student", world.other.pk, world.admin, now), now)
    tick(now + timedelta(hours=12))
    assert storage.exists(later.file)


def test_the_whole_school_is_exported_without_those_who_are_leaving(world, now):
    request_student_erasure(student_ids=[world.pupil.pk], by=world.admin, now=now)
    request_person_erasure(person=world.parent, by=world.admin, now=now)
    job = built(ask("school", None, world.admin, now), now)
    with opened(job) as archive:
        assert FIRST not in archive.read("tableaux/élève.csv").decode()
        for name in archive.namelist():
            assert FIRST not in name
        everything = b"".join(
            archive.read(name) for name in archive.namelist() if name.startswith("tableaux/")
        )
    assert world.parent.email.encode() not in everything
    assert LAST.encode() not in everything  # in no text about somebody else
    # a first name alone may still stand in one: the archive goes with the data
    with inside(world.tenant):
        tick(now + timedelta(hours=12))
        assert not storage.exists(job.file)


@pytest.mark.parametrize("who", ["pupil", "parent", "teacher"])
def test_the_whole_school_can_be_taken_along_while_somebody_is_leaving(world, now, browse, who):
    Person.objects.filter(pk=world.teacher.pk).update(last_name="Instituteur")
    if who == "pupil":
        request_student_erasure(student_ids=[world.pupil.pk], by=world.admin, now=now)
    else:
        request_person_erasure(person=getattr(world, who), by=world.admin, now=now)
    job = built(ask("school", None, world.admin, now), now)
    link = reverse("exports:download", args=[download_token(job)])
    assert browse(world.tenant, world.admin).get(link).status_code == 200
    name = {"pupil": LAST, "parent": world.parent.email, "teacher": "Instituteur"}[who]
    with inside(world.tenant), opened(job) as archive:
        texts = [archive.read(one) for one in archive.namelist() if not one.endswith((".jpg", ".pdf"))]
        photos = [one for one in archive.namelist() if one.endswith(".jpg")]
    assert not [text for text in texts if name.encode() in text]
    assert len(photos) == {"pupil": 1, "parent": 5, "teacher": 5}[who]  # of who is shown beside others too


def test_thrown_away_before_its_time(world, now):
    job = built(ask("children", None, world.parent, now), now)
    name = job.file
    assert end_export(job_id=job.pk, reason="thrown away", now=now, by=world.parent)
    assert not storage.exists(name)
    assert end_export(job_id=job.pk, reason="thrown away", now=now, by=world.parent) == 0


def test_pages(world, browse):
    teacher = browse(world.tenant, world.teacher)
    parent = browse(world.tenant, world.parent)
    page = teacher.get(reverse("exports:list"))
    assert page.status_code == 200
    assert world.school_class.name in page.content.decode()
    assert f"school:{''}" not in page.content.decode().replace("&quot;", "")
    started = teacher.post(reverse("exports:list"), {"what": f"class:{world.school_class.pk}"})
    assert started.status_code == 302
    assert "hx-get" in teacher.get(started.url).content.decode()
    assert parent.get(started.url).status_code == 404
    assert parent.post(reverse("exports:ask", args=["class", world.school_class.pk])).status_code == 404
    assert parent.post(reverse("exports:ask", args=["student", world.other.pk])).status_code == 404
    assert teacher.post(reverse("exports:list"), {"what": "school:"}).status_code == 400
    assert (
        teacher.get(reverse("exports:progress", args=[started.url.strip("/").split("/")[-1]])).status_code
        == 200
    )


def test_every_export_is_reached_from_the_list(world, now, browse):
    jobs = ExportJob.objects.bulk_create(
        ExportJob(
            kind="class",
            subject_id=world.school_class.pk,
            requested_by=world.teacher,
            requested_at=now,
            state=ExportJob.State.EXPIRED,
        )
        for _ in range(21)
    )
    texts = reached(browse(world.tenant, world.teacher), reverse("exports:list"))
    assert all(reverse("exports:job", args=[job.pk]) in texts for job in jobs)


def test_paper_says_how_many_photos_are_left_off(world, now, monkeypatch):
    details = {}
    monkeypatch.setattr(print_record.pdf, "render", lambda _name, context, **_more: details.update(context))
    extra = [photo_of(world.alone) for _ in range(4)]
    parts = Reader(WHOLE, world.admin).parts([world.pupil.pk], today=now.date())
    parts.sort(key=lambda part: part.observation.pk != world.alone.pk)
    record = SimpleNamespace(parts=parts, results=[], is_for_family=False)
    print_record.record_pdf(record, tenant=world.tenant, now=now, language="fr")
    assert [len(pictures) for _one, pictures in details["observations"]] == [print_record.PHOTOS_EACH, 1]
    assert details["photos_left_off"] == 2 + len(extra) - print_record.PHOTOS_EACH


def test_every_column_of_a_table_has_its_words(world):
    held = {
        name
        for one in declarations()
        if one.export is not None
        for row in islice(one.export(one.model._base_manager.all()), 1)
        for name in row
    }
    assert len(held) > 20
    assert held <= set(COLUMNS)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("words", WORDS)
def test_no_two_tables_have_the_same_name(words, language):
    with speaking(words), translation.override(language):
        paths = [table_path(label) for label in personal_data_models()]
    assert len({path.casefold() for path in paths}) == len(paths) > 20
    assert not [path for path in paths if "." in path or path.count("/") != 1]


def test_the_audit_trail_goes_along_and_is_verified_without_us(world, now, tmp_path):
    anchor_head(now=now)
    job = built(ask("trail", None, world.admin, now), now)
    keys = verify_preau.keys_told("".join(f"{key}\n" for key in known_keys()))
    path = tmp_path / "export.zip"
    path.write_bytes(storage.read(job.file))
    assert "all as they were signed" in verify_preau.verified(str(path), keys)
    with opened(job) as archive:
        archive.extractall(tmp_path)
        words = archive.read("journal.csv").decode("utf-8-sig").splitlines()
    assert [line.split(";")[0] for line in words[:3]] == ["numéro", "1", "2"]
    found = verify_preau.verified(str(tmp_path / "trail.jsonl"), keys, heads=str(tmp_path / "heads.txt"))
    assert found.endswith("unbroken from the first, and as 1 heads tell")
    chained = (tmp_path / "trail.jsonl").read_text()
    assert LAST not in chained


def test_a_spreadsheet_says_the_words_of_the_screen_and_json_the_codes(world, now):
    job = built(ask("school", None, world.admin, now), now)
    with opened(job) as archive, translation.override(job.language):
        for one in declarations():
            path = table_path(one.label) if one.export is not None else ""
            if not path:
                continue
            coded = [json.loads(line) for line in archive.read(f"{path}.jsonl").decode().splitlines()]
            told = list(
                csv.reader(io.StringIO(archive.read(f"{path}.csv").decode("utf-8-sig")), delimiter=";")
            )
            for row, cells in zip(coded, told[1:], strict=True):
                for (name, code), cell in zip(row.items(), cells, strict=True):
                    known = choices_of(one.model, name)
                    is_code = isinstance(code, str) and code in known
                    assert not is_code or cell == str(known[code]), (one.label, name)
        names = archive.read(f"{table_path('classrooms.Observation')}.csv").decode()
        assert "partagée avec les familles" in names
        assert ";shared;" not in names
