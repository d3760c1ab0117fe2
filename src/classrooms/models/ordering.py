"""Names sorted and searched without accents."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db.models import CharField, F, Func


class NameKey(Func):
    """A name without accents or capitals: `élan` sorts beside `Elan`, before `zoé`."""

    function = "public.name_key"
    arity = 1
    output_field = CharField()


class NameLetters(Func):
    """A text's letters as names are found in it: folded, without what may stand between the parts of one."""

    function = "public.name_letters"
    arity = 1
    output_field = CharField()


def names_in(field: str, *, index: str) -> GinIndex:
    """Return the index by which the names in a text are found, in whatever spelling."""
    return GinIndex(OpClass(NameLetters(field), name="public.gin_trgm_ops"), name=index)


def by_name(prefix: str = "") -> tuple[NameKey | F, ...]:
    """Return the order of a list of pupils: last name, first name, then the key so that it never changes."""
    return (NameKey(f"{prefix}last_name"), NameKey(f"{prefix}first_name"), F(f"{prefix}id"))
