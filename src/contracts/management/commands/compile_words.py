"""Compile the words of every language: a step of each installation, as what is compiled isn't kept here."""

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Write a .mo for each .po, beside it or in the folder of `PREAU_LOCALE`."""

    help = "Compile the words of every language; run it after each installation."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Compile them all and say how many."""
        root = Path(settings.BASE_DIR) / "locale"
        found = sorted(root.glob("*/*/LC_MESSAGES/*.po"))
        for source in found:
            target = settings.LOCALES / source.relative_to(root).with_suffix(".mo")
            target.parent.mkdir(parents=True, exist_ok=True)
            with source.open("rb") as file:
                catalogue = read_po(file, locale=source.parents[1].name)
            beside = target.with_suffix(".new")
            with beside.open("wb") as file:
                write_mo(file, catalogue)
            beside.replace(target)
        self.stdout.write(f"{len(found)} catalogues compiled")
