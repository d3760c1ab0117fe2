"""The door to the mail server."""

from hashlib import sha256

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.exceptions import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils import translation

from agenda.registry import Mail, template_of


def send(template: str, mail: Mail, *, key: str) -> None:
    """Render a message in its reader's language and hand it to the mail server.

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
    message.send()
