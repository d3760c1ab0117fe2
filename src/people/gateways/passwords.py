"""The lists of known passwords, read from disk once, and the rule that Django's forms ask."""

import gzip
import secrets
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from isolation.policy.folding import fold
from people.policy.passwords import MAX_LENGTH, MIN_LENGTH, PASSPHRASE_WORDS, password_problems

_COMMON = Path(password_validation.__file__).parent / "common-passwords.txt.gz"
_BREACHED = Path(__file__).parent / "breached.txt"
_WORDS = Path(__file__).parent / "words.txt"
HELP = gettext_lazy("At least 15 characters, or a passphrase of five words. Nothing that is easily guessed.")


@lru_cache(maxsize=1)
def known_passwords() -> frozenset[str]:
    """Return the common and breached texts, folded; the network is never asked."""
    with gzip.open(_COMMON, "rt", encoding="utf-8") as lines:
        common = {fold(line.strip()) for line in lines}
    lines_here = _BREACHED.read_text(encoding="utf-8").splitlines()
    return frozenset(common | {line for line in lines_here if line and not line.startswith("#")})


def is_known(text: str) -> bool:
    """Return whether a folded text stands in a list of known passwords."""
    return text in known_passwords()


@lru_cache(maxsize=1)
def _words_to_say() -> tuple[str, ...]:
    return tuple(sorted(set(_WORDS.read_text(encoding="utf-8").split())))


def new_passphrase() -> str:
    """Return six words drawn by lot, easy to read out and to type: 47 bits."""
    words = list(_words_to_say())
    drawn: list[str] = []
    while len(drawn) < 6:
        drawn.append(words.pop(secrets.randbelow(len(words))))
    return " ".join(drawn)


class PasswordRule:
    """Django's door to the rule of `people.policy.passwords`, with the words a person reads."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError with every reason to refuse a password."""
        about = [getattr(user, name, None) or "" for name in ("username", "email", "first_name", "last_name")]
        problems = password_problems(password, about=about, is_known=is_known)
        if problems:
            raise ValidationError(
                [ValidationError(_words(problem, len(password)), code=problem) for problem in problems]
            )

    def get_help_text(self) -> str:
        """Return the rule in one sentence."""
        return str(HELP)


def _words(problem: str, length: int) -> str:
    if problem == "short":
        missing = MIN_LENGTH - length
        return ngettext(
            "This password is %(n)d character short of %(min)d. Five words in a row also do.",
            "This password is %(n)d characters short of %(min)d. Five words in a row also do.",
            missing,
        ) % {"n": missing, "min": MIN_LENGTH}
    return {
        "long": _("A password has at most %(max)d characters.") % {"max": MAX_LENGTH},
        "plain": _("This password repeats too few characters. Use more different ones, or %(n)d words.")
        % {"n": PASSPHRASE_WORDS},
        "known": _("This password stands in lists that attackers try first. Choose another one."),
        "personal": _(
            "This password is made of your name or address. Choose something nobody would think of."
        ),
    }[problem]
