"""The door to the mail server."""

from copy import copy
from hashlib import sha256
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.exceptions import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils import translation

from agenda.registry import Mail, Written, template_of

LEFT_OUT = "…"
MAIL = "mail"
SMTP = "django.core.mail.backends.smtp.EmailBackend"


def mail_hosts() -> list[str]:
    """Return the mail server this installation speaks to, none where mails stay in a folder."""
    return [settings.EMAIL_HOST] if settings.EMAIL_BACKEND == SMTP else []


def broker_hosts() -> list[str]:
    """Return the broker that wakes the workers, and the cache beside it, by their hosts."""
    places = (settings.CELERY_BROKER_URL, settings.CACHES["default"].get("LOCATION", ""))
    return sorted({host for place in places if (host := urlsplit(place).hostname)})


def rendered(template: str, mail: Mail, *, key: str) -> EmailMultiAlternatives:
    """Return a message in its reader's language, ready to be handed to the mail server.

    The Message-ID is made from `key`, so that a mail handed over twice after a crash is one mail to its
    reader.
    """
    base = template_of(template)
    with translation.override(mail.language):
        subject = " ".join(render_to_string(f"{base}.subject.txt", mail.context).split())
        message = EmailMultiAlternatives(subject, render_to_string(f"{base}.txt", mail.context), to=mail.to)
        try:
            message.attach_alternative(render_to_string(f"{base}.html", mail.context), "text/html")
        except TemplateDoesNotExist as missing:
            if missing.args[0] != f"{base}.html":
                raise
    message.extra_headers = {
        "Message-ID": f"<{sha256(key.encode()).hexdigest()[:32]}@{settings.PUBLIC_HOST}>",
        "Auto-Submitted": "auto-generated",
    }
    for name_, content, mimetype in mail.attachments:
        message.attach(name_, content, mimetype)
    return message


def as_kept(template: str, mail: Mail, message: EmailMultiAlternatives, *, key: str) -> Written | None:
    """Return a message as it is kept, None when it isn't; what lets its reader in is left out of it."""
    if mail.filing is None:
        return None
    kept = copy(message)
    if secret := mail.filing.secret:
        kept.body = str(kept.body).replace(secret, LEFT_OUT)
        kept.alternatives = []
        for content, mimetype in message.alternatives:
            kept.attach_alternative(str(content).replace(secret, LEFT_OUT), mimetype)
    return Written(key, template, mail.to, str(message.subject), kept.message().as_bytes(), mail.filing)
