"""A teacher shares what she saw; a parent reads it, asks for everything, and fetches it."""

import io
import re
import zipfile
from collections.abc import Iterator

from demo.gateways.notes import Account, people
from demo.journeys.browser import UUID, Browser, Page, Surprise
from demo.journeys.stage import link_in, mail_to, mails_so_far, path_of, signed_in, wait_for
from demo.world.cast import TILLEULS
from demo.world.pictures import picture

JPEG = b"\xff\xd8"
SEEN = "A porté seule l’arrosoir jusqu’au bout du potager, sans en perdre une goutte."


def steps(port: int) -> Iterator[str]:
    """Play it."""
    parent = _a_parent()
    teacher = signed_in(port, "claire")
    family = signed_in(port, parent.username)
    desk, pupils = _choose(teacher, parent)
    known = mails_so_far()
    files = {"photos": ("arrosoir.jpg", picture(7).getvalue())}
    desk.submit(having="students", press=("act", "save"), files=files, text=SEEN, students=pupils).must_have(
        SEEN
    )
    if family.get("/family/").has(SEEN):
        raise Surprise("the family reads a draft")
    yield "a teacher writes an observation with a photo and keeps it as a draft: no family sees it"
    draft = teacher.get("/record/?state=draft").follow(href=f"/record/{UUID}/")
    draft.submit(path_of(draft.url), having="students", press=("act", "share"))
    mail = mail_to(parent.username, known=known)
    if SEEN in mail.text:
        raise Surprise("the mail tells what only the page may tell")
    yield "she shares it: the parent gets a mail"
    news = family.get(link_in(mail, f"//{TILLEULS}.")).must_have(SEEN)
    photo = next(target for target in news.sources if "/photos/" in target)
    outsiders = (signed_in(port, name).get(photo, expect=None) for name in ("lise", "ines"))
    if family.get(photo).body[:2] != JPEG or any(page.body[:2] == JPEG for page in outsiders):
        raise Surprise("the photo isn't the family's alone")
    yield "the parent reads it with its photo"
    others = [each.name for each in people() if each.url == parent.url and each.role != parent.role]
    if any(name in news.text for name in others if name != "Claire Aubry"):
        raise Surprise("the page names people that are none of the family's business")
    job = _ask(family)
    yield "the parent asks for everything there is about the children"
    archive = _fetch(family, job)
    kinds = sorted({name.rpartition(".")[2] for name in archive.namelist()})
    if not {"json", "pdf", "jpg"} <= set(kinds):
        raise Surprise(f"the archive holds only {kinds}: {archive.namelist()}")
    yield f"and fetches a ZIP of {len(archive.namelist())} files: {', '.join(kinds)}"
    stolen = signed_in(port, "claire").get(_link(family, job), expect=None)
    if stolen.status == 200:
        raise Surprise("somebody else fetched the family's export")
    yield "its link opens for nobody else"


def _a_parent() -> Account:
    return next(
        each
        for each in people()
        if each.url.startswith(f"http://{TILLEULS}.") and "@famille" in each.username
    )


def _choose(teacher: Browser, parent: Account) -> tuple[Page, list[str]]:
    """Return the desk and the teacher's pupils who are this parent's children, and one more."""
    desk = teacher.get("/record/new/")
    choices = desk.form(having="students").choices["students"]
    children = re.split(", | & ", parent.role)[1:]
    theirs = [value for value, name in choices if any(name.startswith(f"{child} ") for child in children)]
    if not theirs:
        raise Surprise(f"none of {children} is in the teacher's class")
    return desk, [*theirs, next(value for value, _ in choices if value not in theirs)]


def _ask(family: Browser) -> Page:
    page = family.get("/exports/")
    form = (
        page.form(having="what")
        if any("what" in form.names for form in page.forms)
        else page.form("/exports/")
    )
    name, choices = next(iter(form.choices.items()))
    return page.submit(having=name, fill={name: next(value for value, _ in choices if value)})


def _fetch(family: Browser, job: Page) -> zipfile.ZipFile:
    url = str(wait_for("the export", lambda: _link(family, job)))
    return zipfile.ZipFile(io.BytesIO(family.get(url).body))


def _link(family: Browser, job: Page) -> str:
    links = [target for target, _ in family.get(job.url).links if "/exports/fetch/" in target]
    return links[0] if links else ""
