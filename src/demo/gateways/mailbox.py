"""A mailbox made of files: every mail the demonstration sends, one .eml each, and how to read them again."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage as ReadMessage
from email.parser import BytesParser
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class EmailBackend(BaseEmailBackend):
    """Write mails into settings.MAILBOX_DIR; a Message-ID sent twice is one file."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Return how many mails were written."""
        for message in email_messages:
            _write(message)
        return len(email_messages)


def _write(message: EmailMessage) -> None:
    mime = message.message()
    folder = Path(settings.MAILBOX_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{sha256(str(mime['Message-ID']).encode()).hexdigest()[:24]}.eml"
    new = path.with_suffix(f".{os.getpid()}.new")
    new.write_bytes(mime.as_bytes())
    new.replace(path)


@dataclass(frozen=True, slots=True)
class StoredMail:
    """A mail of the mailbox: when it was written and the message itself."""

    key: str
    written_at: datetime
    message: ReadMessage

    @property
    def to(self) -> str:
        """Return whom it went to."""
        return str(self.message["To"] or "")

    @property
    def subject(self) -> str:
        """Return its subject."""
        return str(self.message["Subject"] or "")

    @property
    def text(self) -> str:
        """Return its plain words."""
        body = self.message.get_body(("plain",))
        return str(body.get_content()) if body else ""

    @property
    def html(self) -> str:
        """Return its HTML, or nothing."""
        body = self.message.get_body(("html",))
        return str(body.get_content()) if body else ""

    @property
    def attachments(self) -> list[str]:
        """Return the names of what is attached."""
        return [part.get_filename() or "" for part in self.message.iter_attachments()]


def mails(limit: int | None = None) -> list[StoredMail]:
    """Return the mails, the newest first."""
    paths = sorted(_paths(), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    return [_read(path) for path in paths[:limit]]


def mail(key: str) -> StoredMail | None:
    """Return one mail, or None."""
    path = Path(settings.MAILBOX_DIR) / f"{key}.eml"
    return _read(path) if path.exists() else None


def _paths() -> Iterator[Path]:
    return Path(settings.MAILBOX_DIR).glob("*.eml")


def _read(path: Path) -> StoredMail:
    message = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
    return StoredMail(path.stem, datetime.fromtimestamp(path.stat().st_mtime, tz=UTC), message)
