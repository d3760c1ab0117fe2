"""What stories about sub-processors share: what is typed at the desk, who administers a tenant."""

from typing import Any

from django.urls import reverse

from demo.factories.people import person_with
from dpa.models import ChangeNotice, ProcessorChange, ProcessorVersion
from isolation.context import inside, inside_operator
from people.models import Person
from tests.clauses.stage import desk, later, read

PUBLIC = "config.urls_public"
TENANT = "config.urls_tenant"
ROLE = "operator_administrator"
MAILER = {
    "name": "Courrier Exemple",
    "registration": "00000000000000",
    "activity": "Envoi des courriels",
    "categories": ["identification", "contact"],
    "country": "FR",
    "mechanism": "",
    "mechanism_words": "",
    "contract_on": "2026-11-01",
    "gar": "any",
    "gateway": "",
    "planned_on": "2026-11-17",
}


def page(name: str, *args: Any) -> str:
    """Return an address of the console or of the public site."""
    return reverse(f"dpa:{name}", args=args, urlconf=PUBLIC)


def own(name: str, *args: Any) -> str:
    """Return an address of a tenant."""
    return reverse(f"dpa:{name}", args=args, urlconf=TENANT)


def announce(browse: Any, now: Any, version: ProcessorVersion | None = None, **typed: Any) -> ProcessorChange:
    """Announce a change at the desk, as somebody who has seen whom it concerns; its mails leave."""
    where = page("processor_edit", version.pk) if version else page("processor_new")
    browser = desk(browse, now, ROLE)
    assert 'name="planned_on" value="20' in browser.get(where).content.decode()
    read(browser.post(where, MAILER | typed))
    answer = browser.post(where, MAILER | typed | {"confirm": "yes"})
    assert answer.status_code == 302, read(answer)
    with inside_operator():
        return ProcessorChange.objects.select_related("version").latest("announced_at")


def told(clock: Any) -> None:
    """Let the mails leave, and what they start be noted."""
    later(clock, minutes=1)
    later(clock, minutes=2)


def head(browse: Any, tenant: Any, now: Any) -> Any:
    """Return a browser of the tenant's administrator, who has just signed in."""
    who = {"username": f"cheffe.{tenant.slug}", "email": f"cheffe@{tenant.slug}.example"}
    with inside(tenant):
        known = Person.objects.filter(username=who["username"]).first()
        person = known or person_with("administrator", now=now, **who)
    return browse(tenant, person)


def is_pending(change: ProcessorChange) -> bool:
    """Return whether a change has neither started nor was withdrawn."""
    with inside_operator():
        return ProcessorChange.objects.get(pk=change.pk).is_pending


def start(browse: Any, now: Any, change: ProcessorChange) -> str:
    """Return what the desk says when somebody wants to start a change."""
    return read(desk(browse, now, ROLE).post(page("change_start", change.pk), follow=True))


def bounce(browse: Any, now: Any, change: ProcessorChange, tenant: Any) -> None:
    """Note at the desk that a tenant's notice came back."""
    with inside_operator():
        notice = ChangeNotice.objects.get(change=change, tenant_id=tenant.pk, returned_at=None)
    answer = desk(browse, now, ROLE).post(page("change_notice_bounce", notice.pk))
    assert answer.status_code == 302


def objected(browser: Any, change: ProcessorChange) -> str:
    """Return what a tenant's page says after its administrator objected."""
    typed = {"reason": "Nous ne voulons pas de ce prestataire."}
    return read(browser.post(own("change_object", change.pk), typed, follow=True))
